"""Reciprocal-rank fusion.

In: ranked lists. Out: for each item a number in 0..1 a list. Must not know what is ranked.
"""

from collections.abc import Hashable, Sequence
from typing import TypeVar

Item = TypeVar("Item", bound=Hashable)


def reciprocal_ranks(ranking: Sequence[Item], smoothing: float) -> dict[Item, float]:
    """1 for the first item, falling as ``(k + 1) / (k + rank)``; an item that comes again keeps its best rank."""
    ranks: dict[Item, float] = {}
    for rank, item in enumerate(ranking, start=1):
        ranks.setdefault(item, (smoothing + 1.0) / (smoothing + rank))
    return ranks
