"""Search over one index: words and meaning together.

In: a question, or a vector. Out: hits, best first. Answers from words alone while vectors are missing or the model is
not there; never waits long for it. Safe to share between threads. Must not know of editors or files' contents.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codekin_model.source.unit import UnitKind
from codekin_server.haste import Haste
from codekin_server.search.fusion import reciprocal_ranks
from codekin_server.search.module_vectors import ModuleVectors, QueryEmbedder, result_within
from codekin_server.search.pointed import framed_units, named_units
from codekin_server.search.query import Query, parse_query
from codekin_server.search.ranking import Candidate, Hit, rank
from codekin_server.search.spelling import respelled_query
from codekin_server.search.tiers import with_tiers
from codekin_server.search.weights import SYMBOL, WORDS, RankingWeights
from codekin_server.store.records import UnitRecord
from codekin_server.store.store import Store
from codekin_server.store.unit_filter import EVERY_UNIT, UnitFilter
from codekin_server.store.vector_index import NearestNeighbours

__all__ = ["Hit", "RankedHits", "RankingSettings", "SearchEngine"]

_FAR = 16
"""Times the units asked for that are looked at in vain before the unwanted ones are left out beforehand."""


@dataclass(frozen=True, slots=True)
class RankingSettings:
    """How to rank, and how many seconds to wait for the model before answering without it."""

    words: RankingWeights = WORDS
    symbol: RankingWeights = SYMBOL
    patience: float = 10.0
    module_patience: float = 2.0


@dataclass(frozen=True, slots=True)
class RankedHits:
    """Hits, the question as it was understood, and whether meaning had a part in finding them."""

    query: Query
    hits: tuple[Hit, ...]
    semantic: bool


@dataclass(frozen=True, slots=True)
class _FoundByText:
    """Ids by BM25, best first; the shares of what is quoted, and the ranks of frames, by id; units that are named."""

    lexical: Sequence[int]
    quoted: Mapping[int, float]
    named: Sequence[UnitRecord]
    framed: Mapping[int, float]


class SearchEngine:
    """Answers questions about the visible units of a store."""

    def __init__(
        self, store: Store, worker: QueryEmbedder, nearest: NearestNeighbours, settings: RankingSettings | None = None
    ) -> None:
        self._store = store
        self._worker = worker
        self._nearest = nearest
        self._settings = settings or RankingSettings()
        self._modules = ModuleVectors(store, worker)

    def search(self, query: str, limit: int = 10) -> list[Hit]:
        """At most ``limit`` units that answer ``query``, best first."""
        return list(self.answer(query, limit).hits)

    def answer(
        self,
        query: str,
        limit: int = 10,
        wanted: UnitFilter = EVERY_UNIT,
        *,
        haste: Haste | None = None,
        by_meaning: bool = True,
    ) -> RankedHits:
        """As :meth:`search`, among the wanted units; says whether the model took part, which ``haste`` may forbid."""
        asked = parse_query(query)
        if not asked.text or limit <= 0:
            return RankedHits(asked, (), semantic=False)
        weights = self._settings.symbol if asked.is_symbol else self._settings.words
        embedding = self._worker.embed_queries([asked.text]) if by_meaning and len(self._nearest) else None
        if embedding is not None and haste is not None:
            haste.watch(embedding)
        depth = max(limit, weights.lexical_depth)
        told = _FoundByText(
            lexical=[unit_id for unit_id, _ in self._store.lexical(asked.words, depth, wanted)],
            quoted=self._store.quotations(asked.runs, weights.quoted_depth, wanted) if weights.quoted else {},
            named=named_units(self._store, asked, weights.named_depth, wanted),
            framed=framed_units(self._store, asked, wanted),
        )
        vectors = result_within(embedding, self._settings.patience) if embedding is not None else None
        vector = None if vectors is None else np.ascontiguousarray(vectors[0], dtype=np.float32)
        nearest = [] if vector is None else self._nearest_units(vector, max(limit, weights.semantic_depth), wanted)
        candidates = self._candidates(told, nearest, vector, weights)
        hits = with_tiers(self._store, rank(asked, candidates, limit, weights))
        return RankedHits(asked, tuple(hits), semantic=vector is not None)

    def respelled(self, query: Query) -> str | None:
        """Its text with words of the index in place of unknown ones that are spelled like them; None without any."""
        return respelled_query(query, self._store.respelled)

    def similar(self, vector: NDArray[np.float32], exclude: UnitRecord | None = None, limit: int = 10) -> list[Hit]:
        """Units nearest to ``vector``, scored by cosine; with ``exclude``, not it, and only units of its sort."""
        wanted = limit
        while True:
            found, exhausted = self._nearest_visible(vector, wanted + 1)
            hits = [
                Hit(unit, min(1.0, max(0.0, cosine)), ("semantic",))
                for unit, cosine in found
                if exclude is None or (unit.id != exclude.id and _same_sort(unit.kind, exclude.kind))
            ]
            if len(hits) >= limit or exhausted:
                return with_tiers(self._store, hits[: max(0, limit)])
            wanted *= 2

    def prepare(self, cancelled: Callable[[], bool] | None = None, patience: float = 60.0) -> bool:
        """Do beforehand what queries would otherwise do: embed the modules' names, and see to the vector index."""
        self._nearest.maintain(cancelled)
        return self._modules.prepare(patience, cancelled)

    def _nearest_units(self, vector: NDArray[np.float32], count: int, wanted: UnitFilter) -> list[UnitRecord]:
        """At least ``count`` wanted units, if there are so many, nearest first."""
        looked_at = count
        found, exhausted = self._nearest_visible(vector, looked_at, wanted)
        while len(found) < count and not exhausted:
            looked_at *= 4
            if not wanted.takes_all and looked_at > _FAR * count:
                among = self._store.wanted_fingerprints(wanted)
                return [unit for unit, _ in self._visible(self._nearest.search_among(vector, count, among), wanted)]
            found, exhausted = self._nearest_visible(vector, looked_at, wanted)
        return [unit for unit, _ in found]

    def _nearest_visible(
        self, vector: NDArray[np.float32], count: int, wanted: UnitFilter = EVERY_UNIT
    ) -> tuple[list[tuple[UnitRecord, float]], bool]:
        """Wanted visible units of the ``count`` nearest contents, and whether there are no others."""
        nearest = self._nearest.search(vector, count)
        return self._visible(nearest, wanted), len(nearest) < count

    def _visible(self, nearest: Sequence[tuple[str, float]], wanted: UnitFilter) -> list[tuple[UnitRecord, float]]:
        cosines = dict(nearest)
        order = {fingerprint: at for at, (fingerprint, _) in enumerate(nearest)}
        units = self._store.units_with_fingerprints(order, wanted)
        units.sort(key=lambda unit: order[unit.fingerprint])
        return [(unit, cosines[unit.fingerprint]) for unit in units]

    def _candidates(
        self,
        told: _FoundByText,
        nearest: Sequence[UnitRecord],
        vector: NDArray[np.float32] | None,
        weights: RankingWeights,
    ) -> list[Candidate]:
        by_words = reciprocal_ranks(told.lexical, weights.smoothing)
        by_meaning = reciprocal_ranks([unit.fingerprint for unit in nearest], weights.smoothing)
        by_text = self._store.units([*told.lexical, *told.quoted, *told.framed])
        units = {unit.id: unit for unit in [*by_text, *told.named, *nearest]}
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
                quoted=told.quoted.get(unit.id, 0.0),
                framed=told.framed.get(unit.id, 0.0),
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
