"""How far a training has come, on standard error: a bar where somebody watches, lines where a log is kept.

In: counts and figures. Out: text. Must not know what is trained.
"""

import sys
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn


class Display:
    """Silent where ``shown`` is false, as in all but the first of several processes."""

    def __init__(self, *, shown: bool) -> None:
        self._shown = shown
        self._watched = shown and sys.stderr.isatty()
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        times = (TimeElapsedColumn(), TimeRemainingColumn(), TextColumn("{task.fields[figures]}"))
        console = Console(stderr=True, highlight=False)
        self._bars = Progress(*columns, *times, console=console, transient=True, disable=not self._watched)
        self._bar = self._bars.add_task("", total=None, figures="")

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def step(self, epoch: int, done: int, total: int, figures: Mapping[str, float]) -> None:
        """Move the bar."""
        self._bars.update(
            self._bar, description=f"epoch {epoch + 1}", completed=done, total=total, figures=as_line(figures)
        )

    def note(self, text: str) -> None:
        """One line that stays."""
        if self._watched:
            self._bars.console.print(text, soft_wrap=True, markup=False)
        elif self._shown:
            sys.stderr.write(f"{text}\n")
            sys.stderr.flush()

    def saved(self, epoch: int, done: int, total: int, figures: Mapping[str, float]) -> None:
        """A line for a log, which has no bar; now and then only: whenever the state is saved."""
        if not self._watched:
            self.note(f"epoch {epoch + 1} {done}/{total} {as_line(figures)}")


def as_line(figures: Mapping[str, float]) -> str:
    """Names and values on one line."""
    return " ".join(f"{name} {value:.4g}" for name, value in figures.items())
