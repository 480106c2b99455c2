"""The queue of units that wait for a vector.

In: a connection in a transaction. Out: ids, the same until vectors are stored. Walking the whole index for every batch
would cost more than embedding it, so the walk's result is kept, and checked again before it is used. That nothing
waits is remembered until the index changes, since every search asks.
"""

import sqlite3
import threading
from collections.abc import Sequence

from codekin_server.store import vector_rows
from codekin_server.store.bound import chunks, marks
from codekin_server.store.counting import meta_number

_WALK = 4096


class Backlog:
    """What one session has to embed for one model."""

    def __init__(self, model: str, session: str) -> None:
        self._model = model
        self._session = session
        self._waiting: list[int] = []
        self._done_at: int | None = None
        self._guard = threading.Lock()

    def first(self, connection: sqlite3.Connection, limit: int) -> list[int]:
        """At most ``limit`` ids, one for each content: open documents first, then in path order."""
        with self._guard:
            version = meta_number(connection, "version")
            found = self._look(connection, limit) if version != self._done_at else []
            self._done_at = None if found else version
            return found

    def _look(self, connection: sqlite3.Connection, limit: int) -> list[int]:
        opened = vector_rows.units_without(connection, self._model, limit, overlay=self._session)
        ids = self._distinct(connection, opened + self._from_walk(connection, limit))
        if len(ids) >= limit:
            return ids[:limit]
        self._waiting = vector_rows.units_without(connection, self._model, max(limit, _WALK))
        return self._distinct(connection, opened + self._waiting)[:limit]

    def _from_walk(self, connection: sqlite3.Connection, limit: int) -> list[int]:
        """The first ids of the kept walk that still wait; those before them are dropped from it."""
        waiting: list[int] = []
        taken = 0
        while len(waiting) < limit and taken < len(self._waiting):
            some = self._waiting[taken : taken + max(limit, 64)]
            waiting += vector_rows.still_without(connection, self._model, some)
            taken += len(some)
        self._waiting = waiting + self._waiting[taken:]
        return waiting

    @staticmethod
    def _distinct(connection: sqlite3.Connection, ids: Sequence[int]) -> list[int]:
        fingerprints: dict[int, str] = {}
        for some in chunks(ids):
            rows = connection.execute(f"SELECT id, fingerprint FROM units WHERE id IN ({marks(some)})", some)
            fingerprints.update(rows)
        first: dict[str, int] = {}
        for unit_id in ids:
            first.setdefault(fingerprints[unit_id], unit_id)
        return list(first.values())
