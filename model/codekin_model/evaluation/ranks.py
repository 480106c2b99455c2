"""Ranks: how soon the right function comes among all that were scored.

In: scores, and which function is right for each row. Out: 1-based ranks, and what is made of them: reciprocal rank,
NDCG, recall. One function is right for a query, everywhere here. Must not know what was asked or of what.
"""

import numpy as np
from numpy.typing import NDArray

from codekin_model.evaluation.system import Scores

Ranks = NDArray[np.int64]
"""(queries,): 1 is the best."""
Figures = NDArray[np.float64]
"""(queries,)."""

_SEED = 17


def ranks_of(scores: Scores, right: NDArray[np.int64]) -> Ranks:
    """For each row the rank of column ``right[row]``; ties count against it."""
    return ranks_among(scores[np.arange(len(right)), right], scores)


def ranks_among(own: NDArray[np.float32], scores: Scores) -> Ranks:
    """For each row the rank of the score ``own[row]``, which stands in it too.

    What does not score lower counts against it, so that a score that is no number is the last, never the first.
    """
    return (~(scores < own[:, None])).sum(axis=1).astype(np.int64)


def pools(count: int, size: int) -> NDArray[np.int64]:
    """For each of ``count`` queries, whose right functions are 0 to count - 1, the candidates of its pool.

    Shape (count, size): queries are dealt into pools of ``size`` at random, as in CodeSearchNet's protocol; the last
    pool is filled up with functions of the others, so that every query has as many to contend with. Row i holds i.
    """
    order = np.random.default_rng(_SEED).permutation(count)
    size = min(size, count)
    found = np.empty((count, size), np.int64)
    for at in range(0, count, size):
        pool = order[min(at, count - size) : min(at, count - size) + size]
        found[order[at : at + size]] = pool
    return found


def reciprocal(ranks: Ranks | Figures) -> Figures:
    """1 / rank; the mean is MRR."""
    return 1.0 / ranks


def ndcg_at(ranks: Ranks | Figures, cut: int) -> Figures:
    """NDCG with one right answer: ``1 / log2(1 + rank)`` where the rank is within ``cut``, else 0."""
    return np.where(ranks <= cut, 1.0 / np.log2(1.0 + ranks), 0.0)


def recall_at(ranks: Ranks | Figures, cut: int) -> Figures:
    """1 where the rank is within ``cut``, else 0."""
    return (ranks <= cut).astype(np.float64)
