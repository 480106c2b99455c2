"""The nearest vectors of a store.

In: a vector. Out: fingerprints with cosines. New vectors are compared exactly, all of them; :meth:`maintain` moves them
into a graph once they are too many for that. The graph is a cache: the store is the truth. Thread-safe.
"""

import logging
import math
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from codekin_server.store.graph import Graph, graphs_available
from codekin_server.store.graph_file import GraphStamp, load_graph, save_graph
from codekin_server.store.recent import RecentVectors
from codekin_server.store.records import Matrix
from codekin_server.store.store import Store

_log = logging.getLogger(__name__)

GRAPH_FROM = 50_000
"""Vectors from which on a graph is worth its memory and minutes of building; exact search takes about 10 ms there."""

_CHUNK = 16
"""Vectors linked in while queries wait: some 30 ms in a graph of 100,000."""

_QUIET = 0.25
"""Seconds without a query after which linking goes on."""

_PATIENCE = 2.0
"""Seconds after which it goes on all the same."""

_NEAR = 32
"""Neighbours looked at in a graph for those that are near enough."""

_SPARED = 0.01
"""Share of a graph that may have changed without its being written again: hnswlib lets no thread run meanwhile, .3 s
for 100,000 vectors, and what is not in the file is linked in a second when the index is opened."""


