"""Search: how soon a description finds its function among all others.

In: vectors of queries and of code, row i of one belonging to row i of the other. Out: ranks and their means.
"""

import numpy as np
from numpy.typing import NDArray

from codekin_model.embedder import Vectors

Figures = NDArray[np.float64]

_BATCH = 512
"""Queries at a time: their scores over all code are what needs memory."""


def ranks(queries: Vectors, code: Vectors) -> NDArray[np.int64]:
    """For each query the 1-based rank of its own function; ties count against it."""
    found: list[NDArray[np.int64]] = []
    for at in range(0, len(queries), _BATCH):
        scores = queries[at : at + _BATCH] @ code.T
        own = scores[np.arange(len(scores)), np.arange(at, at + len(scores))]
        found.append((scores >= own[:, None]).sum(axis=1))
    return np.concatenate(found)


def reciprocal_ranks(queries: Vectors, code: Vectors) -> Figures:
    """1 / rank, a query each; the mean is MRR."""
    return 1.0 / ranks(queries, code)


def pooled_reciprocal_ranks(queries: Vectors, code: Vectors, pool: int, seed: int = 17) -> Figures:
    """1 / rank within random pools of ``pool`` candidates, as CodeSearchNet's protocol has it; the rest is dropped."""
    order = np.random.default_rng(seed).permutation(len(queries))
    pools = [order[at : at + pool] for at in range(0, len(order) - pool + 1, pool)]
    return np.concatenate([reciprocal_ranks(queries[rows], code[rows]) for rows in pools])


def ndcg_at(found: NDArray[np.int64], cut: int) -> Figures:
    """NDCG with one right answer: ``1 / log2(1 + rank)`` where the rank is within ``cut``, else 0."""
    return np.where(found <= cut, 1.0 / np.log2(1.0 + found), 0.0)
