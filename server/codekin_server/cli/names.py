"""``codekin names``: names for one function, a file or a folder.

Neighbours' names come from the index of the workspace: the one that was chosen, the indexed one around the file or
folder, or the folder itself. A file outside any index gets the model's own names only.
"""

from collections.abc import Callable, Iterator, Sequence
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
from codekin_server.settings.project import project_settings
from codekin_server.settings.schema import NamesSettings

_NOTHING = "no functions here"


def run(text: str, path: Path | None, *, limit: int, contradicting: bool, as_json: bool) -> int:
    """Name every function of the target; files of a folder that cannot be read are told and passed over.

    Of functions whose names are not ``contradicting`` their bodies nothing is said where only those are wanted.
    """
    target = parse_target(text, path)
    if target.path.is_dir() and target.line is not None:
        raise typer.BadParameter(f"{target.path} is a folder: a line needs a file, as in FILE:LINE")
    with _workspace(target, path) as assist:
        rules = project_settings(assist.root)[0].names if contradicting else None
        if target.path.is_dir():
            answers, failures = _folder(assist, target.path, lambda file: _named(assist, target, file, limit, rules))
        else:
            answers, failures = _named(assist, target, target.path, limit, rules), 0
    if as_json:
        write_json({"functions": [plain(answer) for answer in answers]})
    else:
        show(answers, "no name here contradicts its body" if contradicting else _NOTHING)
    return FAILED if failures else 0


def _named(
    assist: Assist, target: Target, file: Path, limit: int, rules: NamesSettings | None
) -> Sequence[NamesAnswer]:
    """Names of every function of a file; with ``rules`` of those only that an editor would mark, where it is asked to.

    Raises:
        AssistError: there is nothing to name, for a reason that the user can change.
    """
    marked = None if rules is None else assist.names.hints(file, rules, stopped=lambda: False)
    if marked == () and target.line is None:
        _say_why_none(target)
        return ()
    answers = assist.suggest_names(file, target.line, limit)
    if not answers:
        _say_why_none(target)
    spans = None if marked is None else {hint.name_span for hint in marked}
    return [answer for answer in answers if spans is None or answer.name_span in spans]


def _say_why_none(target: Target) -> None:
    """A file of Python, or a folder, may be without functions; all else was not meant.

    Raises:
        AssistError: the target has no functions for a reason that the user can change.

    """
    if target.path.is_file() and not is_python_text(target.path.name):
        raise AssistError(f"{target.path} is not a Python file; give one, or a folder")
    if target.line is not None:
        raise AssistError(f"there is no function at {target.path}:{target.line}; give a line inside one")


def show(answers: Sequence[NamesAnswer], nothing: str = _NOTHING) -> None:
    """A function a line, or ``nothing``."""
    for line in names_lines(answers):
        write_line(line)
    if not answers:
        write_line(nothing)


def _workspace(target: Target, chosen: Path | None) -> AbstractContextManager[Assist]:
    if target.path.is_dir():
        find_folder(target.path, workspace_around(target.path, chosen))
        return index_around(target.path, chosen)
    return index_of_file(target.path, chosen)


def _folder(
    assist: Assist, folder: Path, name: Callable[[Path], Sequence[NamesAnswer]]
) -> tuple[Sequence[NamesAnswer], int]:
    answers: list[NamesAnswer] = []
    failures = 0
    for file in _with_progress(assist.files(folder)):
        try:
            answers += name(file)
        except AssistError as problem:
            failures += 1
            say(str(problem))
    return answers, failures


def _with_progress(files: Sequence[Path]) -> Iterator[Path]:
    with progress_bar() as progress:
        for done, file in enumerate(files):
            progress(IndexProgress("naming", done, len(files)))
            yield file
