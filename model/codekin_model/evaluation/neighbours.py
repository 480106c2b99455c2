"""Which functions of the same project stand near a function whose name is hidden.

In: the functions of a project, those to be named, and vectors. Out: for each its nearest neighbours with their names.
No function is its own neighbour; what is asked with is masked; what is found keeps its name, as in a user's index.
"""

from collections.abc import Sequence

import numpy as np

from codekin_model.corpus.function import CorpusFunction
from codekin_model.embedder import Neighbour
from codekin_model.evaluation.held_out import picked
from codekin_model.evaluation.system import VectorSystem

NEIGHBOURS = 20
"""Nearest functions that lend their names."""
_FARTHER = -2.0
"""Than any cosine."""


def neighbours_in(
    project: Sequence[CorpusFunction], rows: Sequence[int], vectors: VectorSystem
) -> list[tuple[Neighbour, ...]]:
    """The neighbours of ``project[row]``, nearest first, for each of ``rows``."""
    if not rows:
        return []
    similarities = vectors.code(picked(project, rows), masked=True) @ vectors.kept_code(project, masked=False).T
    similarities[np.arange(len(rows)), rows] = _FARTHER
    count = min(NEIGHBOURS, len(project) - 1)
    order: list[list[int]] = np.argsort(-similarities, axis=1, kind="stable")[:, :count].tolist()
    return [
        tuple(Neighbour(project[at].unit.name, float(similarities[row, at])) for at in nearest)
        for row, nearest in enumerate(order)
    ]
