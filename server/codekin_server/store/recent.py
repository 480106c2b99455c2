"""Vectors that are compared one by one.

In: keys with vectors of length 1. Out: keys with cosines, exactly. Grows without copying everything each time.
Not thread-safe.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

import numpy as np
from numpy.typing import NDArray

from codekin_server.store.records import Matrix

_AT_ONCE = 64
"""Rows compared with all vectors at a time: 25 MB of cosines where there are 100,000."""


class RecentVectors:
    """A growing matrix of vectors with their keys."""

    def __init__(self) -> None:
        self._keys: NDArray[np.int64] = np.zeros(0, dtype=np.int64)
        self._rows: Matrix = np.zeros((0, 0), dtype=np.float32)
        self._used = 0

    def __len__(self) -> int:
        return self._used

    @property
    def width(self) -> int:
        """Length of a vector; 0 before the first."""
        return self._rows.shape[1]

    def add(self, keys: Sequence[int], matrix: Matrix) -> None:
        """Take in new vectors."""
        self._make_room(len(keys), matrix.shape[1])
        end = self._used + len(keys)
        self._keys[self._used : end] = keys
        self._rows[self._used : end] = matrix
        self._used = end

    def remove(self, keys: set[int]) -> None:
        """Let go of these keys; those that are not here do not matter."""
        if not keys or not self._used:
            return
        gone = np.isin(self._keys[: self._used], np.fromiter(keys, dtype=np.int64))
        left = self._used - int(gone.sum())
        # the last ones move into the holes: a teacher's batch replaces a few of very many
        holes, movable = np.flatnonzero(gone[:left]), left + np.flatnonzero(~gone[left:])
        self._keys[holes], self._rows[holes] = self._keys[movable], self._rows[movable]
        self._used = left

    def first(self, count: int) -> tuple[list[int], Matrix]:
        """Any ``count`` vectors."""
        end = min(count, self._used)
        return self._keys[:end].tolist(), self._rows[:end].copy()

    def search(
        self, vector: NDArray[np.float32], limit: int, among: AbstractSet[int] | None = None
    ) -> list[tuple[int, float]]:
        """The keys nearest to ``vector`` with their cosines, nearest first; ties in the order of keys."""
        if not self._used or limit <= 0:
            return []
        keys, rows = self._keys[: self._used], self._rows[: self._used]
        if among is not None:
            wanted = np.flatnonzero(np.isin(keys, np.fromiter(among, dtype=np.int64)))
            keys, rows = keys[wanted], rows[wanted]
        return _nearest(keys, rows @ vector, limit)

    def search_each(self, matrix: Matrix, limit: int) -> list[list[tuple[int, float]]]:
        """As :meth:`search`, for each row of ``matrix``: the vectors are read from memory once for many rows."""
        if not self._used or limit <= 0:
            return [[] for _ in matrix]
        keys, rows = self._keys[: self._used], self._rows[: self._used]
        found: list[list[tuple[int, float]]] = []
        for start in range(0, len(matrix), _AT_ONCE):
            cosines = matrix[start : start + _AT_ONCE] @ rows.T
            found += [_nearest(keys, each, limit) for each in cosines]
        return found

    def within(self, matrix: Matrix, cosine: float) -> list[list[tuple[int, float]]]:
        """For each row of ``matrix`` the keys at least as near as ``cosine``, nearest first."""
        if not self._used or not len(matrix):
            return [[] for _ in matrix]
        cosines = matrix @ self._rows[: self._used].T
        found: list[list[tuple[int, float]]] = []
        for row in cosines:
            near = np.flatnonzero(row >= cosine)
            ordered = near[np.lexsort((self._keys[near], -row[near]))]
            found.append([(int(self._keys[at]), float(row[at])) for at in ordered])
        return found

    def _make_room(self, count: int, width: int) -> None:
        needed = self._used + count
        if needed <= len(self._keys) and width == self.width:
            return
        room = max(needed, len(self._keys) * 3 // 2)
        keys, rows = np.zeros(room, dtype=np.int64), np.zeros((room, width), dtype=np.float32)
        if self._used:
            keys[: self._used], rows[: self._used] = self._keys[: self._used], self._rows[: self._used]
        self._keys, self._rows = keys, rows


def _nearest(keys: NDArray[np.int64], cosines: NDArray[np.float32], limit: int) -> list[tuple[int, float]]:
    best = np.argpartition(-cosines, limit - 1)[:limit] if limit < len(keys) else np.arange(len(keys))
    ordered = best[np.lexsort((keys[best], -cosines[best]))]
    return [(int(keys[at]), float(cosines[at])) for at in ordered]
