"""``FILE:LINE``, and the workspace that a file belongs to.

In: what the user typed. Out: absolute paths. Must not read the files.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import typer

from codekin_server.assist_error import AssistError
from codekin_server.indexes import has_index

_WITH_LINE = re.compile(r"(?P<file>.+):(?P<line>\d+)")


@dataclass(frozen=True, slots=True)
class Target:
    """An absolute path and, where one was given, a 1-based line."""

    path: Path
    line: int | None


def parse_target(text: str, workspace: Path | None) -> Target:
    """Take ``FILE:LINE`` or ``FILE`` apart; a relative FILE stands where you are, or else in the workspace."""
    match = _WITH_LINE.fullmatch(text)
    folders = (Path.cwd(), workspace)
    if match is None or Path(text).exists():
        _refuse_wrong_line(text, folders)
        return Target(find_file(Path(text), folders), None)
    line = int(match["line"])
    if line < 1:
        raise typer.BadParameter(f"lines start at 1, not {line}")
    return Target(find_file(Path(match["file"]), folders), line)


def parse_line_target(text: str, workspace: Path | None) -> tuple[Path, int]:
    """Like :func:`parse_target`, for commands that need the line."""
    target = parse_target(text, workspace)
    if target.line is None:
        raise typer.BadParameter(f"say which line: {text}:LINE")
    return target.path, target.line


def find_folder(folder: Path | None, workspace: Path) -> Path | None:
    """``folder`` where you are, or else in the workspace; None, which is all of it, stays None.

    Raises:
        AssistError: there is none, or it is outside of the workspace.

    """
    if folder is None:
        return None
    found = _first_of(folder, (Path.cwd(), workspace))
    if found is None:
        raise AssistError(f"there is no folder {folder}; give a path from here or from the workspace")
    if not found.is_dir():
        raise AssistError(f"{found} is a file; give a folder")
    if not found.is_relative_to(workspace):
        raise AssistError(f"{found} is not in {workspace}")
    return found


def find_file(file: Path, folders: tuple[Path | None, ...]) -> Path:
    """The first of ``folders`` that holds ``file`` decides.

    Raises:
        AssistError: none does.

    """
    found = _first_of(file, folders)
    if found is None:
        raise AssistError(f"there is no file {file}; give a path from here or from the workspace")
    return found


def _first_of(path: Path, folders: tuple[Path | None, ...]) -> Path | None:
    candidates = [(folder / path.expanduser()).resolve() for folder in folders if folder is not None]
    return next((candidate for candidate in candidates if candidate.exists()), None)


def _refuse_wrong_line(text: str, folders: tuple[Path | None, ...]) -> None:
    """Where all but what follows the last colon is a file, that was meant to be its line."""
    file, _, line = text.rpartition(":")
    if file and _first_of(Path(text), folders) is None and _first_of(Path(file), folders) is not None:
        raise typer.BadParameter(f"'{line}' is no line; give a whole number from 1 up, as in {file}:12")


def indexed_workspace(path: Path) -> Path | None:
    """The nearest folder around ``path`` (or ``path`` itself) that has an index."""
    return next((folder for folder in (path, *path.parents) if has_index(folder)), None)


def workspace_around(folder: Path, chosen: Path | None) -> Path:
    """The workspace that the user chose, or the indexed one around ``folder``, or ``folder`` itself."""
    return chosen.resolve() if chosen is not None else indexed_workspace(folder) or folder


def workspace_of(path: Path, chosen: Path | None) -> Path:
    """The workspace that the user chose, or the indexed one around ``path``, or where they are, or its folder."""
    if chosen is not None:
        return chosen.resolve()
    here = Path.cwd()
    return indexed_workspace(path) or (here if path.is_relative_to(here) else path.parent)
