"""What stands around a function whose name is hidden: functions near it, those beside it, and what company they keep.

In: the functions of a project, those to be named, and vectors. Out: for each its surroundings. No function is its own
neighbour, and none that Python calls by name is one; what is asked with is masked; what is found keeps its name, as in
a user's index.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from functools import cache

import numpy as np

from codekin_model.corpus.function import CorpusFunction, is_dunder
from codekin_model.embedder import Neighbour, Surroundings
from codekin_model.evaluation.held_out import picked
from codekin_model.evaluation.system import VectorSystem
from codekin_model.extraction.company import Companion, Scope, company_of, likely_scopes
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

    With ``seen`` only the functions at these places can be neighbours or company, as if the project held no others.
    """
    if not rows:
        return []
    similarities = vectors.code(picked(project, rows), masked=True) @ vectors.kept_code(project, masked=False).T
    similarities[np.arange(len(rows)), rows] = _FARTHER
    places = range(len(project)) if seen is None else set(seen)
    hidden = [at for at, function in enumerate(project) if at not in places or is_dunder(function.unit.name)]
    similarities[:, hidden] = _FARTHER
    order: list[list[int]] = np.argsort(-similarities, axis=1, kind="stable")[:, :NEIGHBOURS].tolist()
    siblings, company = _siblings(project), _Company(project, places)

    @cache
    def traits(at: int) -> Traits:
        return traits_of(unit_tree(project[at].unit))

    def neighbour(own: Traits, at: int, similarity: float) -> Neighbour:
        return Neighbour(project[at].unit.name, similarity, resemblance(own, traits(at)))

    def around(place: int, row: int) -> Surroundings:
        own, scope = traits(row), _scope(project[row])
        near = ((at, float(similarities[place, at])) for at in order[place])
        mates = frozenset(project[at].unit.name for at in siblings[scope] if at != row)
        return Surroundings(
            tuple(neighbour(own, at, similarity) for at, similarity in near if similarity > _FARTHER),
            mates,
            own,
            company.of(mates, scope),
        )

    return [around(place, row) for place, row in enumerate(rows)]


def _siblings(project: Sequence[CorpusFunction]) -> dict[Scope, list[int]]:
    """The functions of each scope."""
    scopes: defaultdict[Scope, list[int]] = defaultdict(list)
    for at, function in enumerate(project):
        scopes[_scope(function)].append(at)
    return scopes


class _Company:
    """What company names keep in a project of which only the functions at some places are seen."""

    def __init__(self, project: Sequence[CorpusFunction], places: Collection[int]) -> None:
        self._names: defaultdict[Scope, set[str]] = defaultdict(set)
        self._holders: defaultdict[str, set[Scope]] = defaultdict(set)
        for at in places:
            scope, name = _scope(project[at]), project[at].unit.name
            self._names[scope].add(name)
            self._holders[name].add(scope)

    def of(self, mates: frozenset[str], own: Scope) -> tuple[Companion, ...]:
        """Names that stand beside ``mates`` in other scopes than their ``own``."""
        return company_of(mates, likely_scopes(mates, self._holders, own), self._names)


def _scope(function: CorpusFunction) -> Scope:
    return function.path, function.unit.qualified_name.rpartition(".")[0]
