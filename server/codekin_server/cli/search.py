"""``codekin search``: one description, or a file of them."""

import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
import typer

from codekin_server.answers import SearchAnswer, plain
from codekin_server.answers_kin import SearchFilter, Tests
from codekin_server.cli.batch import answer_lines
from codekin_server.cli.opening import index_around
from codekin_server.cli.results import result_lines
from codekin_server.cli.target import find_folder, workspace_around
from codekin_server.cli.terminal import write_json, write_line


class SearchLine(msgspec.Struct):
    """One line of ``--queries``; other keys are allowed and ignored."""

    query: str


def wanted(folder: Path | None, path: Path | None, kinds: Sequence[str], tests: Tests) -> SearchFilter:
    """What the options ask for; a relative folder stands where you are, or else in the workspace."""
    return SearchFilter(find_folder(folder, workspace_around(Path.cwd(), path)), tuple(kinds), tests)


def run(
    query: str | None, queries: Path | None, path: Path | None, *, wanted: SearchFilter, limit: int, as_json: bool
) -> int:
    """Answer ``query``, or every line of ``queries``, from among what is wanted; the query ``-`` is read from input."""
    if (query is None) == (queries is None):
        raise typer.BadParameter('give either one "QUERY", - or --queries FILE.jsonl')
    if query == "-":
        query = sys.stdin.read()
    with index_around(Path.cwd(), path) as assist:
        if queries is not None:
            return answer_lines(
                queries, SearchLine, lambda line: plain(assist.finding.search(line.query, limit, wanted))
            )
        answer = assist.finding.search(query or "", limit, wanted)
    if as_json:
        write_json(plain(answer))
    else:
        show(answer)
    return 0


def show(answer: SearchAnswer) -> None:
    """A result a line, best first."""
    for line in result_lines(answer.results):
        write_line(line)
    if not answer.results:
        write_line("nothing found")
    if answer.note:
        write_line(answer.note)
