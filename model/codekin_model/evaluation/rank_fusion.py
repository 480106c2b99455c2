"""Two searches made one by reciprocal ranks.

In: two systems. Out: their fused scores. Cormack, Clarke and Buettcher 2009, equation 1, with their constant of 60.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from codekin_model.corpus.function import CorpusFunction
from codekin_model.evaluation.system import Scores, SearchSystem, SimilaritySystem

_CONSTANT = 60.0


class _Part(SearchSystem, SimilaritySystem, Protocol):
    """What is fused finds by words and by functions."""


class RankFusion:
    """A :class:`SearchSystem` and a :class:`SimilaritySystem` of two others."""

    def __init__(self, first: _Part, second: _Part) -> None:
        self._parts = (first, second)

    @property
    def parts(self) -> tuple[_Part, _Part]:
        """The two systems."""
        return self._parts

    def scores(self, queries: Sequence[str], functions: Sequence[CorpusFunction], *, masked: bool) -> Scores:
        """Shape (queries, functions)."""
        return _fused(*(part.scores(queries, functions, masked=masked) for part in self._parts))

    def similarities(
        self, asked: Sequence[CorpusFunction], functions: Sequence[CorpusFunction], *, masked: bool
    ) -> Scores:
        """Shape (asked, functions)."""
        return _fused(*(part.similarities(asked, functions, masked=masked) for part in self._parts))


def _fused(first: Scores, second: Scores) -> Scores:
    """Sum of 1 / (60 + rank), row by row: float64 ranks of all rows at once would need too much memory."""
    fused = np.empty_like(first)
    for row in range(len(first)):
        fused[row] = 1 / (_CONSTANT + _ranks(first[row])) + 1 / (_CONSTANT + _ranks(second[row]))
    return fused


def _ranks(scores: NDArray[np.float32]) -> NDArray[np.int64]:
    """From 1; equal scores share the last of their ranks, so that what words do not find gains nothing by chance.

    What is no number would be sorted as the highest of all: it is the lowest.
    """
    known = np.where(np.isnan(scores), -np.inf, scores)
    return len(scores) - np.searchsorted(np.sort(known), known, side="left")
