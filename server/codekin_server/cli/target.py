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
    if match is None or Path(text).exists():
        return Target(find_file(Path(text), (Path.cwd(), workspace)), None)
    line = int(match["line"])
    if line < 1:
        raise typer.BadParameter(f"lines start at 1, not {line}")
    return Target(find_file(Path(match["file"]), (Path.cwd(), workspace)), line)


def parse_line_target(text: str, workspace: Path | None) -> tuple[Path, int]:
    """Like :func:`parse_target`, for commands that need the line."""
    target = parse_target(text, workspace)
    if target.line is None:
        raise typer.BadParameter(f"say which line: {text}:LINE")
    return target.path, target.line


def find_file(file: Path, folders: tuple[Path | None, ...]) -> Path:
    """The first of ``folders`` that holds ``file`` decides.

    Raises:
        AssistError: none does.

    """
    candidates = [(folder / file.expanduser()).resolve() for folder in folders if folder is not None]
    for candidate in candidates:
        if candidate.exists():
            return candidate
    raise AssistError(f"there is no file {file}; give a path from here or from the workspace")


def indexed_workspace(path: Path) -> Path | None:
    """The nearest folder around ``path`` (or ``path`` itself) that has an index."""
    return next((folder for folder in (path, *path.parents) if has_index(folder)), None)


def workspace_of(path: Path, chosen: Path | None) -> Path:
    """The workspace that the user chose, or the indexed one around ``path``, or where they are, or its folder."""
    if chosen is not None:
        return chosen.resolve()
    here = Path.cwd()
    return indexed_workspace(path) or (here if path.is_relative_to(here) else path.parent)
