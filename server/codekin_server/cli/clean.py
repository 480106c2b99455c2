"""``codekin clean``: delete indexes."""

from pathlib import Path

import typer

from codekin_server.answers import IndexSummary
from codekin_server.assist_error import AssistError
from codekin_server.cli.failure import FAILED, say
from codekin_server.cli.terminal import write_json, write_line
from codekin_server.indexes import known_indexes, remove_index


def run(path: Path, *, every: bool, yes: bool, as_json: bool) -> int:
    """Delete the index of ``path``, or all of them, after asking."""
    chosen = [each for each in known_indexes() if every or each.workspace == str(path.resolve())]
    if not yes and chosen:
        _ask(chosen)
    removed = [each for each in chosen if _removed(each)]
    if as_json:
        write_json({"removed": [{"workspace": each.workspace, "path": each.path} for each in removed]})
    elif removed:
        write_line(f"removed {_told(removed)}")
    elif not chosen:
        write_line("there is no index to remove" if every else f"there is no index of {path.resolve()}")
    return FAILED if len(removed) < len(chosen) else 0


def _removed(index: IndexSummary) -> bool:
    """Delete one index; what speaks against that is said, and is no reason to keep the others."""
    try:
        remove_index(index)
    except AssistError as problem:
        say(str(problem))
        return False
    return True


def _ask(chosen: list[IndexSummary]) -> None:
    for each in chosen:
        typer.echo(f"  {each.workspace or each.path}", err=True)
    try:
        agreed = typer.confirm(f"Delete {_told(chosen)}?", err=True)
    except typer.Abort:
        agreed = False
    if not agreed:
        raise AssistError("nothing was deleted; --yes deletes without asking")


def _told(chosen: list[IndexSummary]) -> str:
    megabytes = sum(each.megabytes for each in chosen)
    return f"{len(chosen)} index{'es' if len(chosen) != 1 else ''} ({megabytes:.1f} MB)"
