"""Rows of files and units.

In: a connection in a transaction. Out: records. ``visible_units`` and ``visible_files`` are views made for each
connection: what is on disk, except where this session has the document open, and then its own text.
Must not know of vectors' values.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from codekin_model.extraction.tokens import LexicalFields, split_words
from codekin_model.source.module import module_name
from codekin_model.source.unit import CodeUnit, UnitKind
from codekin_server.store.records import FileRecord, UnitRecord
from codekin_server.store.test_code import is_test_code

_BOUND = 500
"""Values bound to one statement; every SQLite allows at least 999."""

_COLUMNS = (
    "u.id, u.path, u.module, u.kind, u.name, u.qualified_name, u.start_line, u.end_line, u.start_byte, u.end_byte, "
    "u.name_start, u.name_end, u.fingerprint, u.is_test"
)
SELECT_UNITS = f"SELECT {_COLUMNS} FROM visible_units AS u"

UnitWords = tuple[CodeUnit, LexicalFields]
_Value = TypeVar("_Value", str, int)


def make_views(connection: sqlite3.Connection, session: str) -> None:
    """The visible rows of ``session``, which must be a plain word: views cannot have parameters.

    The ``+`` keeps SQLite from choosing the index over sessions, by which it would walk the whole table.
    """
    for table in ("files", "units"):
        connection.execute(
            f"CREATE TEMP VIEW visible_{table} AS SELECT * FROM main.{table} AS r WHERE +r.session = '{session}' "
            f"OR (+r.session = '' AND +r.path NOT IN (SELECT path FROM main.files WHERE session = '{session}'))"
        )


def unit_record(row: tuple[Any, ...]) -> UnitRecord:
    """The record of a row of :data:`SELECT_UNITS`."""
    unit_id, path, module, kind, *others, is_test = row
    return UnitRecord(unit_id, path, module, UnitKind(kind), *others, is_test=bool(is_test))


def put_file(connection: sqlite3.Connection, record: FileRecord, session: str) -> None:
    """Insert or overwrite a file's record."""
    connection.execute(
        "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?)",
        (record.path, session, record.size, record.mtime_ns, record.digest, record.encoding, record.problem),
    )


def file_records(connection: sqlite3.Connection, session: str) -> Iterator[FileRecord]:
    """The records of one layer: '' is the disk."""
    rows = connection.execute(
        "SELECT path, size, mtime_ns, digest, encoding, problem FROM files WHERE session = ? ORDER BY path", (session,)
    )
    return (FileRecord(*row) for row in rows)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What becomes of a file's rows: the ids that stay (with their units), new units, and ids that go."""

    kept: Sequence[tuple[int, CodeUnit]]
    added: Sequence[UnitWords]
    dropped: Sequence[int]


def replace_units(connection: sqlite3.Connection, path: str, session: str, units: Sequence[UnitWords]) -> None:
    """Make ``units`` the units of a file; a unit that is there already keeps its row and its words."""
    plan = _plan(connection, path, session, units)
    delete_units(connection, plan.dropped)
    for unit_id, unit in plan.kept:
        connection.execute(
            "UPDATE units SET start_line = ?, end_line = ?, start_byte = ?, end_byte = ?, name_start = ?, name_end = ? "
            "WHERE id = ?",
            (*_position(unit), unit_id),
        )
    module = module_name(path)
    for unit, fields in plan.added:
        _insert(connection, path, session, module, unit, fields)


def delete_units(connection: sqlite3.Connection, ids: Iterable[int]) -> None:
    """Delete units and their words."""
    doomed = [(unit_id,) for unit_id in ids]
    connection.executemany("DELETE FROM words WHERE rowid = ?", doomed)
    connection.executemany("DELETE FROM units WHERE id = ?", doomed)


