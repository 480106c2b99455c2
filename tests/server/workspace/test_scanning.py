import os
import shutil

import pytest

from codekin_server.workspace.indexer import Indexer
from codekin_server.workspace.progress import Stage
from codekin_server.workspace.scanning import NOTHING_SCANNED, WorkspaceMissing


def test_a_scan_indexes_words_without_the_model(indexer, write, store, model, names):
    write("pkg/hello.py")

    counts = indexer.scan()

    assert (counts.indexed, counts.skipped) == (1, 0)
    assert names("pkg/hello.py") == ["", "Host", "Host.welcome", "greet"]
    assert store.lexical(["greet"], 5)
    assert model.embedded == []


def test_a_second_scan_reads_nothing(indexer, write, monkeypatch):
    write("a.py")
    indexer.scan()
    monkeypatch.setattr("codekin_server.workspace.file_index.read_file", None)

    assert indexer.scan() == NOTHING_SCANNED


def test_only_changed_files_are_indexed_again(indexer, write, names):
    write("a.py")
    write("b.py")
    indexer.scan()
    write("b.py", "def fresh():\n    pass\n")

    counts = indexer.scan()

    assert counts.indexed == 1
    assert "fresh" in names("b.py")


def test_files_that_are_gone_or_newly_ignored_are_removed(indexer, write, store):
    doomed = write("gone.py")
    for path in ["kept.py", "secret.py"]:
        write(path)
    indexer.scan()
    doomed.unlink()
    write(".gitignore", "secret.py\n")

    indexer.scan()

    assert list(store.file_records()) == ["kept.py"]


def test_what_cannot_be_indexed_is_recorded_with_the_reason(root, store, model, write):
    write("binary.py", b"\0\0\0")
    write("huge.py", "x = 1\n" * 100)
    write("good.py", "def f(): pass\n")
    indexer = Indexer(root, store, model, largest_file=500)

    counts = indexer.scan()

    records = store.file_records()
    assert (counts.indexed, counts.skipped) == (1, 2)
    assert "binary" in records["binary.py"].problem
    assert "larger than 500 bytes" in records["huge.py"].problem
    assert store.counts().skipped_files == 2


def test_a_file_that_became_unreadable_loses_its_units(indexer, write, store):
    write("a.py")
    indexer.scan()
    write("a.py", b"\0")

    indexer.scan()

    assert store.units_of_file("a.py") == []


def test_what_could_not_be_read_is_tried_again(indexer, write, store, monkeypatch):
    def fails(path, *arguments, **more):
        raise PermissionError(13, "Permission denied")

    write("a.py")
    with monkeypatch.context() as patched:
        patched.setattr("pathlib.Path.open", fails)
        assert indexer.scan().skipped == 1

    assert indexer.scan().indexed == 1
    assert store.file_records()["a.py"].problem is None


@pytest.mark.parametrize(
    "content", ["def f(:\n", "print 'python 2'\n", "class", "\ufeffx = 1", "\r\n\r\n", "", "((" * 400]
)
def test_broken_code_is_indexed_as_far_as_it_goes(indexer, write, content):
    write("a.py", content)

    assert indexer.scan().indexed == 1


def test_a_file_that_vanishes_during_the_scan_is_left_out(indexer, write, store):
    write("a.py")
    doomed = write("b.py")

    counts = indexer.scan(progress=lambda _: doomed.unlink(missing_ok=True))

    assert counts.indexed == 1
    assert list(store.file_records()) == ["a.py"]


def test_a_missing_workspace_keeps_its_index(indexer, write, root, store):
    write("a.py")
    indexer.scan()
    shutil.rmtree(root)

    with pytest.raises(WorkspaceMissing):
        indexer.scan()
    assert store.counts().files == 1


def test_a_cancelled_scan_removes_nothing_and_the_next_one_completes_it(indexer, write, root, store):
    for name in "abcd":
        write(f"{name}.py")
    indexer.scan()
    os.utime(root / "a.py", ns=(5, 5))
    (root / "d.py").unlink()
    asked = iter(range(100))

    indexer.scan(cancelled=lambda: next(asked) > 4)

    assert store.counts().files == 4
    indexer.scan()
    assert store.counts().files == 3


def test_a_file_that_is_written_during_the_scan_stays(indexer, write, root, names):
    write("a.py")
    write("b.py")
    indexer.scan()
    (root / "b.py").unlink()

    def written_anew(progress):
        if progress.path == "a.py":
            write("b.py", "def again():\n    pass\n")
            indexer.file_changed("b.py")

    indexer.scan(progress=written_anew)

    assert "again" in names("b.py")


def test_progress_ends_where_all_is_done(indexer, write):
    write("a.py")
    write("b.py")
    seen = []

    indexer.scan(progress=seen.append)

    assert [each.path for each in seen] == ["a.py", "b.py", ""]
    assert {each.stage for each in seen} == {Stage.READING}
    assert (seen[-1].done, seen[-1].total) == (2, 2)


def test_a_touched_file_keeps_its_vectors(indexer, write, root, model):
    write("a.py")
    indexer.scan()
    indexer.embed_missing()
    embedded = len(model.embedded)
    os.utime(root / "a.py", ns=(7, 7))

    indexer.scan()

    assert indexer.embed_missing() == 0
    assert len(model.embedded) == embedded
    assert indexer.counters.units_reused == 4
