"""Indexes that cannot be used as they are."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from codekin_server.store import database, schema, sessions
from codekin_server.store.errors import StoreError
from codekin_server.store.store import Store

SOURCE = "def f():\n    pass\n"


def filled(index_path, place):
    with Store.open(index_path, "model") as store:
        for at in range(40):
            place(store, f"{at}.py", f"def f{at}():\n    return {at}\n" * 5)


def test_a_new_index_needs_no_repair(store):
    assert store.repaired is None
    assert store.counts().files == 0


def test_an_index_survives_being_closed(index_path, place):
    filled(index_path, place)
    with Store.open(index_path, "model") as store:
        assert store.repaired is None
        assert store.counts().files == 40


def test_a_file_that_is_no_database_is_moved_aside_and_said_so(index_path):
    index_path.parent.mkdir()
    index_path.write_bytes(b"this is no database at all" * 100)
    with Store.open(index_path, "model") as store:
        assert "index.sqlite.corrupt-1" in store.repaired
        assert store.counts().files == 0
    assert (index_path.parent / "index.sqlite.corrupt-1").read_bytes().startswith(b"this is no")


def test_every_damaged_index_is_kept_under_a_number_of_its_own(index_path):
    index_path.parent.mkdir()
    for _ in range(3):
        index_path.write_bytes(b"damage" * 1000)
        Store.open(index_path, "model").close()
    assert len(list(index_path.parent.glob("*.corrupt-?"))) == 3


@pytest.mark.parametrize("where", [0.3, 0.6, 0.9])
def test_damage_in_the_middle_is_found_when_opening(index_path, place, where):
    filled(index_path, place)
    content = bytearray(index_path.read_bytes())
    start = int(len(content) * where)
    content[start : start + 9000] = os.urandom(9000)
    index_path.write_bytes(content)
    with Store.open(index_path, "model") as store:
        assert "damaged" in store.repaired
        place(store, "a.py", SOURCE)
        assert store.counts().files == 1


def test_a_truncated_index_is_found_when_opening(index_path, place):
    filled(index_path, place)
    content = index_path.read_bytes()
    index_path.write_bytes(content[: len(content) // 2])
    with Store.open(index_path, "model") as store:
        assert "damaged" in store.repaired


def test_damage_found_while_working_is_told_and_repaired_at_the_next_opening(index_path, place):
    filled(index_path, place)
    problem = sqlite3.DatabaseError("database disk image is malformed")
    problem.sqlite_errorcode = sqlite3.SQLITE_CORRUPT | 1 << 8
    with pytest.raises(StoreError, match="damaged"), database.translated_errors(index_path):
        raise problem
    with Store.open(index_path, "model") as store:
        assert "moved to index.sqlite.corrupt-1" in store.repaired
        assert store.counts().files == 0
    with Store.open(index_path, "model") as store:
        assert store.repaired is None


@pytest.mark.parametrize("change", ["UPDATE meta SET value = '0.0' WHERE key = 'form'", "DROP TABLE meta"])
def test_an_index_of_another_version_is_built_again(index_path, place, change):
    filled(index_path, place)
    with closing(sqlite3.connect(index_path)) as connection, connection:
        connection.execute(change)
    with Store.open(index_path, "model") as store:
        assert "another version" in store.repaired
        assert store.counts().files == 0
        place(store, "a.py", SOURCE)


def test_an_index_of_another_extraction_is_built_again(index_path, place, monkeypatch):
    filled(index_path, place)
    monkeypatch.setattr(schema, "_FORM", "next")
    with Store.open(index_path, "model") as store:
        assert store.counts().files == 0


def test_a_folder_that_cannot_be_made_says_what_to_do(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="CODEKIN_CACHE_DIR"):
        Store.open(tmp_path / "file" / "index" / "index.sqlite", "model")


def test_a_folder_in_place_of_the_index_says_what_to_do(tmp_path):
    (tmp_path / "index.sqlite").mkdir()
    with pytest.raises(StoreError, match="CODEKIN_CACHE_DIR"):
        Store.open(tmp_path / "index.sqlite", "model")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not bind this user")
def test_a_read_only_folder_says_what_to_do(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match="CODEKIN_CACHE_DIR"):
        Store.open(tmp_path / "index.sqlite", "model")


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        (sqlite3.SQLITE_READONLY, "CODEKIN_CACHE_DIR"),
        (sqlite3.SQLITE_FULL, "disk is full"),
        (sqlite3.SQLITE_BUSY, "another codekin"),
        (sqlite3.SQLITE_IOERR, "codekin clean"),
    ],
)
def test_each_failure_of_sqlite_says_what_to_do(store, code, advice):
    problem = sqlite3.OperationalError("it failed")
    problem.sqlite_errorcode = code
    with pytest.raises(StoreError, match=advice), database.translated_errors(store.path):
        raise problem


def test_open_documents_of_a_session_that_died_are_removed_at_the_next_opening(index_path, place):
    died = Store.open(index_path, "model")
    place(died, "a.py", SOURCE, overlay=True)
    sessions.end(died.session)
    with Store.open(index_path, "model") as store, closing(sqlite3.connect(index_path)) as connection:
        assert store.counts().units == 0
        assert connection.execute("SELECT count(*) FROM units").fetchone() == (0,)


CRASH = """
import os, sys
from pathlib import Path
from codekin_server.store.records import FileRecord
from codekin_server.store.store import Store
store = Store.open(Path(sys.argv[1]), "model")
store.replace_file(FileRecord("done.py", 1, 1, "d", "utf-8"), ())
store.replace_file(FileRecord("open.py", 1, 1, "d", "utf-8"), (), overlay=True)
with store._database.writing() as connection:
    connection.execute("INSERT INTO files VALUES ('half.py', '', 1, 1, 'd', 'utf-8', NULL)")
    os._exit(1)
"""


def test_a_killed_process_loses_what_was_not_committed_and_nothing_else(index_path):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    killed = subprocess.run([sys.executable, "-c", CRASH, str(index_path)], env=environment, check=False)
    assert killed.returncode == 1
    with Store.open(index_path, "model") as store:
        assert store.repaired is None
        assert list(store.file_records()) == ["done.py"]
        assert store.counts().files == 1
