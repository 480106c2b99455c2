"""What one edit would turn a text into another.

In: the bytes before and after. Out: the smallest single :class:`Edit` between them.
"""

from collections.abc import Callable

from codekin_model.source.span import Edit


def edit_between(old: bytes, new: bytes) -> Edit:
    """The edit that keeps what both begin with and what both end with."""
    shorter = min(len(old), len(new))
    start = _longest(shorter, lambda low, high: old[low:high] == new[low:high])
    old_end, new_end = len(old), len(new)
    rest = _longest(
        shorter - start, lambda low, high: old[old_end - high : old_end - low] == new[new_end - high : new_end - low]
    )
    return Edit(start, len(old) - rest, len(new) - rest)


def _longest(limit: int, same: Callable[[int, int], bool]) -> int:
    """The greatest size up to ``limit`` of which every part, from one size to another, is ``same``."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if same(low, middle) else (low, middle - 1)
    return low
