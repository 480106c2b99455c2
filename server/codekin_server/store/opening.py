"""Opening an index: made where there is none, set aside where it is damaged, emptied where it is of a foreign form.

In: a path. Out: an open :class:`Database` in which this session is entered. Never loses an index silently.
"""

import time
from dataclasses import dataclass
from pathlib import Path

from codekin_server.store import database, schema, sessions, unit_rows
from codekin_server.store.database import DamagedDatabase, Database
from codekin_server.store.errors import StoreError
from codekin_server.store.location import CACHE_VARIABLE

_MAKING = 5.0
"""Seconds that another process may take to make the index that it has locked."""

_LOOK_AGAIN = 0.05


@dataclass(frozen=True, slots=True)
class OpenedDatabase:
    """``repaired`` tells the user what was wrong with the index, or is None."""

    database: Database
    session: str
    repaired: str | None


def open_database(path: Path) -> OpenedDatabase:
    """Open or make the index at ``path``.

    Raises:
        StoreError: the folder cannot be used; the message says what to do.

    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return _open(path, None)
    except DamagedDatabase as damage:
        try:
            aside = database.move_aside(path)
        except OSError as problem:
            raise unusable(path, problem) from damage
        return _open(path, f"{damage}; it was moved to {aside.name} and is being built again")
    except OSError as problem:
        raise unusable(path, problem) from problem


def follow_database(path: Path) -> OpenedDatabase:
    """Open an index that another codekin writes; nothing is written here, not even that somebody reads.

    Raises:
        StoreError: there is no index to follow, or none that this version can read.

    """
    session, patience = sessions.new_name(), time.monotonic() + _MAKING
    while not path.exists():
        _check_patience(path, patience)

    probe = Database(path, lambda _: None)
    try:
        while True:
            with probe.reading() as connection:
                form = schema.is_present(connection)
            if form is not None:
                break
            _check_patience(path, patience)
    finally:
        probe.close()
    if not form:
        raise StoreError(f"the index {path} is written by another version of codekin; close the other editor first")
    return OpenedDatabase(_read_as(path, session), session, None)


def take_over(database: Database, session: str) -> None:
    """Enter the session of a reader that is the writer from now on, and clear up after those that died."""
    with database.writing() as connection:
        for dead in sessions.dead(connection):
            unit_rows.delete_session(connection, dead)
        sessions.begin(connection, session)


def _check_patience(path: Path, until: float) -> None:
    if time.monotonic() > until:
        raise StoreError(f"another codekin has locked the index {path} but does not write it; end it, then try again")
    time.sleep(_LOOK_AGAIN)


def _open(path: Path, repaired: str | None) -> OpenedDatabase:
    database.check(path)
    session, note = _enter(path)

    return OpenedDatabase(_read_as(path, session), session, repaired or note)


def _enter(path: Path) -> tuple[str, str | None]:
    """Bring the tables into form, take in a new session, and clear up after those that died."""
    preparing = Database(path, lambda _: None)
    try:
        with preparing.writing() as connection:
            note = schema.prepare(connection)
            for dead in sessions.dead(connection):
                unit_rows.delete_session(connection, dead)
            return sessions.begin(connection), note
    finally:
        preparing.close()


def _read_as(path: Path, session: str) -> Database:
    return Database(path, lambda connection: unit_rows.make_views(connection, session))


def unusable(path: Path, problem: OSError) -> StoreError:
    """What to tell a user whose index folder cannot be written."""
    return StoreError(
        f"cannot write the index folder {path.parent} ({problem.strerror or problem}); "
        f"set {CACHE_VARIABLE} to a folder that you can write to"
    )
