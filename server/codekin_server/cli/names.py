"""``codekin names``: names for one function, a file or a folder.

Neighbours' names come from the index of the workspace: the one that was chosen, the indexed one around the file or
folder, or the folder itself. A file outside any index gets the model's own names only.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import typer

from codekin_model.source.cell_path import is_python_text
from codekin_server.answers import IndexProgress, NamesAnswer, plain
from codekin_server.assist import Assist
from codekin_server.assist_error import AssistError
from codekin_server.cli.failure import FAILED, say
from codekin_server.cli.opening import index_around, index_of_file
from codekin_server.cli.results import names_lines
from codekin_server.cli.target import Target, find_folder, parse_target, workspace_around
from codekin_server.cli.terminal import progress_bar, write_json, write_line


def run(text: str, path: Path | None, *, limit: int, as_json: bool) -> int:
    """Name every function of the target; files of a folder that cannot be read are told and passed over."""
    target = parse_target(text, path)
    if target.path.is_dir() and target.line is not None:
        raise typer.BadParameter(f"{target.path} is a folder: a line needs a file, as in FILE:LINE")
    with _workspace(target, path) as assist:
        if target.path.is_dir():
            answers, failures = _folder(assist, target.path, limit)
        else:
            answers, failures = assist.suggest_names(target.path, target.line, limit), 0
    if not answers:
        _say_why_none(target)
    if as_json:
        write_json({"functions": [plain(answer) for answer in answers]})
    else:
        show(answers)
    return FAILED if failures else 0


def _say_why_none(target: Target) -> None:
    """A file of Python, or a folder, may be without functions; all else was not meant.

    Raises:
        AssistError: the target has no functions for a reason that the user can change.

    """
    if target.path.is_file() and not is_python_text(target.path.name):
        raise AssistError(f"{target.path} is not a Python file; give one, or a folder")
    if target.line is not None:
        raise AssistError(f"there is no function at {target.path}:{target.line}; give a line inside one")


def show(answers: Sequence[NamesAnswer]) -> None:
    """A function a line."""
    for line in names_lines(answers):
        write_line(line)
    if not answers:
        write_line("no functions here")


def _workspace(target: Target, chosen: Path | None) -> AbstractContextManager[Assist]:
    if target.path.is_dir():
        find_folder(target.path, workspace_around(target.path, chosen))
        return index_around(target.path, chosen)
    return index_of_file(target.path, chosen)


def _folder(assist: Assist, folder: Path, limit: int) -> tuple[Sequence[NamesAnswer], int]:
    answers: list[NamesAnswer] = []
    failures = 0
    for file in _with_progress(assist.files(folder)):
        try:
            answers += assist.suggest_names(file, None, limit)
        except AssistError as problem:
            failures += 1
            say(str(problem))
    return answers, failures


def _with_progress(files: Sequence[Path]) -> Iterator[Path]:
    with progress_bar() as progress:
        for done, file in enumerate(files):
            progress(IndexProgress("naming", done, len(files)))
            yield file
