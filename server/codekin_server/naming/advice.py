"""Names for functions: what the model says of the masked function, helped by the names of its kin in the workspace.

In: functions, the names taken around them, ways to look at units and scopes of the workspace. Out: suggestions, best
first. The present name of a function is masked before anything leaves this process for the model, and a function is
never its own neighbour. Must not know of files, editors or syntax trees.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codekin_model.embedder import NameSuggestion, Neighbour, Surroundings
from codekin_model.extracted import extract
from codekin_model.extraction.company import Companion, Scope
from codekin_model.extraction.traits import Traits, resemblance, traits_of
from codekin_model.source.unit import CodeUnit
from codekin_model.source.unit_tree import unit_tree
from codekin_server.naming.indexed_unit import is_itself
from codekin_server.naming.style import fitting, is_dunder
from codekin_server.store.records import UnitRecord
from codekin_server.worker.client import ModelWorker

_NEIGHBOURS = 20
_CANDIDATES = 48
"""Nearest contents looked at for that many neighbours: classes, modules and the function itself are among them."""
_SAME_KIND = 0.02
"""What a neighbour of the same kind may be farther away: a method is named in its class's terms."""
_BATCH = 16
_SPARE = 3
"""Times the limit that the model is asked for, since names that are taken or do not fit are dropped."""


Nearest = Callable[[NDArray[np.float32], int], Sequence[tuple[UnitRecord, float]]]
"""At most so many units of the workspace with the cosines of their vectors to one vector, nearest first."""


Look = Callable[[Sequence[UnitRecord]], Sequence[Traits | None]]
"""The traits of units of the workspace; None where the code is not what the index knows any more."""


CompanyOf = Callable[[Scope, frozenset[str]], Sequence[Companion]]
"""Names that stand beside those of a scope's functions in other scopes of the workspace, best first."""


@dataclass(frozen=True, slots=True)
class NamingRequest:
    """A function, the file it stands in, the names its scope has given away, and those of the functions among them."""

    unit: CodeUnit
    path: str
    taken: Collection[str]
    siblings: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class NameAdviser:
    """Suggests names with one model and one workspace."""

    worker: ModelWorker
    nearest: Nearest
    look: Look
    company: CompanyOf

    def suggest(
        self, requests: Sequence[NamingRequest], limit: int, *, dunders: bool = False
    ) -> list[tuple[NameSuggestion, ...]]:
        """At most ``limit`` names for each request, in their order.

        None for what Python itself calls by name, unless ``dunders`` are asked for.
        """
        nameable = [request for request in requests if dunders or not is_dunder(request.unit.name)]
        found: dict[int, tuple[NameSuggestion, ...]] = {}
        for start in range(0, len(nameable), _BATCH):
            batch = nameable[start : start + _BATCH]
            for request, suggestions in zip(batch, self._batch(batch, limit), strict=True):
                found[id(request)] = fitting(suggestions, request.unit.name, request.taken, limit)
        return [found.get(id(request), ()) for request in requests]

    def nearness(self, unit: CodeUnit, name: str) -> float:
        """How near ``name`` is to a function: the share of authors' names that are farther from theirs."""
        return self.worker.nearness(extract(unit, masked=True), name).result()

    def _batch(self, requests: Sequence[NamingRequest], limit: int) -> Iterator[tuple[NameSuggestion, ...]]:
        masked = [extract(request.unit, masked=True) for request in requests]
        vectors = self.worker.embed_units(masked, urgent=True).result()
        answers = [
            self.worker.suggest_names(unit, self._surroundings(request, vector), limit * _SPARE)
            for request, unit, vector in zip(requests, masked, vectors, strict=True)
        ]
        return (answer.result() for answer in answers)

    def _surroundings(self, request: NamingRequest, vector: NDArray[np.float32]) -> Surroundings:
        own = traits_of(unit_tree(request.unit))
        return Surroundings(self._neighbours(request, own, vector), request.siblings, own, self._company(request))

    def _company(self, request: NamingRequest) -> tuple[Companion, ...]:
        scope = request.path, request.unit.qualified_name.rpartition(".")[0]
        return tuple(self.company(scope, request.siblings)) if request.siblings else ()

    def _neighbours(self, request: NamingRequest, own: Traits, vector: NDArray[np.float32]) -> tuple[Neighbour, ...]:
        unit, path = request.unit, request.path
        candidates = [
            (record, similarity)
            for record, similarity in self.nearest(vector, _CANDIDATES)
            if record.kind.is_function and not is_dunder(record.name) and not is_itself(record, unit, path)
        ]
        candidates.sort(key=lambda each: -(each[1] + _SAME_KIND * (each[0].kind == unit.kind)))
        nearest = sorted(candidates[:_NEIGHBOURS], key=lambda each: -each[1])
        seen = self.look([record for record, _ in nearest])
        return tuple(
            Neighbour(record.name, similarity, resemblance(own, theirs) if theirs is not None else None)
            for (record, similarity), theirs in zip(nearest, seen, strict=True)
        )
