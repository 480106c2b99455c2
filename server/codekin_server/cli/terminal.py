"""The two ends of a command: results on standard output, progress on standard error.

In: plain values and rich text. Out: what the user, or the program that reads the JSON, sees.
"""

import json
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from codekin_server.answers import IndexProgress

_PHASES = {"reading": "Reading files", "embedding": "Embedding units", "naming": "Naming functions"}


def write_json(value: object) -> None:
    """One line of pure JSON; flushed, so that a reader of many lines is never behind."""
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def write_raw(line: str) -> None:
    """One line as it is."""
    sys.stdout.write(f"{line}\n")


def write_line(line: str | Text) -> None:
    """One line of results, however long: a pipe gets it whole."""
    Console(highlight=False).print(line, soft_wrap=True)


@contextmanager
def progress_bar() -> Generator[Callable[[IndexProgress], None]]:
    """A bar on standard error, one row a phase; it is gone when the work is done. None where nobody watches."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    watched = sys.stderr.isatty()  # rich would also draw into a log, where FORCE_COLOR is set
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not watched) as bars:
        rows: dict[str, TaskID] = {}

        def show(progress: IndexProgress) -> None:
            if progress.phase not in rows:
                rows[progress.phase] = bars.add_task(_PHASES.get(progress.phase, progress.phase))
            bars.update(rows[progress.phase], completed=progress.done, total=progress.total)

        yield show
