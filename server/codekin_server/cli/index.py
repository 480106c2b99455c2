"""``codekin index``: read and embed a folder, and say what that came to."""

from pathlib import Path

from codekin_server.answers import IndexAnswer, plain
from codekin_server.assist import Assist
from codekin_server.cli.opening import refresh
from codekin_server.cli.terminal import write_json, write_line

_SHOWN_SKIPPED = 10


def run(path: Path, *, as_json: bool) -> None:
    """Bring the index of ``path`` up to date."""
    with Assist.open(path) as assist:
        answer = refresh(assist)
    if as_json:
        write_json(plain(answer))
    else:
        show(answer)


def show(answer: IndexAnswer) -> None:
    """The counts, and the files that were left out with the reason."""
    write_line(f"{answer.root}: {answer.files:,} files, {answer.units:,} functions, methods, classes and modules")
    write_line(
        f"{answer.files_read:,} files read, {answer.units_embedded:,} units embedded, "
        f"{answer.units_reused:,} reused, in {answer.seconds:.1f} s"
    )
    for skipped in answer.skipped[:_SHOWN_SKIPPED]:
        write_line(f"left out: {skipped.path} ({skipped.reason})")
    if len(answer.skipped) > _SHOWN_SKIPPED:
        write_line(f"left out: {len(answer.skipped) - _SHOWN_SKIPPED} more (--json lists them)")
