"""Rows of vectors: float16 blobs under a unit's fingerprint and the model's.

In: a connection in a transaction, the model's fingerprint. Out: float32 arrays whose rows have length 1.
Must not know of files; what is visible comes from the view ``visible_units``.
"""

import sqlite3
import time
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from codekin_server.store.bound import chunks, marks
from codekin_server.store.records import Matrix, Tier, VectorChanges

_WITHOUT_ANY = "NOT EXISTS (SELECT 1 FROM vectors AS v WHERE v.fingerprint = u.fingerprint AND v.model = ?)"
_WITHOUT_TEACHERS = _WITHOUT_ANY.removesuffix(")") + " AND v.tier = 'teacher')"
_LATELY = 3_600_000_000_000
"""Nanoseconds: files changed within the same hour are embedded in path order, which reads each of them once."""


def blob_of(vector: NDArray[np.floating]) -> bytes:
    """A vector, brought to length 1, as little-endian float16.

    Raises:
        ValueError: it is empty, zero, or holds something that is not a number.

    """
    flat = np.asarray(vector, dtype=np.float64).ravel()
    length = float(np.linalg.norm(flat)) if flat.size else 0.0
    if not np.isfinite(length) or length == 0.0:
        raise ValueError("a vector must be of finite length, and not zero")
    return (flat / length).astype("<f2").tobytes()


def matrix_of(blobs: Sequence[bytes]) -> Matrix:
    """Blobs of one width as rows of length 1."""
    if not blobs:
        return np.zeros((0, 0), dtype=np.float32)
    matrix = np.frombuffer(b"".join(blobs), dtype="<f2").reshape(len(blobs), -1).astype(np.float32)
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    return matrix


def put(
    connection: sqlite3.Connection,
    model: str,
    vectors: Iterable[tuple[str, NDArray[np.floating]]],
    tier: Tier = Tier.TEACHER,
) -> int:
    """Store vectors and count them; what a fingerprint had before is replaced under a new key.

    The student's vectors replace nothing.

    Raises:
        ValueError: a vector is no vector, or of another width than those stored for this model.

    """
    rows = [(fingerprint, model, tier.value, blob_of(vector), time.time()) for fingerprint, vector in vectors]
    if not rows:
        return 0
    known = connection.execute("SELECT length(vector) FROM vectors WHERE model = ? LIMIT 1", (model,)).fetchone()
    if len({len(row[3]) for row in rows} | {*(known or ())}) > 1:
        raise ValueError("vectors of one model must all have the same width")
    otherwise = "IGNORE" if tier is Tier.STUDENT else "REPLACE"
    connection.executemany(
        f"INSERT OR {otherwise} INTO vectors (fingerprint, model, tier, vector, stored_at) VALUES (?, ?, ?, ?, ?)", rows
    )
    return len(rows)


def tiers(connection: sqlite3.Connection, model: str, fingerprints: Sequence[str]) -> dict[str, Tier]:
    """Whose vectors are stored of ``fingerprints``."""
    found: dict[str, Tier] = {}
    for some in chunks(fingerprints):
        rows = connection.execute(
            f"SELECT fingerprint, tier FROM vectors WHERE model = ? AND fingerprint IN ({marks(some)})", (model, *some)
        )
        found.update((fingerprint, Tier(tier)) for fingerprint, tier in rows)
    return found


def find(connection: sqlite3.Connection, model: str, fingerprints: Sequence[str]) -> dict[str, NDArray[np.float32]]:
    """The vectors that are stored of ``fingerprints``."""
    found: list[tuple[str, bytes]] = []
    for some in chunks(fingerprints):
        found += connection.execute(
            f"SELECT fingerprint, vector FROM vectors WHERE model = ? AND fingerprint IN ({marks(some)})",
            (model, *some),
        )
    matrix = matrix_of([blob for _, blob in found])
    return {fingerprint: row for (fingerprint, _), row in zip(found, matrix, strict=True)}


def after(connection: sqlite3.Connection, model: str, key: int, epoch: int) -> VectorChanges:
    """What was stored after ``key``, visible or not."""
    rows = connection.execute(
        "SELECT key, fingerprint, vector FROM vectors WHERE key > ? AND model = ? ORDER BY key", (key, model)
    ).fetchall()
    return VectorChanges(epoch, [row[0] for row in rows], [row[1] for row in rows], matrix_of([row[2] for row in rows]))


