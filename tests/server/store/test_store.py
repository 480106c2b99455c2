"""What a store keeps and shows."""

import threading
import time
from dataclasses import replace

import numpy as np
import pytest

from codekin_model.extraction.tokens import lexical_fields
from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.unit import UnitKind
from codekin_model.source.units import find_units
from codekin_server.store import unit_rows
from codekin_server.store.errors import StoreError
from codekin_server.store.records import FileRecord
from codekin_server.store.store import Store

TWO = "def first():\n    return 1\n\n\ndef second():\n    return 2\n"


def names(units):
    return [unit.qualified_name for unit in units]


def vector(*values):
    return np.array(values, dtype=np.float32)


def test_a_file_s_units_come_back_in_source_order_with_their_places(store, place):
    place(store, "pkg/a.py", "class Box:\n    def open(self):\n        pass\n")
    units = store.units_of_file("pkg/a.py")
    assert names(units) == ["", "Box", "Box.open"]
    method = units[2]
    assert (method.kind, method.module, method.start_line, method.end_line) == (UnitKind.METHOD, "pkg.a", 2, 3)
    assert (method.name_start, method.name_end) == (19, 23)


def test_replacing_a_file_keeps_the_ids_of_what_did_not_change(store, place):
    place(store, "a.py", TWO)
    before = {unit.qualified_name: unit for unit in store.units_of_file("a.py")}
    place(store, "a.py", "\n\n" + TWO.replace("return 1", "return 10"))
    after = {unit.qualified_name: unit for unit in store.units_of_file("a.py")}
    assert after["second"].id == before["second"].id
    assert after["second"].start_line == before["second"].start_line + 2
    assert after["first"].id != before["first"].id
    assert store.units([before["first"].id]) == []


def test_only_units_that_are_new_to_a_file_are_taken_apart(store, place, monkeypatch):
    taken = []
    monkeypatch.setattr(unit_rows, "lexical_fields", lambda unit: taken.append(unit.name) or lexical_fields(unit))
    place(store, "a.py", TWO)
    place(store, "a.py", "\n\n" + TWO.replace("return 1", "return 10"))
    assert taken == ["", "first", "second", "first"]


def test_units_that_move_are_found_at_their_new_places(store, place):
    twins = "if x:\n    def f():\n        pass\nelse:\n    def f():\n        pass\n"
    code = f"import os\n\n\nclass Box:\n    def one(self):\n        pass\n\n\n{twins}"
    place(store, "a.py", code)
    for changed in [code.replace("class", "\nclass"), code.replace("def one", "\n    def one"), f"{code}{twins}", code]:
        place(store, "a.py", changed)
        shown = [
            (unit.qualified_name, unit.start_line, unit.end_line, unit.start_byte, unit.end_byte, unit.name_start)
            for unit in store.units_of_file("a.py")
        ]
        assert shown == [
            (
                unit.qualified_name,
                unit.start_line,
                unit.end_line,
                unit.span.start,
                unit.span.end,
                unit.name_span.start if unit.name_span else None,
            )
            for unit in find_units(parse(text_of(changed)))
        ]


def test_the_files_below_a_folder_are_told_apart_from_its_neighbours(store, place):
    for path in ["a.py", "pkg/a.py", "pkg/sub/b.py", "pkg.py", "pkg0/c.py", "pkgs/d.py", "pkg-x/e.py"]:
        place(store, path, "x = 1\n")
    place(store, "pkg/open.py", "x = 1\n", overlay=True)
    assert sorted(store.files_below("pkg")) == ["pkg/a.py", "pkg/sub/b.py"]


def test_replacing_tells_which_contents_need_a_vector(store, place):
    first = place(store, "a.py", "def f():\n    pass\n")
    assert (first.seen, len(first.new), first.reused) == (2, 2, 0)
    store.put_vectors([(fingerprint, vector(1, 0)) for fingerprint in first.new])
    moved = place(store, "b.py", "def f():\n    pass\n")
    assert (moved.seen, moved.new, moved.reused) == (2, (), 2)


def test_an_open_document_hides_the_file_on_disk_until_it_is_closed(store, place):
    place(store, "a.py", "def saved():\n    pass\n")
    place(store, "a.py", "def unsaved():\n    pass\n", overlay=True)
    assert names(store.units_of_file("a.py")) == ["", "unsaved"]
    assert names(store.units(unit_id for unit_id, _ in store.lexical(["unsaved"], 5))) == ["unsaved", ""]
    assert store.lexical(["saved"], 5) == []
    assert list(store.file_records()) == ["a.py"]
    assert store.remove_overlay("a.py")
    assert names(store.units_of_file("a.py")) == ["", "saved"]
    assert not store.remove_overlay("a.py")


