"""What stands around a function whose name is hidden: the functions near it, and those beside it.

In: the functions of a project, those to be named, and vectors. Out: for each its surroundings. No function is its own
neighbour, and none that Python calls by name is one; what is asked with is masked; what is found keeps its name, as in
a user's index.
"""

from collections import defaultdict
from collections.abc import Sequence
from functools import cache

import numpy as np

from codekin_model.corpus.function import CorpusFunction, is_dunder
from codekin_model.embedder import Neighbour, Surroundings
from codekin_model.evaluation.held_out import picked
from codekin_model.evaluation.system import VectorSystem
from codekin_model.extraction.traits import Traits, resemblance, traits_of
from codekin_model.source.unit_tree import unit_tree

NEIGHBOURS = 20
"""Nearest functions that lend their names."""
_FARTHER = -2.0
"""Than any cosine."""


def surroundings_in(
    project: Sequence[CorpusFunction], rows: Sequence[int], vectors: VectorSystem, seen: Sequence[int] | None = None
) -> list[Surroundings]:
    """The surroundings of ``project[row]``, neighbours nearest first, for each of ``rows``.

    With ``seen`` only the functions at these places can be neighbours, as if the project held no others.
    """
    if not rows:
        return []
    similarities = vectors.code(picked(project, rows), masked=True) @ vectors.kept_code(project, masked=False).T
    similarities[np.arange(len(rows)), rows] = _FARTHER
    places = range(len(project)) if seen is None else set(seen)
    hidden = [at for at, function in enumerate(project) if at not in places or is_dunder(function.unit.name)]
    similarities[:, hidden] = _FARTHER
    order: list[list[int]] = np.argsort(-similarities, axis=1, kind="stable")[:, :NEIGHBOURS].tolist()
    siblings = _siblings(project)

    @cache
    def traits(at: int) -> Traits:
        return traits_of(unit_tree(project[at].unit))

    def neighbour(own: Traits, at: int, similarity: float) -> Neighbour:
        return Neighbour(project[at].unit.name, similarity, resemblance(own, traits(at)))

    return [
        Surroundings(
            tuple(
                neighbour(traits(row), at, float(similarities[place, at]))
                for at in nearest
                if similarities[place, at] > _FARTHER
            ),
            frozenset(project[at].unit.name for at in siblings[_scope(project[row])] if at != row),
            traits(row),
        )
        for place, (row, nearest) in enumerate(zip(rows, order, strict=True))
    ]


def _siblings(project: Sequence[CorpusFunction]) -> dict[tuple[str, str], list[int]]:
    """The functions of each scope."""
    scopes: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for at, function in enumerate(project):
        scopes[_scope(function)].append(at)
    return scopes


def _scope(function: CorpusFunction) -> tuple[str, str]:
    return function.path, function.unit.qualified_name.rpartition(".")[0]