def keys(connection: sqlite3.Connection, model: str) -> dict[int, str]:
    """The fingerprint under each key."""
    return dict(connection.execute("SELECT key, fingerprint FROM vectors WHERE model = ?", (model,)))


def units_without(connection: sqlite3.Connection, model: str, limit: int, *, overlay: str | None = None) -> list[int]:
    """Ids of visible units whose vector by the teacher is missing, of one session's open documents if asked.

    The files changed last come first, then in path order.
    """
    if overlay is None:
        return _without(connection, model, limit, "TRUE", ())
    return _without(connection, model, limit, "u.session = ?", (overlay,))


def units_without_since(
    connection: sqlite3.Connection, model: str, limit: int, last: int, files: Sequence[str]
) -> list[int]:
    """As :func:`units_without`, of the units after ``last`` and of those in ``files`` only, however many are there."""
    found = _without(connection, model, limit, "u.id > ?", (last,))
    for some in chunks(files):
        found += _without(connection, model, limit, f"u.file IN ({marks(some)})", some)
    return found


def _without(
    connection: sqlite3.Connection, model: str, limit: int, where: str, bound: Sequence[int | str]
) -> list[int]:
    rows = connection.execute(
        "SELECT u.id FROM visible_units AS u LEFT JOIN main.files AS f ON f.session = u.session AND f.path = u.file "
        f"WHERE {where} AND {_WITHOUT_TEACHERS} "
        f"ORDER BY f.mtime_ns / {_LATELY} DESC, u.path, u.start_byte, u.id LIMIT ?",
        (*bound, model, limit),
    )
    return [unit_id for (unit_id,) in rows]


def units_without_any(connection: sqlite3.Connection, model: str, limit: int) -> list[int]:
    """Ids of visible units that have no vector at all, in path order."""
    rows = connection.execute(
        f"SELECT u.id FROM visible_units AS u WHERE {_WITHOUT_ANY} ORDER BY u.path, u.start_byte, u.id LIMIT ?",
        (model, limit),
    )
    return [unit_id for (unit_id,) in rows]


def still_without(connection: sqlite3.Connection, model: str, ids: Sequence[int]) -> list[int]:
    """Those of ``ids`` that are visible and without the teacher's vector, in their order."""
    left: set[int] = set()
    for some in chunks(ids):
        rows = connection.execute(
            f"SELECT u.id FROM visible_units AS u WHERE u.id IN ({marks(some)}) AND {_WITHOUT_TEACHERS}", (*some, model)
        )
        left.update(unit_id for (unit_id,) in rows)
    return [unit_id for unit_id in ids if unit_id in left]


def stored_among(connection: sqlite3.Connection, model: str, fingerprints: Sequence[str]) -> set[str]:
    """Those of ``fingerprints`` that the teacher's vector is stored for."""
    found = tiers(connection, model, fingerprints)
    return {fingerprint for fingerprint, tier in found.items() if tier is Tier.TEACHER}


def used_until_now(connection: sqlite3.Connection, units: Sequence[int]) -> None:
    """Note that the vectors of these units, which are about to go, were in use so far."""
    for some in chunks(units):
        connection.execute(
            "UPDATE vectors SET stored_at = ? "
            f"WHERE fingerprint IN (SELECT fingerprint FROM units WHERE id IN ({marks(some)}))",
            (time.time(), *some),
        )


def forget_unused(connection: sqlite3.Connection, unused_since: float) -> int:
    """Delete vectors, of any model, that no unit of any session uses, nor has used since a time."""
    deleted = connection.execute(
        "DELETE FROM vectors WHERE stored_at < ? AND fingerprint NOT IN (SELECT fingerprint FROM units)",
        (unused_since,),
    )
    return deleted.rowcount


def put_texts(connection: sqlite3.Connection, model: str, vectors: Mapping[str, NDArray[np.float32]]) -> None:
    """Store vectors of plain texts."""
    rows = [(text, model, blob_of(vector)) for text, vector in vectors.items()]
    connection.executemany("INSERT OR REPLACE INTO text_vectors VALUES (?, ?, ?)", rows)


def texts(connection: sqlite3.Connection, model: str) -> dict[str, NDArray[np.float32]]:
    """All vectors of plain texts."""
    rows = connection.execute("SELECT text, vector FROM text_vectors WHERE model = ?", (model,)).fetchall()
    return {text: row for (text, _), row in zip(rows, matrix_of([blob for _, blob in rows]), strict=True)}
