"""Near-duplicates among functions: which pairs there are, and which functions belong together.

In: vectors, words of code, thresholds. Out: pairs and groups of positions. Pure. Must not know of stores or files.

Vectors alone would call every getter a copy of every other: what little such functions say, they say in the same words.
So a function counts only from a certain size on, and a pair only if its code shares most of its words. And vectors
alone would miss what was copied and given another name: they hold names and docstrings too. So functions that say the
same but for these are copies whatever their vectors.

Groups are made by complete linkage: in a group every function is a near-duplicate of every other. Connected components
would chain: of ten tests of which each resembles the next, the first and the last have nothing in common any more, and
nobody can make one function of them.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codekin_model.extraction.tokens import split_words

LEAST_LINES = 4
"""A function of fewer lines is a phrase of the language rather than a copy of anything."""

LEAST_WORDS = 14
"""Words of code, repeats counted: a property that returns an attribute has seven."""

LEAST_SHARED = 0.6
"""Share of two functions' words of code that they have in common, from which on they may be copies."""

_BLOCK = 2048
"""Rows compared with each other at a time."""

_AXES = 96
"""Dimensions that pairs are first compared in."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two positions, ``first`` before ``second``, and the cosine of their vectors."""

    first: int
    second: int
    cosine: float


@dataclass(frozen=True, slots=True)
class Group:
    """Positions that are all near-duplicates of each other; ``cosine`` is the least between any two of them."""

    members: tuple[int, ...]
    cosine: float


def is_substantial(lines: int, words: Counter[str]) -> bool:
    """Whether a function is large enough to be a duplicate of another."""
    return lines >= LEAST_LINES and words.total() >= LEAST_WORDS


def share_words(one: Counter[str], other: Counter[str]) -> bool:
    """Whether most of what two functions say is said by both."""
    total = one.total() + other.total()
    return total > 0 and 2 * (one & other).total() / total >= LEAST_SHARED


def said_by(words: Counter[str], name: str) -> frozenset[tuple[str, int]]:
    """What a function says beside its name: equal for functions that are copies under other names.

    ``words`` are those of its code, without its docstring.
    """
    return frozenset((words - Counter(split_words(name))).items())


def near_pairs(matrix: NDArray[np.float32], cosine: float, cancelled: Callable[[], bool] | None = None) -> list[Pair]:
    """All pairs of rows at least as near as ``cosine``, nearest first. Rows have length 1.

    Most pairs are ruled out in the few dimensions in which the rows differ most: what is left of each row stands in one
    more number, so that the product there is never below the true cosine.
    """
    short, pairs = _shortened(matrix), list[Pair]()
    for start in range(0, len(matrix), _BLOCK):
        if cancelled is not None and cancelled():
            break
        block = short[start : start + _BLOCK]
        rows, columns = np.nonzero(block @ short[start:].T >= cosine - _ROUNDING)
        above = columns > rows
        firsts, seconds = start + rows[above], start + columns[above]
        cosines = np.einsum("ij,ij->i", matrix[firsts], matrix[seconds])
        near = cosines >= cosine - _ROUNDING
        pairs += map(Pair, firsts[near].tolist(), seconds[near].tolist(), cosines[near].tolist())
    return sorted(pairs, key=lambda pair: (-pair.cosine, pair.first, pair.second))


_ROUNDING = 1e-5


def _shortened(matrix: NDArray[np.float32]) -> NDArray[np.float32]:
    if matrix.shape[1] <= _AXES:
        return matrix
    _, directions = np.linalg.eigh((matrix.T @ matrix).astype(np.float64))
    inside = matrix @ directions[:, -_AXES:].astype(np.float32)
    left = np.sqrt(np.maximum(0.0, 1.0 - (inside**2).sum(axis=1, keepdims=True)))
    return np.hstack([inside, left], dtype=np.float32)


def grouped(pairs: Sequence[Pair]) -> list[Group]:
    """Groups of two and more, by complete linkage. ``pairs`` come nearest first, and a pair that is missing is far."""
    linkage = _Linkage()
    for pair in pairs:
        linkage.add(pair)
    return linkage.groups()


class _Linkage:
    """Two groups become one as soon as every pair between them has been seen."""

    def __init__(self) -> None:
        self._group_of: dict[int, int] = {}
        self._members: dict[int, list[int]] = {}
        self._least: dict[int, float] = {}
        self._links: dict[int, Counter[int]] = {}

    def add(self, pair: Pair) -> None:
        one, other = self._group(pair.first), self._group(pair.second)
        self._links[one][other] += 1
        self._links[other][one] += 1
        if self._links[one][other] == len(self._members[one]) * len(self._members[other]):
            self._join(one, other, pair.cosine)

    def groups(self) -> list[Group]:
        return [
            Group(tuple(sorted(members)), self._least[group])
            for group, members in self._members.items()
            if len(members) > 1
        ]

    def _group(self, position: int) -> int:
        if position not in self._group_of:
            self._group_of[position] = position
            self._members[position], self._links[position], self._least[position] = [position], Counter(), 1.0
        return self._group_of[position]

    def _join(self, one: int, other: int, cosine: float) -> None:
        kept, gone = (one, other) if len(self._links[one]) >= len(self._links[other]) else (other, one)
        for position in self._members[gone]:
            self._group_of[position] = kept
        self._members[kept] += self._members.pop(gone)
        self._least[kept] = cosine
        del self._least[gone], self._links[kept][gone]
        for third, links in self._links.pop(gone).items():
            if third != kept:
                del self._links[third][gone]
                self._links[third][kept] += links
                self._links[kept][third] += links