def test_an_empty_open_document_hides_everything_on_disk(store, place):
    place(store, "a.py", TWO)
    place(store, "a.py", "", overlay=True)
    assert store.units_of_file("a.py") == []
    assert store.lexical(["first"], 5) == []
    assert store.counts().units == 0


def test_another_session_does_not_see_an_open_document(store, place, index_path):
    place(store, "a.py", "def saved():\n    pass\n")
    with Store.open(index_path, "model") as other:
        place(other, "a.py", "def unsaved():\n    pass\n", overlay=True)
        assert names(store.units_of_file("a.py")) == ["", "saved"]
        assert store.lexical(["unsaved"], 5) == []
        assert names(other.units_of_file("a.py")) == ["", "unsaved"]


def test_closing_leaves_no_trace_of_open_documents(store, place, index_path):
    other = Store.open(index_path, "model")
    place(other, "new.py", "def unsaved():\n    pass\n", overlay=True)
    other.close()
    with Store.open(index_path, "model") as again:
        assert again.counts().units == 0
        assert again.lexical(["unsaved"], 5) == []


def test_after_close_everything_is_refused(index_path):
    store = Store.open(index_path, "model")
    store.close()
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.counts()


def test_missing_vectors_are_of_open_documents_first_then_in_path_order_and_once_a_content(store, place):
    place(store, "b.py", "def f():\n    pass\n")
    place(store, "a.py", "def f():\n    pass\n\n\ndef g():\n    pass\n")
    place(store, "z.py", "def opened():\n    pass\n", overlay=True)
    missing = [(unit.path, unit.name) for unit in store.missing_vectors(10)]
    assert missing == [("z.py", ""), ("z.py", "opened"), ("a.py", ""), ("a.py", "f"), ("a.py", "g"), ("b.py", "")]
    assert [(unit.path, unit.name) for unit in store.missing_vectors(3)] == missing[:3]


def test_what_waits_is_seen_again_after_nothing_waited(store, place):
    assert store.missing_vectors(1) == []
    place(store, "a.py", "def f():\n    pass\n")
    assert [unit.name for unit in store.missing_vectors(2)] == ["", "f"]


def test_counts_are_exact_unless_older_ones_will_do(store, place, monkeypatch):
    now = 100.0
    monkeypatch.setattr("codekin_server.store.counting.time.monotonic", lambda: now)
    place(store, "a.py", "def f():\n    pass\n")
    assert store.counts().units == 2
    place(store, "b.py", "def g():\n    pass\n")
    assert store.counts(lately=True).units == 2
    assert store.counts().units == 4
    place(store, "c.py", "def h():\n    pass\n")
    now += 1
    assert store.counts(lately=True).units == 6


def test_missing_vectors_run_out_as_vectors_are_stored(store, place):
    for at in range(5):
        place(store, f"{at}.py", f"def f{at}():\n    return {at}\n")
    seen = []
    while batch := store.missing_vectors(3):
        seen += [unit.fingerprint for unit in batch]
        store.put_vectors([(unit.fingerprint, vector(1, 2)) for unit in batch])
    assert len(seen) == len(set(seen)) == store.counts().vectors == 10
    assert store.counts().vectors_missing == 0


def test_a_vector_comes_back_at_length_one(store):
    store.put_vectors([("f", vector(3, 4))])
    assert store.vector_of("f") == pytest.approx([0.6, 0.8], abs=1e-3)
    assert store.vector_of("g") is None


@pytest.mark.parametrize("bad", [[0, 0], [float("nan"), 1], [float("inf"), 1], [], [1, 2, 3]])
def test_what_is_no_vector_is_refused_and_nothing_of_the_batch_is_stored(store, bad):
    store.put_vectors([("known", vector(1, 0))])
    with pytest.raises(ValueError, match="vector"):
        store.put_vectors([("good", vector(1, 0)), ("bad", vector(*bad))])
    assert store.vector_of("good") is None


def test_vectors_of_another_model_are_not_seen(store, place, index_path):
    counts = place(store, "a.py", "x = 1\n")
    store.put_vectors([(counts.new[0], vector(1, 0))])
    with Store.open(index_path, "other model") as other:
        assert other.vector_of(counts.new[0]) is None
        assert len(other.missing_vectors(5)) == 1
        other.put_vectors([(counts.new[0], vector(0, 0, 1))])
        assert other.vectors_after(0).matrix.shape == (1, 3)
    assert store.vectors_after(0).matrix.shape == (1, 2)


