"""What one edit would turn a text into another.

In: the bytes before and after. Out: the smallest single :class:`Edit` between them.
"""

from collections.abc import Callable

from codekin_model.source.span import Edit


def edit_between(old: bytes, new: bytes) -> Edit:
    """The edit that keeps what both begin with and what both end with."""
    shorter = min(len(old), len(new))
    start = _longest(shorter, lambda size: old[:size] == new[:size])
    rest = _longest(shorter - start, lambda size: old[len(old) - size :] == new[len(new) - size :])
    return Edit(start, len(old) - rest, len(new) - rest)


def _longest(limit: int, holds: Callable[[int], bool]) -> int:
    """The greatest size up to ``limit`` for which ``holds``, which is true up to some size and false after it."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low
