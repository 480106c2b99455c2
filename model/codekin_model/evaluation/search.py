"""Search on held-out packages: the first sentence of a docstring -> its function, docstrings removed.

In: a system and the held-out functions. Out: the rank of each query's function, names visible and masked, among all
functions of the split (undocumented ones too) and in pools of 1,000 documented ones, or of all where there are fewer.
Functions may share a first sentence; only its own function is right, as in CodeSearchNet's protocol.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from codekin_model.corpus.function import CorpusFunction, has_query
from codekin_model.embedder import Vectors
from codekin_model.evaluation.figures import RANKS, Figures, digest_of
from codekin_model.evaluation.held_out import picked, sample
from codekin_model.evaluation.ranks import Figures as PerQuery
from codekin_model.evaluation.ranks import Ranks, pools, ranks_among, ranks_of, reciprocal
from codekin_model.evaluation.system import EvaluationError, SearchSystem

QUERIES = 4000
"""As many queries are asked, unless told otherwise."""
POOL = 1000
"""CodeSearchNet's protocol: the right function among 999 others."""
_AT_A_TIME = 1000
"""Queries whose scores over all functions are in memory: 100 MB at 25,000 functions."""


def search_held_out(
    system: SearchSystem, functions: Sequence[CorpusFunction], limit: int | None = QUERIES
) -> list[Figures]:
    """Four evaluations: names visible and masked, among all functions and in pools.

    Raises:
        EvaluationError: no function has a docstring of three words or more.
    """
    documented = np.array([at for at, function in enumerate(functions) if has_query(function)], np.int64)
    if not len(documented):
        raise EvaluationError("no held-out function has a docstring that could be searched with")
    chosen = sample(range(len(documented)), limit)
    right, pool = documented[chosen], documented[pools(len(documented), POOL)][chosen]
    asked = picked(functions, right.tolist())
    queries = [function.summary or "" for function in asked]
    digest = digest_of([function.unit.fingerprint for function in (*asked, *functions)])
    found: list[Figures] = []
    for masked, names in ((False, "names visible"), (True, "names masked")):
        among_all, pooled = _ranks(system, queries, functions, right, pool, masked=masked)
        for candidates, ranks in (("all functions", among_all), (f"pools of {pool.shape[1]:,}", pooled)):
            title = f"search: {names}, {candidates}"
            found.append(Figures(title, RANKS, digest, {"rank": ranks.astype(np.float64)}))
    return found


def _ranks(
    system: SearchSystem,
    queries: Sequence[str],
    functions: Sequence[CorpusFunction],
    right: Ranks,
    pool: NDArray[np.int64],
    *,
    masked: bool,
) -> tuple[Ranks, Ranks]:
    """Ranks of ``right`` among all functions, and among those of the query's row of ``pool``."""
    among_all: list[Ranks] = []
    pooled: list[Ranks] = []
    for at in range(0, len(queries), _AT_A_TIME):
        chunk = slice(at, at + _AT_A_TIME)
        scores = system.scores(queries[chunk], functions, masked=masked)
        among_all.append(ranks_of(scores, right[chunk]))
        own = scores[np.arange(len(scores)), right[chunk]]
        pooled.append(ranks_among(own, np.take_along_axis(scores, pool[chunk], axis=1)))
    return np.concatenate(among_all), np.concatenate(pooled)


def reciprocal_ranks(queries: Vectors, code: Vectors) -> PerQuery:
    """1 / rank, a query each, row i of ``queries`` asking for row i of ``code``: what training is validated by."""
    own = np.arange(len(queries))
    chunks = (slice(at, at + _AT_A_TIME) for at in range(0, len(queries), _AT_A_TIME))
    return np.concatenate([reciprocal(ranks_of(queries[rows] @ code.T, own[rows])) for rows in chunks])