def test_an_undo_finds_its_vectors_again(store, place):
    store.put_vectors([(each, vector(1, 0)) for each in place(store, "a.py", TWO).new])
    place(store, "a.py", "pass\n")
    assert place(store, "a.py", TWO).new == ()


def test_unused_vectors_are_forgotten_when_they_are_old_enough(store, place):
    used = place(store, "a.py", "x = 1\n").new[0]
    store.put_vectors([(used, vector(1, 0)), ("unused", vector(0, 1))])
    assert store.forget_unused_vectors(older_than=3600) == 0
    assert store.forget_unused_vectors(older_than=-1) == 1
    assert store.vector_of("unused") is None
    assert store.vector_of(used) is not None


DAY = 24 * 3600.0


@pytest.fixture
def days_pass(monkeypatch):
    """Moves the clock on."""
    now = [time.time()]
    monkeypatch.setattr(time, "time", lambda: now[0])

    def pass_by(days):
        now[0] += days * DAY

    return pass_by


def replaced(store, place):
    place(store, "a.py", "pass\n")


def removed(store, place):
    store.remove_file("a.py")


@pytest.mark.parametrize("leave", [replaced, removed])
def test_a_vector_counts_as_used_until_its_code_leaves(store, place, days_pass, leave):
    (used,) = place(store, "a.py", "x = 1\n").new
    store.put_vectors([(used, vector(1, 0))])
    days_pass(40)
    leave(store, place)
    days_pass(29)
    assert store.forget_unused_vectors(older_than=30 * DAY) == 0
    days_pass(2)
    assert store.forget_unused_vectors(older_than=30 * DAY) == 1


def test_a_vector_counts_as_used_until_the_session_with_the_document_ends(store, index_path, place, days_pass):
    with Store.open(index_path, "model") as other:
        (used,) = place(other, "a.py", "x = 1\n", overlay=True).new
        other.put_vectors([(used, vector(1, 0))])
        days_pass(40)
    assert store.forget_unused_vectors(older_than=30 * DAY) == 0
    assert store.vector_of(used) is not None


def test_the_version_grows_with_every_change(store, place):
    versions = [store.vector_version]

    def changed():
        versions.append(store.vector_version)
        return versions[-1] > versions[-2]

    new = place(store, "a.py", "x = 1\n").new
    assert changed()
    store.put_vectors([(new[0], vector(1, 0))])
    assert changed()
    store.remove_file("a.py")
    assert changed()
    store.remove_file("a.py")
    assert not changed()


def test_a_skipped_file_is_counted_with_its_problem(store):
    store.replace_file(FileRecord("big.py", 1 << 30, 1, "", "", "too large"), ())
    counts = store.counts()
    assert (counts.files, counts.skipped_files) == (0, 1)
    assert store.file_records()["big.py"].problem == "too large"


def test_a_failed_replacement_changes_nothing(store, place):
    place(store, "a.py", TWO)
    units = store.units_of_file("a.py")
    broken = [replace(unit, docstring=object()) for unit in find_units(parse(text_of("def new():\n    pass\n")))]
    with pytest.raises(AttributeError):
        store.replace_file(FileRecord("a.py", 1, 2, "other", "utf-8"), broken)
    assert store.units_of_file("a.py") == units
    assert store.file_records()["a.py"].digest == f"digest of {TWO}"


def test_threads_write_and_read_together(store, place):
    failures = []

    def work(number):
        try:
            for at in range(8):
                new = place(store, f"{number}.py", f"def f{number}():\n    return {at}\n").new
                store.put_vectors([(each, vector(1, number + 1)) for each in new])
                store.lexical([f"f{number}"], 5)
                store.vectors_after(0)
                assert len(store.units_of_file(f"{number}.py")) == 2
        except (AssertionError, StoreError) as problem:
            failures.append(problem)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert store.counts().units == 12
    assert store.counts().vectors_missing == 0


def test_text_vectors_are_kept_by_model(store, index_path):
    store.put_text_vectors({"http client": vector(0, 2)})
    assert store.text_vectors()["http client"] == pytest.approx([0, 1])
    with Store.open(index_path, "other") as other:
        assert other.text_vectors() == {}


def test_modules_are_listed_once(store, place):
    place(store, "src/pkg/__init__.py", TWO)
    place(store, "src/pkg/io.py", TWO)
    assert store.modules() == ["pkg", "pkg.io"]


def test_so_many_units_of_a_name_are_enough(store, place):
    for at in range(5):
        place(store, f"{at}.py", "def close():\n    pass\n")
    assert len(store.units_named(["close"], most=3)) == 3
    assert len(store.units_named(["close"])) == 5
