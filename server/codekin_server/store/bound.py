"""Many values in one condition: SQLite binds only so many to a statement.

In: values. Out: parts of them that may be bound at once, and the marks that stand for such a part. Must not know of
tables.
"""

from collections.abc import Iterator, Sequence
from typing import TypeVar

MOST = 500
"""Values bound to one statement; every SQLite allows at least 999, and some are left for the rest of the statement."""

_T = TypeVar("_T")


def chunks(values: Sequence[_T]) -> Iterator[Sequence[_T]]:
    """``values`` in their order, some at a time; none at all where there are none."""
    return (values[start : start + MOST] for start in range(0, len(values), MOST))


def marks(values: Sequence[object]) -> str:
    """What stands for ``values`` between the brackets of an ``IN``."""
    return ",".join("?" * len(values))