class NearestNeighbours:
    """Finds the stored vectors nearest to one, visible or not; the caller drops what it cannot see."""

    def __init__(self, store: Store, *, graph_from: int = GRAPH_FROM) -> None:
        self._store = store
        self._graph_from = graph_from
        self._lock = threading.Lock()
        self._maintenance = threading.Lock()
        self._fingerprints: dict[int, str] = {}
        self._keys: dict[str, int] = {}
        self._recent = RecentVectors()
        self._graph: Graph | None = None
        self._last_key = 0
        self._epoch = 0
        self._saved: frozenset[int] = frozenset()
        self._asked = 0.0

    @property
    def path(self) -> Path:
        """Where the graph is cached."""
        return self._store.path.with_suffix(".hnsw")

    @property
    def is_exact(self) -> bool:
        """Whether every vector is compared."""
        return self._graph is None

    def __len__(self) -> int:
        """How many vectors can be found."""
        self._refresh()
        return len(self._fingerprints)

    def search(self, vector: NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
        """At most ``limit`` fingerprints and their cosines with ``vector``, nearest first.

        Raises:
            ValueError: ``vector`` is of another width than the model's.
        """
        self._asked = time.monotonic()
        self._refresh()
        with self._lock:
            if not self._fingerprints or limit <= 0:
                return []
            query = np.ascontiguousarray(vector, dtype=np.float32).ravel()
            found = self._recent.search(query, limit)
            if self._graph is not None:
                found = sorted([*found, *self._graph.search(query, limit)], key=lambda each: (-each[1], each[0]))
            return self._named(found[:limit])

    def search_each(self, matrix: Matrix, limit: int) -> list[list[tuple[str, float]]]:
        """As :meth:`search`, for each row of ``matrix``, and quicker than one after the other.

        Raises:
            ValueError: the rows are of another width than the model's.
        """
        self._asked = time.monotonic()
        self._refresh()
        with self._lock:
            if not self._fingerprints or limit <= 0:
                return [[] for _ in matrix]
            queries = np.ascontiguousarray(matrix, dtype=np.float32)
            found = self._with_graphs(self._recent.search_each(queries, limit), queries, limit)
            return [self._named(each[:limit]) for each in found]

    def search_among(
        self, vector: NDArray[np.float32], limit: int, fingerprints: AbstractSet[str]
    ) -> list[tuple[str, float]]:
        """As :meth:`search`, of these fingerprints only, however far down they stand; always exact."""
        self._refresh()
        with self._lock:
            keys = {self._keys[each]: each for each in fingerprints if each in self._keys}
            if not keys or limit <= 0:
                return []
            query = np.ascontiguousarray(vector, dtype=np.float32).ravel()
            found = self._recent.search(query, limit, set(keys))
            if self._graph is not None:
                found = sorted([*found, *self._graph.compare(query, keys.keys())], key=lambda each: (-each[1], each[0]))
            return [(keys[key], cosine) for key, cosine in found[:limit]]

    def within(self, matrix: Matrix, cosine: float) -> list[list[tuple[str, float]]]:
        """For each row the fingerprints at least as near as ``cosine``, nearest first; of a graph's the nearest only.

        Raises:
            ValueError: the rows are of another width than the model's.
        """
        self._refresh()
        with self._lock:
            if not self._fingerprints:
                return [[] for _ in matrix]
            rows = np.ascontiguousarray(matrix, dtype=np.float32)
            found = self._with_graphs(self._recent.within(rows, cosine), rows, _NEAR, cosine)
            return [self._named(each) for each in found]

    def _with_graphs(
        self, found: list[list[tuple[int, float]]], matrix: Matrix, limit: int, least: float = -math.inf
    ) -> list[list[tuple[int, float]]]:
        """What was ``found`` for each row, and what the graph has that is at least so near, nearest first."""
        if self._graph is None:
            return found
        linked = [[each for each in row if each[1] >= least] for row in self._graph.search_each(matrix, limit)]
        both = zip(found, linked, strict=True)
        return [sorted([*one, *other], key=lambda each: (-each[1], each[0])) for one, other in both]

    def _named(self, found: Iterable[tuple[int, float]]) -> list[tuple[str, float]]:
        return [(self._fingerprints[key], cosine) for key, cosine in found if key in self._fingerprints]

    def maintain(self, cancelled: Callable[[], bool] | None = None) -> None:
        """Bring the graph up to date where one is worth having, and save it where much of it has changed.

        Queries go on meanwhile, but for the moment in which hnswlib writes.
        """
        with self._maintenance:
            self._refresh()
            if not graphs_available() or len(self._fingerprints) < self._graph_from:
                return
            if self._graph is None:
                self._take_cached_graph()
            if self._graph is None or len(self._graph.dead) > len(self._graph):
                self._build(cancelled)
            else:
                self._extend(self._graph, cancelled)
            self._save()

    def _refresh(self) -> None:
        """Read what was stored since the last time, and let go of what was taken away."""
        with self._lock:
            changes = self._store.vectors_after(self._last_key)
            if self._epoch not in (0, changes.epoch):
                self._drop(set(self._fingerprints) - set(self._store.vector_keys()))
            self._epoch = changes.epoch
            if not changes.keys:
                return
            self._drop({self._keys[each] for each in changes.fingerprints if each in self._keys})
            self._fingerprints.update(zip(changes.keys, changes.fingerprints, strict=True))
            self._keys.update(zip(changes.fingerprints, changes.keys, strict=True))
            self._recent.add(changes.keys, changes.matrix)
            self._last_key = changes.keys[-1]

    def _drop(self, keys: set[int]) -> None:
        for key in keys:
            del self._keys[self._fingerprints.pop(key)]
        self._recent.remove(keys)
        if self._graph is not None:
            self._graph.remove(keys)

    def _stamp(self) -> GraphStamp:
        return GraphStamp(self._store.identity, self._store.model_fingerprint, self._recent.width)

    def _take_cached_graph(self) -> None:
        graph = load_graph(self.path, self._stamp())
        if graph is None:
            return
        with self._lock:
            self._saved = graph.keys
            graph.remove(graph.keys - self._fingerprints.keys())
            self._recent.remove(set(graph.keys))
            self._graph = graph

    def _build(self, cancelled: Callable[[], bool] | None) -> None:
        """A new graph of everything; it is taken into use when it is whole."""
        self._let_queries_pass()
        keys, matrix = self._everything()
        graph = Graph(matrix.shape[1])
        for start in range(0, len(keys), _CHUNK):
            self._let_queries_pass()
            if cancelled is not None and cancelled():
                return
            graph.add(keys[start : start + _CHUNK], matrix[start : start + _CHUNK])
        with self._lock:
            graph.remove(graph.keys - self._fingerprints.keys())
            self._recent.remove(set(graph.keys))
            self._graph = graph
            self._saved = frozenset()  # the file may hold the same keys, but with all the dead beside them

    def _everything(self) -> tuple[Sequence[int], Matrix]:
        """Keys and vectors, from memory unless a graph holds some of them."""
        with self._lock:
            if self._graph is None:
                return self._recent.first(len(self._recent))
        changes = self._store.vectors_after(0)
        return changes.keys, changes.matrix

    def _extend(self, graph: Graph, cancelled: Callable[[], bool] | None) -> None:
        while cancelled is None or not cancelled():
            self._let_queries_pass()
            with self._lock:
                keys, matrix = self._recent.first(_CHUNK)
                if not keys:
                    return
                graph.add(keys, matrix)
                self._recent.remove(set(keys))

    def _let_queries_pass(self) -> None:
        """Leave the processor to someone who is searching."""
        patience = time.monotonic() + _PATIENCE
        while time.monotonic() < min(patience, self._asked + _QUIET):
            time.sleep(_QUIET / 5)

    def _save(self) -> None:
        with self._lock:
            graph = self._graph
            changed = len(graph.keys ^ self._saved) if graph is not None else 0
            if graph is None or not changed or changed < _SPARED * len(graph):
                return
            stamp = GraphStamp(self._store.identity, self._store.model_fingerprint, graph.width)
        try:
            self._saved = save_graph(graph, self.path, stamp, self._lock)
        except (OSError, RuntimeError) as problem:
            _log.warning("the graph cache %s could not be written: %s", self.path, problem)
