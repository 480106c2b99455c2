"""``codekin similar``: the kin of one function, or of a file of them."""

import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from codekin_server.answers import SimilarAnswer, plain
from codekin_server.assist import Assist
from codekin_server.cli.batch import answer_lines
from codekin_server.cli.opening import current_index, index_around
from codekin_server.cli.results import place_line, result_lines
from codekin_server.cli.target import find_file, parse_line_target, workspace_of
from codekin_server.cli.terminal import write_json, write_line


class TargetLine(msgspec.Struct):
    """One line of ``--targets``; other keys are allowed and ignored."""

    file: str
    line: Annotated[int, msgspec.Meta(ge=1)]


def run(target: str | None, targets: Path | None, path: Path | None, *, limit: int, as_json: bool) -> int:
    """Answer ``target``, or every line of ``targets``."""
    if targets is not None and target is None:
        with index_around(Path.cwd(), path) as assist:
            return answer_lines(targets, TargetLine, lambda line: plain(_similar(assist, line, limit)))
    if target is None or targets is not None:
        raise typer.BadParameter("give either one FILE:LINE, - or --targets FILE.jsonl")
    answer = _similar_to_input(path, limit) if target == "-" else _similar_to_line(target, path, limit)
    if as_json:
        write_json(plain(answer))
    else:
        show(answer)
    return 0


def _similar_to_input(path: Path | None, limit: int) -> SimilarAnswer:
    code = sys.stdin.read()
    with index_around(Path.cwd(), path) as assist:
        return assist.kin.similar_to_code(code, limit)


def _similar_to_line(target: str, path: Path | None, limit: int) -> SimilarAnswer:
    file, line = parse_line_target(target, path)
    with current_index(workspace_of(file, path)) as assist:
        return assist.similar(file, line, limit)


def _similar(assist: Assist, request: TargetLine, limit: int) -> SimilarAnswer:
    """Results are relative to the workspace, so lines of a file are too, before they are relative to where one is."""
    return assist.similar(find_file(Path(request.file), (assist.root, Path.cwd())), request.line, limit)


def show(answer: SimilarAnswer) -> None:
    """The function itself, then its kin, nearest first."""
    if answer.target is not None:
        write_line(place_line(answer.target))
    for line in result_lines(answer.results):
        write_line(line)
    if not answer.results:
        write_line("nothing like it in this workspace")
    if answer.note:
        write_line(answer.note)
