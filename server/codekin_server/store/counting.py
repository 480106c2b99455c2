"""Numbers about an index.

In: a connection in a transaction. Out: counts of what one session sees, and the counters kept in ``meta``.
"""

import sqlite3
import time

from codekin_server.store.records import StoreCounts

_HOLDS = 0.5
"""Seconds."""

_UNITS = """
    SELECT ifnull(sum(places), 0), count(*), count(tier), count(CASE tier WHEN 'student' THEN 1 END)
    FROM (SELECT count(*) AS places, v.tier
        FROM visible_units AS u LEFT JOIN vectors AS v ON v.fingerprint = u.fingerprint AND v.model = ?
        GROUP BY u.fingerprint)"""
"""Grouped in the order of an index: counting distinct values takes SQLite twice as long."""


def counts(connection: sqlite3.Connection, session: str, model: str) -> StoreCounts:
    """What ``session`` sees."""
    files, skipped = connection.execute("SELECT count(*), count(problem) FROM visible_files").fetchone()
    open_documents = connection.execute("SELECT count(*) FROM files WHERE session = ?", (session,)).fetchone()[0]
    units, distinct, vectors, by_student = connection.execute(_UNITS, (model,)).fetchone()
    return StoreCounts(
        files=files - skipped,
        skipped_files=skipped,
        open_documents=open_documents,
        units=units,
        vectors=vectors - by_student,
        vectors_missing=distinct - vectors + by_student,
        by_student=by_student,
    )


class RecentCounts:
    """The last counts of one session, until the index changes."""

    def __init__(self) -> None:
        self._last: tuple[int, float, StoreCounts] | None = None

    def of(self, connection: sqlite3.Connection, session: str, model: str, *, lately: bool) -> StoreCounts:
        """What ``session`` sees; ``lately``: or saw half a second ago, while vectors were missing."""
        version, now, last = meta_number(connection, "version"), time.monotonic(), self._last
        if last is not None and version == last[0]:
            return last[2]
        if last is not None and lately and last[2].vectors_missing and now - last[1] < _HOLDS:
            return last[2]
        found = counts(connection, session, model)
        self._last = version, now, found
        return found


def meta_number(connection: sqlite3.Connection, key: str) -> int:
    """A counter."""
    return int(connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()[0])
