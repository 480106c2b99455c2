"""Vectors that are compared one by one.

In: keys with vectors of length 1. Out: keys with cosines, exactly. Grows without copying everything each time.
Not thread-safe.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from codekin_server.store.records import Matrix


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
        kept = ~np.isin(self._keys[: self._used], np.fromiter(keys, dtype=np.int64))
        if kept.all():
            return
        self._keys = self._keys[: self._used][kept]
        self._rows = self._rows[: self._used][kept]
        self._used = len(self._keys)

    def first(self, count: int) -> tuple[list[int], Matrix]:
        """The oldest ``count`` vectors."""
        end = min(count, self._used)
        return self._keys[:end].tolist(), self._rows[:end].copy()

    def search(self, vector: NDArray[np.float32], limit: int) -> list[tuple[int, float]]:
        """The keys nearest to ``vector`` with their cosines, nearest first; ties in the order of keys."""
        if not self._used or limit <= 0:
            return []
        cosines = self._rows[: self._used] @ vector
        best = np.argpartition(-cosines, limit - 1)[:limit] if limit < self._used else np.arange(self._used)
        ordered = best[np.lexsort((self._keys[best], -cosines[best]))]
        return [(int(self._keys[at]), float(cosines[at])) for at in ordered]

    def _make_room(self, count: int, width: int) -> None:
        needed = self._used + count
        if needed <= len(self._keys) and width == self.width:
            return
        room = max(needed, len(self._keys) * 3 // 2)
        keys, rows = np.zeros(room, dtype=np.int64), np.zeros((room, width), dtype=np.float32)
        if self._used:
            keys[: self._used], rows[: self._used] = self._keys[: self._used], self._rows[: self._used]
        self._keys, self._rows = keys, rows
