"""The tables of an index, and which index may be read at all.

In: a connection in a transaction. Out: a database of exactly this form. An index of another form or of another
extraction is emptied, never misread.
"""

import sqlite3
import uuid

from codekin_model.extracted import EXTRACTION_VERSION

SCHEMA_VERSION = 4
"""Raised with any change below, and whenever stored words would be split differently."""

_FORM = f"{SCHEMA_VERSION}.{EXTRACTION_VERSION}"

_TABLES = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID",
    # a unit's path is its file, or a cell of it (see codekin_model.source.cell_path)
    # session is '' for what is on disk, else the session that has the document open
    """CREATE TABLE files (
        path TEXT NOT NULL, session TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
        digest TEXT NOT NULL, encoding TEXT NOT NULL, problem TEXT, PRIMARY KEY (session, path)) WITHOUT ROWID""",
    # AUTOINCREMENT: the id of a unit that is gone never comes to mean another
    """CREATE TABLE units (
        id INTEGER PRIMARY KEY AUTOINCREMENT, session TEXT NOT NULL, path TEXT NOT NULL, file TEXT NOT NULL,
        module TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, qualified_name TEXT NOT NULL,
        start_line INTEGER NOT NULL, end_line INTEGER NOT NULL, start_byte INTEGER NOT NULL, end_byte INTEGER NOT NULL,
        name_start INTEGER, name_end INTEGER, fingerprint TEXT NOT NULL, is_test INTEGER NOT NULL)""",
    "CREATE INDEX units_by_path ON units (path, session)",
    "CREATE INDEX units_by_file ON units (file, session)",
    "CREATE INDEX units_by_session ON units (session, path)",
    "CREATE INDEX units_by_fingerprint ON units (fingerprint)",
    "CREATE INDEX units_by_name ON units (name)",
    """CREATE VIRTUAL TABLE words USING fts5 (
        name, qualified_name, docstring, body, tokenize = "porter unicode61 tokenchars '_'")""",
    # AUTOINCREMENT: caches ask for what came after the last key they saw; tier: see records.Tier
    # stored_at moves on when a unit of this content leaves: nobody uses the vector from then on, or it was stored then
    """CREATE TABLE vectors (
        key INTEGER PRIMARY KEY AUTOINCREMENT, fingerprint TEXT NOT NULL, model TEXT NOT NULL, tier TEXT NOT NULL,
        vector BLOB NOT NULL, stored_at REAL NOT NULL, UNIQUE (fingerprint, model))""",
    """CREATE TABLE text_vectors (
        text TEXT NOT NULL, model TEXT NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (text, model)) WITHOUT ROWID""",
    """CREATE TABLE sessions (
        session TEXT PRIMARY KEY, process INTEGER NOT NULL, process_started REAL NOT NULL) WITHOUT ROWID""",
)


def prepare(connection: sqlite3.Connection) -> str | None:
    """Make the tables where there are none; say so if an index of a foreign form was emptied first."""
    form = _form(connection)
    if form == _FORM:
        return None
    _drop_everything(connection)
    for statement in _TABLES:
        connection.execute(statement)
    connection.executemany(
        "INSERT INTO meta VALUES (?, ?)",
        [("form", _FORM), ("identity", uuid.uuid4().hex), ("version", 1), ("vector_epoch", 1)],
    )
    return None if form is None else "the index was made by another version of codekin and is being built again"


def is_present(connection: sqlite3.Connection) -> bool | None:
    """Whether the tables are of the present form; None where there are none yet."""
    form = _form(connection)
    return None if form is None else form == _FORM


def _form(connection: sqlite3.Connection) -> str | None:
    """What form the database has; None if it holds nothing at all."""
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables:
        return None
    if "meta" not in tables:
        return "foreign"
    columns = [row[1] for row in connection.execute("PRAGMA table_info(meta)")]
    if columns != ["key", "value"]:
        return "foreign"
    row = connection.execute("SELECT value FROM meta WHERE key = 'form'").fetchone()
    return str(row[0]) if row else "foreign"


def _drop_everything(connection: sqlite3.Connection) -> None:
    kinds = "SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' AND type IN ('table', 'view')"
    # virtual tables first: they take their shadow tables with them
    ordered = kinds + " ORDER BY sql NOT LIKE 'CREATE VIRTUAL TABLE%'"
    for kind, name in connection.execute(ordered).fetchall():
        quoted = '"' + name.replace('"', '""') + '"'
        connection.execute(f"DROP {kind} IF EXISTS {quoted}")
