"""The SQLite file: opening, repairing, connections and transactions.

In: a path. Out: :class:`Database`, whose errors are all :class:`StoreError`. Must not know what the tables mean.
"""

import sqlite3
import threading
from collections.abc import Callable, Generator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from codekin_server.store.errors import StoreError
from codekin_server.store.location import CACHE_VARIABLE

BUSY_SECONDS = 30
"""How long a writer waits for another process before it gives up."""

_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_QUICK_CHECK_BYTES = 64 << 20
"""Indexes up to this size are checked whole when they are opened (a quarter of a second at most)."""


class DamagedDatabase(StoreError):
    """The file is not what SQLite wrote."""


class Database:
    """A WAL database shared by threads: any number read, one writes.

    Connections are kept and handed out again, so short-lived threads leave none behind.
    """

    def __init__(self, path: Path, prepare_reader: Callable[[sqlite3.Connection], None]) -> None:
        self.path = path
        self._prepare_reader = prepare_reader
        self._idle: list[sqlite3.Connection] = []
        self._guard = threading.Lock()
        self._write_lock = threading.Lock()
        self._closed = False

    @property
    def closed(self) -> bool:
        """Whether :meth:`close` was called."""
        return self._closed

    @contextmanager
    def reading(self) -> Generator[sqlite3.Connection]:
        """A connection whose statements all see one state of the index."""
        with self._connection() as connection, _transaction(connection, "BEGIN"):
            yield connection

    @contextmanager
    def writing(self) -> Generator[sqlite3.Connection]:
        """A transaction: everything in the block happens, or, if it raises, nothing."""
        with self._write_lock, self._connection() as connection, _transaction(connection, "BEGIN IMMEDIATE"):
            yield connection

    def close(self) -> None:
        """Wait for the writer, then refuse all further work. Closing twice is harmless."""
        with self._write_lock, self._guard:
            self._closed = True
            idle, self._idle = self._idle, []
            for connection in idle:
                connection.close()

    @contextmanager
    def _connection(self) -> Generator[sqlite3.Connection]:
        with translated_errors(self.path):
            connection = self._taken()
            try:
                yield connection
            finally:
                self._give_back(connection)

    def _taken(self) -> sqlite3.Connection:
        with self._guard:
            if self._closed:
                raise StoreError("the index is closed")
            if self._idle:
                return self._idle.pop()
        connection = connect(self.path)
        self._prepare_reader(connection)
        return connection

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._guard:
            if not self._closed:
                self._idle.append(connection)
                return
        connection.close()


def connect(path: Path) -> sqlite3.Connection:
    """A connection in autocommit mode; any thread may use it, one at a time."""
    with ExitStack() as undoing:
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        undoing.callback(connection.close)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA cache_size = -16384")
        undoing.pop_all()
    return connection


def check(path: Path) -> None:
    """Look for damage.

    Raises:
        DamagedDatabase: the file is damaged, or was found to be by an earlier session.

    """
    if _mark_of_damage(path).exists():
        raise DamagedDatabase(f"the index {path} was found damaged")
    with translated_errors(path), closing(connect(path)) as connection:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if path.stat().st_size > _QUICK_CHECK_BYTES:
            return
        verdict = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    if verdict != "ok":
        raise DamagedDatabase(f"the index {path} is damaged: {verdict}")


def move_aside(path: Path) -> Path:
    """Rename the database with its journal files to ``*.corrupt-<n>``, the first ``n`` that is free."""
    n = 1
    while (aside := path.with_name(f"{path.name}.corrupt-{n}")).exists():
        n += 1
    for suffix in ("-wal", "-shm"):
        side = path.with_name(path.name + suffix)
        if side.exists():
            side.replace(aside.with_name(aside.name + suffix))
    path.replace(aside)
    _mark_of_damage(path).unlink(missing_ok=True)
    return aside


@contextmanager
def translated_errors(path: Path) -> Generator[None]:
    """SQLite's errors as :class:`StoreError`; damage is also noted beside the file for the next opening."""
    try:
        yield
    except sqlite3.DatabaseError as problem:
        code = getattr(problem, "sqlite_errorcode", 0) & 0xFF
        if code in _DAMAGED:
            _mark_of_damage(path).touch()
            raise DamagedDatabase(
                f"the index {path} is damaged ({problem}); it will be set aside and built again when codekin restarts"
            ) from problem
        raise StoreError(_advice(path, code, problem)) from problem


@contextmanager
def _transaction(connection: sqlite3.Connection, begin: str) -> Generator[None]:
    connection.execute(begin)
    try:
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _advice(path: Path, code: int, problem: sqlite3.DatabaseError) -> str:
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return f"cannot write the index {path} ({problem}); set {CACHE_VARIABLE} to a folder that you can write to"
    if code == sqlite3.SQLITE_FULL:
        return (
            f"the disk is full: the index {path} could not be written; free some space, or move it ({CACHE_VARIABLE})"
        )
    if code == sqlite3.SQLITE_BUSY:
        return f"another codekin has been writing the index {path} for {BUSY_SECONDS} seconds; try again"
    return f"the index {path} could not be used: {problem}; `codekin clean` removes it, and it is built again"


def _mark_of_damage(path: Path) -> Path:
    return path.with_name(path.name + ".damaged")
