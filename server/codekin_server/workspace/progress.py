"""How far indexing has come, and the word to stop it.

Plain data. Must not know of stores, editors or terminals.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """What is being done: files are read into the index, or units get their vectors, the student's first."""

    READING = "reading"
    SKETCHING = "sketching"
    EMBEDDING = "embedding"


@dataclass(frozen=True, slots=True)
class IndexProgress:
    """``done`` of ``total`` files or units; ``path`` is where the work is, relative to the workspace."""

    stage: Stage
    done: int
    total: int
    path: str


OnProgress = Callable[[IndexProgress], None]
IsCancelled = Callable[[], bool]
"""Once it says True it never says False again."""


def unobserved(_: IndexProgress) -> None:
    """For callers that do not watch."""


def never() -> bool:
    """For callers that do not cancel."""
    return False