def delete_file(connection: sqlite3.Connection, path: str, session: str) -> bool:
    """Delete one layer of a file; False if it was not there."""
    rows = connection.execute("SELECT id FROM units WHERE path = ? AND session = ?", (path, session)).fetchall()
    delete_units(connection, (unit_id for (unit_id,) in rows))
    deleted = connection.execute("DELETE FROM files WHERE path = ? AND session = ?", (path, session))
    return deleted.rowcount > 0


def delete_session(connection: sqlite3.Connection, session: str) -> bool:
    """Delete everything that a session laid over the disk; False if that was nothing."""
    rows = connection.execute("SELECT id FROM units WHERE session = ?", (session,)).fetchall()
    delete_units(connection, (unit_id for (unit_id,) in rows))
    deleted = connection.execute("DELETE FROM files WHERE session = ?", (session,))
    connection.execute("DELETE FROM sessions WHERE session = ?", (session,))
    return deleted.rowcount > 0


def units_where(connection: sqlite3.Connection, column: str, values: Sequence[_Value]) -> Iterator[UnitRecord]:
    """Visible units whose ``column`` is one of ``values``, in no order."""
    for start in range(0, len(values), _BOUND):
        some = values[start : start + _BOUND]
        marks = ",".join("?" * len(some))
        for row in connection.execute(f"{SELECT_UNITS} WHERE u.{column} IN ({marks})", some):
            yield unit_record(row)


def modules(connection: sqlite3.Connection) -> list[str]:
    """Distinct modules of visible units, sorted."""
    rows = connection.execute("SELECT DISTINCT module FROM visible_units ORDER BY module")
    return [module for (module,) in rows]


def innermost_unit(connection: sqlite3.Connection, path: str, line: int) -> UnitRecord | None:
    """The smallest unit around a line; a module's head only where nothing else is."""
    row = connection.execute(
        f"{SELECT_UNITS} WHERE u.path = ? AND u.start_line <= ? AND u.end_line >= ? "
        "ORDER BY u.kind = 'module', u.end_line - u.start_line, u.start_byte DESC LIMIT 1",
        (path, line, line),
    ).fetchone()
    return None if row is None else unit_record(row)


def _plan(connection: sqlite3.Connection, path: str, session: str, units: Sequence[UnitWords]) -> _Plan:
    present: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    rows = connection.execute(
        "SELECT fingerprint, qualified_name, id FROM units WHERE path = ? AND session = ? ORDER BY start_byte DESC, id",
        (path, session),
    )
    for fingerprint, qualified_name, unit_id in rows:
        present[fingerprint, qualified_name].append(unit_id)
    kept: list[tuple[int, CodeUnit]] = []
    added: list[UnitWords] = []
    for unit, fields in units:
        same = present[unit.fingerprint, unit.qualified_name]
        if same:
            kept.append((same.pop(), unit))
        else:
            added.append((unit, fields))
    return _Plan(kept, added, [unit_id for left in present.values() for unit_id in left])


def _position(unit: CodeUnit) -> tuple[int | None, ...]:
    name = unit.name_span
    ends = (name.start, name.end) if name else (None, None)
    return (unit.start_line, unit.end_line, unit.span.start, unit.span.end, *ends)


def _insert(
    connection: sqlite3.Connection, path: str, session: str, module: str, unit: CodeUnit, fields: LexicalFields
) -> None:
    is_test = is_test_code(path, unit.qualified_name)
    inserted = connection.execute(
        "INSERT INTO units (session, path, module, kind, name, qualified_name, start_line, end_line, start_byte, "
        "end_byte, name_start, name_end, fingerprint, is_test) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            session,
            path,
            module,
            unit.kind.value,
            unit.name,
            unit.qualified_name,
            *_position(unit),
            unit.fingerprint,
            is_test,
        ),
    )
    place = " ".join([*split_words(module), fields.qualified_name])
    connection.execute(
        "INSERT INTO words (rowid, name, qualified_name, docstring, body) VALUES (?, ?, ?, ?, ?)",
        (inserted.lastrowid, fields.name, place, fields.docstring, fields.body),
    )
