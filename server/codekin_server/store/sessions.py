"""Which sessions are alive.

In: the sessions table. Out: those whose process ended, or that were left open without being closed. A session that
ended cannot clean up after itself; the next one does.
"""

import os
import sqlite3
import threading
import uuid

import psutil

_here: set[str] = set()
_guard = threading.Lock()


def begin(connection: sqlite3.Connection, session: str | None = None) -> str:
    """Enter a session of this process, a new one where none is given; its name is a plain word."""
    session = session or new_name()
    with _guard:
        _here.add(session)
    connection.execute("INSERT INTO sessions VALUES (?, ?, ?)", (session, os.getpid(), psutil.Process().create_time()))
    return session


def new_name() -> str:
    """A name that no session has."""
    return uuid.uuid4().hex


def end(session: str) -> None:
    """The session needs its rows no more."""
    with _guard:
        _here.discard(session)


def dead(connection: sqlite3.Connection) -> list[str]:
    """Sessions whose rows nobody will use or remove."""
    rows = connection.execute("SELECT session, process, process_started FROM sessions").fetchall()
    return [session for session, process, started in rows if not _is_alive(session, process, started)]


def _is_alive(session: str, process: int, started: float) -> bool:
    if process == os.getpid():
        with _guard:
            return session in _here
    try:
        # a number that came around again belongs to a process that started at another time
        return abs(psutil.Process(process).create_time() - started) < 1.0
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return True
