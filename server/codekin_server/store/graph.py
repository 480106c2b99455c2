"""An HNSW graph over vectors: approximate search for workspaces where comparing with all of them takes too long.

In: keys with vectors. Out: keys with cosines. hnswlib is optional: it has no wheels and needs a compiler.
Must not know of the database. Not thread-safe.
"""

import importlib
import importlib.util
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codekin_server.store.records import Matrix

_LINKS = 16
_BUILD_BREADTH = 128
_SEARCH_BREADTH = 96
_ROOM = 4096
"""Elements that a graph grows by when it is full."""


def graphs_available() -> bool:
    """Whether hnswlib is installed."""
    return importlib.util.find_spec("hnswlib") is not None


class UnreadableGraph(ValueError):
    """The file does not hold a graph of this width."""


class Graph:
    """Keys and their vectors of length 1, linked to their neighbours."""

    def __init__(self, width: int, file: Path | None = None, dead: Iterable[int] = ()) -> None:
        """An empty graph, or the one in ``file``, whose bytes the caller knows to be what :meth:`save` wrote.

        ``dead`` are the keys that were dead when it was saved: they are marked in the file, but hnswlib does not say
        which they are.

        Raises:
            UnreadableGraph: ``file`` holds something else all the same.
        """
        self.width = width
        self._index = _new_index(width)
        self._dead = set(dead)
        if file is None:
            self._index.init_index(_ROOM, ef_construction=_BUILD_BREADTH, M=_LINKS, random_seed=17)
        else:
            try:
                self._index.load_index(str(file))
            except RuntimeError as problem:
                raise UnreadableGraph(str(problem)) from problem
        self._keys = {int(key) for key in self._index.get_ids_list()}

    def save(self, path: Path) -> None:
        """Write the graph to ``path``."""
        self._index.save_index(str(path))

    @property
    def keys(self) -> frozenset[int]:
        """The keys that can be found."""
        return frozenset(self._keys - self._dead)

    @property
    def dead(self) -> frozenset[int]:
        """The keys whose vectors were removed, but still take room."""
        return frozenset(self._dead)

    def __len__(self) -> int:
        return len(self._keys) - len(self._dead)

    def add(self, keys: Sequence[int], matrix: Matrix) -> None:
        """Link new vectors in."""
        needed = len(self._keys) + len(keys)
        if needed > self._index.get_max_elements():
            self._index.resize_index(max(needed, self._index.get_max_elements() * 5 // 4) + _ROOM)
        self._index.add_items(matrix, np.asarray(keys, dtype=np.uint64), num_threads=1)
        self._keys.update(keys)
        self._dead.difference_update(keys)

    def remove(self, keys: Iterable[int]) -> None:
        """Never find these again."""
        for key in set(keys) & self._keys - self._dead:
            self._index.mark_deleted(key)
            self._dead.add(key)

    def search(self, vector: NDArray[np.float32], limit: int) -> list[tuple[int, float]]:
        """The keys nearest to ``vector`` with their cosines, nearest first."""
        return self.search_each(vector.reshape(1, -1), limit)[0]

    def search_each(self, matrix: Matrix, limit: int) -> list[list[tuple[int, float]]]:
        """The keys nearest to each row of ``matrix`` with their cosines, nearest first."""
        limit = min(limit, len(self))
        if limit <= 0 or not len(matrix):
            return [[] for _ in matrix]
        self._index.set_ef(max(_SEARCH_BREADTH, 2 * limit))
        labels, distances = self._index.knn_query(matrix, k=limit, num_threads=1)
        found = zip(labels.tolist(), distances.tolist(), strict=True)
        return [[(key, 1.0 - distance) for key, distance in zip(*each, strict=True)] for each in found]

    def compare(self, vector: NDArray[np.float32], keys: Iterable[int]) -> list[tuple[int, float]]:
        """Those of ``keys`` that are here with their exact cosines, in no order."""
        here = [key for key in keys if key in self._keys and key not in self._dead]
        if not here:
            return []
        cosines = np.asarray(self._index.get_items(here), dtype=np.float32) @ vector
        return [(key, float(cosine)) for key, cosine in zip(here, cosines, strict=True)]


def _new_index(width: int) -> Any:  # noqa: ANN401 — hnswlib has no types
    return importlib.import_module("hnswlib").Index(space="ip", dim=width)
