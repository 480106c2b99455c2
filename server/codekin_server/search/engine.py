"""Search over one index: words and meaning together.

In: a question, or a vector. Out: hits, best first. Answers from words alone while vectors are missing or the model is
not there; never waits long for it. Safe to share between threads. Must not know of editors or files' contents.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codekin_model.source.unit import UnitKind
from codekin_server.search.fusion import reciprocal_ranks
from codekin_server.search.module_vectors import ModuleVectors, QueryEmbedder, result_within
from codekin_server.search.query import parse_query
from codekin_server.search.ranking import Candidate, Hit, rank
from codekin_server.search.weights import SYMBOL, WORDS, RankingWeights
from codekin_server.store.records import UnitRecord
from codekin_server.store.store import Store
from codekin_server.store.vector_index import NearestNeighbours

__all__ = ["Hit", "RankedHits", "SearchEngine", "SearchSettings"]


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """How to rank, and how many seconds to wait for the model before answering without it."""

    words: RankingWeights = WORDS
    symbol: RankingWeights = SYMBOL
    patience: float = 10.0
    module_patience: float = 2.0


@dataclass(frozen=True, slots=True)
class RankedHits:
    """Hits, and whether meaning had a part in finding them."""

    hits: tuple[Hit, ...]
    semantic: bool


class SearchEngine:
    """Answers questions about the visible units of a store."""

    def __init__(
        self, store: Store, worker: QueryEmbedder, nearest: NearestNeighbours, settings: SearchSettings | None = None
    ) -> None:
        self._store = store
        self._worker = worker
        self._nearest = nearest
        self._settings = settings or SearchSettings()
        self._modules = ModuleVectors(store, worker)

    def search(self, query: str, limit: int = 10) -> list[Hit]:
        """At most ``limit`` units that answer ``query``, best first."""
        return list(self.answer(query, limit).hits)

    def answer(self, query: str, limit: int = 10) -> RankedHits:
        """As :meth:`search`, and says whether the model took part."""
        asked = parse_query(query)
        if not asked.text or limit <= 0:
            return RankedHits((), semantic=False)
        weights = self._settings.symbol if asked.is_symbol else self._settings.words
        embedding = self._worker.embed_queries([asked.text]) if len(self._nearest) else None
        lexical = [unit_id for unit_id, _ in self._store.lexical(asked.words, max(limit, weights.lexical_depth))]
        vectors = result_within(embedding, self._settings.patience) if embedding is not None else None
        vector = None if vectors is None else np.ascontiguousarray(vectors[0], dtype=np.float32)
        nearest = [] if vector is None else self._nearest_units(vector, max(limit, weights.semantic_depth))
        candidates = self._candidates(lexical, nearest, vector, weights)
        return RankedHits(tuple(rank(asked, candidates, limit, weights)), semantic=vector is not None)

    def similar(self, vector: NDArray[np.float32], exclude: UnitRecord | None = None, limit: int = 10) -> list[Hit]:
        """Units nearest to ``vector`` by cosine alone; with ``exclude``, not it, and only what is like it in kind."""
        wanted = limit
        while True:
            found, exhausted = self._nearest_visible(vector, wanted + 1)
            hits = [
                Hit(unit, min(1.0, max(0.0, cosine)), ("semantic",))
                for unit, cosine in found
                if exclude is None or (unit.id != exclude.id and _same_sort(unit.kind, exclude.kind))
            ]
            if len(hits) >= limit or exhausted:
                return hits[: max(0, limit)]
            wanted *= 2

    def prepare(self, cancelled: Callable[[], bool] | None = None, patience: float = 60.0) -> bool:
        """Do beforehand what queries would otherwise do: embed the modules' names, and see to the vector index."""
        self._nearest.maintain(cancelled)
        return self._modules.prepare(patience, cancelled)

    def _nearest_units(self, vector: NDArray[np.float32], count: int) -> list[UnitRecord]:
        found, exhausted = self._nearest_visible(vector, count)
        while len(found) < count and not exhausted:
            found, exhausted = self._nearest_visible(vector, 4 * count)
            count *= 4
        return [unit for unit, _ in found]

    def _nearest_visible(self, vector: NDArray[np.float32], count: int) -> tuple[list[tuple[UnitRecord, float]], bool]:
        """Visible units of the ``count`` nearest contents, and whether there are no others."""
        nearest = self._nearest.search(vector, count)
        cosines = dict(nearest)
        order = {fingerprint: at for at, (fingerprint, _) in enumerate(nearest)}
        units = self._store.units_with_fingerprints(order)
        units.sort(key=lambda unit: order[unit.fingerprint])
        return [(unit, cosines[unit.fingerprint]) for unit in units], len(nearest) < count

    def _candidates(
        self,
        lexical: Sequence[int],
        nearest: Sequence[UnitRecord],
        vector: NDArray[np.float32] | None,
        weights: RankingWeights,
    ) -> list[Candidate]:
        by_words = reciprocal_ranks(lexical, weights.smoothing)
        by_meaning = reciprocal_ranks([unit.fingerprint for unit in nearest], weights.smoothing)
        units = {unit.id: unit for unit in [*self._store.units(lexical), *nearest]}
        vectors = {} if vector is None else self._store.vectors_of(unit.fingerprint for unit in units.values())
        modules = self._module_cosines(vector, units.values())
        return [
            Candidate(
                unit=unit,
                lexical=by_words.get(unit.id, 0.0),
                semantic=by_meaning.get(unit.fingerprint, 0.0),
                vector=(own := vectors.get(unit.fingerprint)),
                cosine=None if own is None or vector is None else float(own @ vector),
                module_cosine=modules.get(unit.module),
            )
            for unit in units.values()
        ]

    def _module_cosines(self, vector: NDArray[np.float32] | None, units: Iterable[UnitRecord]) -> dict[str, float]:
        if vector is None:
            return {}
        return self._modules.cosines(vector, (unit.module for unit in units), self._settings.module_patience)


def _same_sort(kind: UnitKind, other: UnitKind) -> bool:
    """Functions of every kind are alike, classes are, modules are."""
    return kind is other or (kind.is_function and other.is_function)
