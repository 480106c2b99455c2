"""Rows of files and units.

In: a connection in a transaction. Out: records. ``visible_units`` and ``visible_files`` are views made for each
connection: what is on disk, except where this session has the document open, and then its own text.
Must not know of vectors' values.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import sub
from typing import Any, TypeVar

from codekin_model.extraction.tokens import LexicalFields, lexical_fields, split_words
from codekin_model.source.module import module_name
from codekin_model.source.unit import CodeUnit, UnitKind
from codekin_server.store import vector_rows
from codekin_server.store.bound import chunks, marks
from codekin_server.store.records import FileRecord, UnitRecord
from codekin_server.store.test_code import is_test_code
from codekin_server.store.unit_filter import EVERY_UNIT, UnitFilter, condition

_COLUMNS = (
    "u.id, u.path, u.module, u.kind, u.name, u.qualified_name, u.start_line, u.end_line, u.start_byte, u.end_byte, "
    "u.name_start, u.name_end, u.fingerprint, u.is_test"
)
_MOVE = ", ".join(
    f"{column} = {column} + ?"
    for column in ("start_line", "end_line", "start_byte", "end_byte", "name_start", "name_end")
)
SELECT_UNITS = f"SELECT {_COLUMNS} FROM visible_units AS u"

_Place = tuple[int, ...]
"""Lines, bytes and bytes of the name; 0 where there is no name, which the tables have as NULL."""
_Value = TypeVar("_Value", str, int)


def make_views(connection: sqlite3.Connection, session: str) -> None:
    """The visible rows of ``session``, which must be a plain word: views cannot have parameters.

    The ``+`` keeps SQLite from choosing the index over sessions, by which it would walk the whole table.
    """
    for table, file in (("files", "path"), ("units", "file")):
        connection.execute(
            f"CREATE TEMP VIEW visible_{table} AS SELECT * FROM main.{table} AS r WHERE +r.session = '{session}' "
            f"OR (+r.session = '' AND +r.{file} NOT IN (SELECT path FROM main.files WHERE session = '{session}'))"
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


def file_records(connection: sqlite3.Connection) -> Iterator[FileRecord]:
    """The records of the files on disk."""
    rows = connection.execute(
        "SELECT path, size, mtime_ns, digest, encoding, problem FROM files WHERE session = '' ORDER BY path"
    )
    return (FileRecord(*row) for row in rows)


def files_below(connection: sqlite3.Connection, folder: str) -> list[str]:
    """The paths on disk that begin with ``folder`` and a slash, after which ``0`` is the next character."""
    rows = connection.execute(
        "SELECT path FROM files WHERE session = '' AND path > ? AND path < ?", (f"{folder}/", f"{folder}0")
    )
    return [path for (path,) in rows]


@dataclass(frozen=True, slots=True)
class _Plan:
    """What becomes of a file's rows: ids that stay but move, by how far; new units; and ids that go."""

    moved: Mapping[_Place, Sequence[int]]
    added: Sequence[tuple[str, CodeUnit]]
    dropped: Sequence[int]


@dataclass(frozen=True, slots=True)
class _Owner:
    """Whose unit a row is."""

    session: str
    file: str
    path: str
    module: str


def replace_units(
    connection: sqlite3.Connection, file: str, session: str, units: Mapping[str, Sequence[CodeUnit]]
) -> None:
    """Make ``units``, by path, those of a file: its own, or its cells'; one that is there already keeps its row."""
    plan = _plan(connection, file, session, units)
    delete_units(connection, plan.dropped)
    for distance, ids in plan.moved.items():
        _move(connection, ids, distance)
    module = module_name(file)
    module_words = " ".join(split_words(module))
    for path, unit in plan.added:
        unit_id = _insert_unit(connection, _Owner(session, file, path, module), unit)
        _insert_words(connection, unit_id, module_words, lexical_fields(unit))


def delete_units(connection: sqlite3.Connection, ids: Iterable[int]) -> None:
    """Delete units and their words; their vectors stay, and are kept as long as if they had been stored now."""
    doomed = list(ids)
    vector_rows.used_until_now(connection, doomed)
    connection.executemany("DELETE FROM words WHERE rowid = ?", zip(doomed))
    connection.executemany("DELETE FROM units WHERE id = ?", zip(doomed))


