"""The queue of units that wait for a vector.

In: a connection in a transaction. Out: ids, the same until vectors are stored. Walking the whole index for every batch
would cost more than embedding it, and for every function that is edited more than the edit. So a walk's result is kept,
and checked again before it is used; after a walk that came to the end only what has come to be seen since is looked
for. That nothing waits is remembered until the index changes, since every search asks.
"""

import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import dataclass

from codekin_server.store import vector_rows
from codekin_server.store.bound import chunks, marks
from codekin_server.store.counting import meta_number

_WALK = 4096


@dataclass(frozen=True, slots=True)
class _Seen:
    """How far a walk saw: the ids of units only grow, and what open documents covered was hidden from it."""

    last: int
    covered: frozenset[str]


class Backlog:
    """What one session has to embed for one model."""

    def __init__(self, model: str, session: str) -> None:
        self._model = model
        self._session = session
        self._waiting: list[int] = []
        self._seen: _Seen | None = None
        """None where the kept walk did not come to the end."""
        self._done_at: int | None = None
        self._guard = threading.Lock()

    def first(self, connection: sqlite3.Connection, limit: int) -> list[int]:
        """At most ``limit`` ids, one for each content: open documents first, then in path order."""
        with self._guard:  # what the connection sees is settled by its first query, so nobody in here sees less
            version = meta_number(connection, "version")
            found = self._look(connection, limit) if version != self._done_at else []
            self._done_at = None if found else version
            return found

    def _look(self, connection: sqlite3.Connection, limit: int) -> list[int]:
        opened = vector_rows.units_without(connection, self._model, limit, overlay=self._session)
        self._take_in_new(connection)
        ids = self._distinct(connection, opened + self._from_walk(connection, limit))
        size = max(limit, _WALK)
        while len(ids) < limit and self._seen is None:
            self._walk(connection, size)
            ids = self._distinct(connection, opened + self._waiting)
            size *= 4  # all that was found may be few contents in very many places
        if len(ids) < limit:
            ids = self._distinct(connection, opened + self._from_walk(connection, len(self._waiting)))
        return ids[:limit]

    def _walk(self, connection: sqlite3.Connection, limit: int) -> None:
        self._waiting = vector_rows.units_without(connection, self._model, limit)
        self._seen = self._sight(connection) if len(self._waiting) < limit else None

    def _take_in_new(self, connection: sqlite3.Connection) -> None:
        """Put what has come to be seen since the walk before what is left of it."""
        before, now = self._seen, self._sight(connection)
        if before is None or before == now:
            return
        uncovered = list(before.covered - now.covered)
        fresh = vector_rows.units_without_since(connection, self._model, _WALK, before.last, uncovered)
        self._waiting = list(dict.fromkeys([*fresh, *self._waiting]))
        self._seen = now if len(fresh) < _WALK else None

    def _sight(self, connection: sqlite3.Connection) -> _Seen:
        (last,) = connection.execute("SELECT ifnull(max(id), 0) FROM units").fetchone()
        covered = connection.execute("SELECT path FROM files WHERE session = ?", (self._session,))
        return _Seen(last, frozenset(path for (path,) in covered))

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
