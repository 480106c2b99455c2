"""What waits for a vector is known without a walk over all units for each function that was edited."""

import numpy as np
import pytest

from codekin_server.store import backlog, vector_rows
from codekin_server.store.lease import WriterLease
from codekin_server.store.store import Store

VECTOR = np.array([1.0, 2.0])


def missing(store, limit=100):
    return [(unit.path, unit.name) for unit in store.missing_vectors(limit) if unit.name]


def embed_all(store):
    store.put_vectors([(unit.fingerprint, VECTOR) for unit in store.missing_vectors(1000)])
    assert missing(store) == []


@pytest.fixture
def walks(monkeypatch):
    """Grows with each walk over all units."""
    counted = []
    walk = vector_rows.units_without

    def counting(*args, **how):
        if how.get("overlay") is None:
            counted.append(args)
        return walk(*args, **how)

    monkeypatch.setattr(vector_rows, "units_without", counting)
    return counted


@pytest.fixture
def embedded(store, place, walks):
    """A store of a file and an open document that all have vectors."""
    place(store, "a.py", "def apple(): pass\n")
    place(store, "b.py", "def pear(): pass\n", overlay=True)
    embed_all(store)
    walks.clear()
    return store


def test_an_edited_function_is_found_without_a_walk_over_all(embedded, place, walks):
    place(embedded, "b.py", "def pear(): return 1\n", overlay=True)
    assert missing(embedded) == [("b.py", "pear")]
    embed_all(embedded)
    assert walks == []


def test_a_new_file_is_found_without_a_walk_over_all(embedded, place, walks):
    place(embedded, "c.py", "def plum(): pass\n")
    assert (missing(embedded), walks) == ([("c.py", "plum")], [])


def test_what_an_open_document_hid_waits_once_it_is_closed(embedded, place, walks):
    place(embedded, "b.py", "def hidden(): pass\n")
    assert missing(embedded) == []
    embedded.remove_overlay("b.py")
    assert (missing(embedded), walks) == ([("b.py", "hidden")], [])


def test_what_waited_before_its_document_was_opened_waits_again_when_that_is_closed(embedded, place):
    place(embedded, "c.py", "def plum(): pass\n")
    assert missing(embedded) == [("c.py", "plum")]
    place(embedded, "c.py", "def other(): pass\n", overlay=True)
    assert missing(embedded) == [("c.py", "other")]
    embedded.remove_overlay("c.py")
    assert missing(embedded) == [("c.py", "plum")]


def test_what_is_new_comes_before_what_waited_already(embedded, place):
    place(embedded, "c.py", "def plum(): pass\n")
    missing(embedded)
    place(embedded, "d.py", "def fig(): pass\n")
    assert missing(embedded) == [("d.py", "fig"), ("c.py", "plum")]


def test_many_places_of_one_content_hide_no_other(embedded, place):
    place(embedded, "c.py", "def plum(): pass\n")
    missing(embedded)
    place(embedded, "many.py", "def same(): pass\n" * 100)
    assert missing(embedded, 4) == [("many.py", "same"), ("c.py", "plum")]


def test_more_new_units_than_are_looked_up_at_once_are_all_found(embedded, place, monkeypatch):
    monkeypatch.setattr(backlog, "_WALK", 2)
    for at in range(7):
        place(embedded, f"new_{at}.py", f"def new_{at}(): pass\n")
    found = []
    while waiting := embedded.missing_vectors(1):
        found += [unit.name for unit in waiting if unit.name]
        embedded.put_vectors([(unit.fingerprint, VECTOR) for unit in waiting])
    assert sorted(found) == [f"new_{at}" for at in range(7)]


def test_a_follower_sees_what_the_writer_has_put_and_embedded_since(index_path, place):
    index_path.parent.mkdir()
    with (
        Store.open(index_path, "model", WriterLease(index_path.parent)) as writer,
        Store.open(index_path, "model", WriterLease(index_path.parent)) as follower,
    ):
        assert missing(follower) == []
        place(writer, "a.py", "def apple(): pass\n")
        place(writer, "b.py", "def pear(): pass\n", overlay=True)
        assert missing(follower) == [("a.py", "apple")]
        embed_all(writer)
        assert missing(follower) == []


def test_a_follower_that_takes_over_embeds_what_its_own_documents_bring(index_path, place):
    index_path.parent.mkdir()
    writer = Store.open(index_path, "model", WriterLease(index_path.parent))
    with Store.open(index_path, "model", WriterLease(index_path.parent)) as follower:
        place(writer, "a.py", "def apple(): pass\n")
        embed_all(writer)
        assert missing(follower) == []
        writer.close()
        assert follower.take_over()
        place(follower, "a.py", "def apricot(): pass\n", overlay=True)
        assert missing(follower) == [("a.py", "apricot")]