def delete_file(connection: sqlite3.Connection, path: str, session: str) -> bool:
    """Delete one layer of a file; False if it was not there."""
    rows = connection.execute("SELECT id FROM units WHERE file = ? AND session = ?", (path, session)).fetchall()
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


def units_where(
    connection: sqlite3.Connection, column: str, values: Sequence[_Value], wanted: UnitFilter = EVERY_UNIT
) -> Iterator[UnitRecord]:
    """Wanted visible units whose ``column`` is one of ``values``, in no order."""
    also, bound = condition(wanted)
    for some in chunks(values):
        where = f"u.{column} IN ({marks(some)}) AND {also}"
        for row in connection.execute(f"{SELECT_UNITS} WHERE {where}", (*some, *bound)):
            yield unit_record(row)


def modules(connection: sqlite3.Connection) -> list[str]:
    """Distinct modules of visible units, sorted; a file is of one module, so that one unit of each is looked at."""
    one_each = "SELECT min(id) FROM visible_units GROUP BY file"
    rows = connection.execute(f"SELECT DISTINCT module FROM units WHERE id IN ({one_each}) ORDER BY module")
    return [module for (module,) in rows]


def _plan(connection: sqlite3.Connection, file: str, session: str, units: Mapping[str, Sequence[CodeUnit]]) -> _Plan:
    present: defaultdict[tuple[str, str, str], list[tuple[int, ...]]] = defaultdict(list)
    rows = connection.execute(
        "SELECT path, fingerprint, qualified_name, start_line, end_line, start_byte, end_byte, ifnull(name_start, 0), "
        "ifnull(name_end, 0), id FROM units WHERE file = ? AND session = ? ORDER BY id DESC",
        (file, session),
    )
    for row in rows:
        present[row[:3]].append(row[3:])
    moved: defaultdict[_Place, list[int]] = defaultdict(list)
    added: list[tuple[str, CodeUnit]] = []
    for path, unit in ((path, unit) for path, those in units.items() for unit in those):
        same = present.get((path, unit.fingerprint, unit.qualified_name))
        if not same:
            added.append((path, unit))
            continue
        before = same.pop()
        distance = tuple(map(sub, _place(unit), before))
        if any(distance):
            moved[distance].append(before[-1])
    return _Plan(moved, added, [row[-1] for left in present.values() for row in left])


def _place(unit: CodeUnit) -> _Place:
    name = unit.name_span
    ends = (name.start, name.end) if name else (0, 0)
    return (unit.start_line, unit.end_line, unit.span.start, unit.span.end, *ends)


def _move(connection: sqlite3.Connection, ids: Sequence[int], distance: _Place) -> None:
    """All that stands below an edit moves alike, so one statement does for hundreds of rows."""
    for some in chunks(ids):
        connection.execute(f"UPDATE units SET {_MOVE} WHERE id IN ({marks(some)})", (*distance, *some))


def _insert_unit(connection: sqlite3.Connection, owner: _Owner, unit: CodeUnit) -> int | None:
    is_test = is_test_code(owner.file, unit.qualified_name)
    kind, name, qualified_name = unit.kind.value, unit.name, unit.qualified_name
    inserted = connection.execute(
        "INSERT INTO units (session, file, path, module, kind, name, qualified_name, fingerprint, is_test, start_line, "
        "end_line, start_byte, end_byte, name_start, name_end) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, nullif(?, 0), nullif(?, 0))",
        (
            *(owner.session, owner.file, owner.path, owner.module),
            *(kind, name, qualified_name, unit.fingerprint, is_test),
            *_place(unit),
        ),
    )
    return inserted.lastrowid


def _insert_words(
    connection: sqlite3.Connection, unit_id: int | None, module_words: str, fields: LexicalFields
) -> None:
    place = f"{module_words} {fields.qualified_name}".strip()
    connection.execute(
        "INSERT INTO words (rowid, name, qualified_name, docstring, body) VALUES (?, ?, ?, ?, ?)",
        (unit_id, fields.name, place, fields.docstring, fields.body),
    )
