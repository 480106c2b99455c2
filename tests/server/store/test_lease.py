"""One writer, any number of readers; in threads here, in processes where it matters."""

import errno
import subprocess
import sys
import textwrap

import pytest

from codekin_server.store.errors import StoreError
from codekin_server.store.lease import WriterLease
from codekin_server.store.records import FileRecord
from codekin_server.store.store import Store

HOLDER = """
import sys, time
from pathlib import Path
from codekin_server.store.lease import WriterLease
lease = WriterLease(Path(sys.argv[1]))
print(lease.take(), flush=True)
time.sleep(600)
"""
WRITER = """
import sys
from pathlib import Path
from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.units import find_units
from codekin_server.store.lease import WriterLease
from codekin_server.store.records import FileRecord
from codekin_server.store.store import Store
folder, number = Path(sys.argv[1]), sys.argv[2]
with Store.open(folder / "index.sqlite", "model", WriterLease(folder)) as store:
    for step in range(20):
        units = find_units(parse(text_of(f"def f{step}(): return {number}")))
        store.replace_file(FileRecord(f"m{step}.py", 1, 1, number, "utf-8", None), units)
        store.file_records()
        if store.follows:
            store.take_over()
    print("followed" if store.follows else "wrote")
"""


@pytest.fixture
def opened(tmp_path):
    """Stores on one index, each with a lease of its own."""
    stores = []

    def make():
        stores.append(Store.open(tmp_path / "index.sqlite", "model", WriterLease(tmp_path)))
        return stores[-1]

    yield make
    for store in stores:
        store.close()


def record(path):
    return FileRecord(path, 1, 1, "digest", "utf-8", None)


def start(script, *arguments):
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script), *map(str, arguments)], stdout=subprocess.PIPE, text=True
    )


def test_the_second_store_follows_and_sees_what_the_first_writes(opened):
    first, second = opened(), opened()
    first.replace_file(record("a.py"), [])
    assert (first.follows, second.follows) == (False, True)
    assert list(second.file_records()) == ["a.py"]


def test_what_a_follower_is_told_to_write_is_dropped(opened):
    first, second = opened(), opened()
    second.replace_file(record("a.py"), [])
    second.replace_file(record("b.py"), [], overlay=True)
    first.replace_file(record("c.py"), [])
    assert not second.remove_file("c.py")
    assert (list(first.file_records()), second.counts().open_documents) == (["c.py"], 0)


def test_a_follower_takes_over_when_the_writer_has_closed(opened):
    first, second = opened(), opened()
    assert not second.take_over()
    first.close()
    assert second.take_over()
    second.replace_file(record("a.py"), [], overlay=True)
    assert second.counts().open_documents == 1


def test_closing_a_follower_disturbs_nobody(opened):
    first, second = opened(), opened()
    first.replace_file(record("a.py"), [], overlay=True)
    second.close()
    assert first.counts().open_documents == 1


def test_the_lease_names_its_holder_and_ends_with_its_process(tmp_path):
    process = start(HOLDER, tmp_path)
    assert process.stdout.readline() == "True\n"
    lease = WriterLease(tmp_path)
    assert (lease.take(), lease.holder) == (False, process.pid)
    process.kill()
    process.communicate()
    assert lease.take()
    lease.release()


def test_a_locked_index_that_nobody_makes_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("codekin_server.store.opening._MAKING", 0.1)
    holder = WriterLease(tmp_path)
    holder.take()
    with pytest.raises(StoreError, match="has locked the index"):
        Store.open(tmp_path / "index.sqlite", "model", WriterLease(tmp_path))
    holder.release()


def test_ten_processes_on_one_index_corrupt_nothing(tmp_path):
    processes = [start(WRITER, tmp_path, number) for number in range(10)]
    said = [process.communicate()[0].strip() for process in processes]
    assert {process.returncode for process in processes} == {0}
    assert "wrote" in said
    with Store.open(tmp_path / "index.sqlite", "model", WriterLease(tmp_path)) as store:
        assert not store.follows
        assert store.repaired is None
        assert len(store.file_records()) == 20


def test_a_lease_that_cannot_be_written_down_can_be_taken_later(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "the disk is full")

    lease = WriterLease(tmp_path)
    for broken in ("ftruncate", "write"):
        with monkeypatch.context() as patch, pytest.raises(OSError, match="full"):
            patch.setattr("os." + broken, full)
            lease.take()
        assert not lease.held
    assert lease.take()
    lease.release()
