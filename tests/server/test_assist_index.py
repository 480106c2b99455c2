"""An index brought up to date after a small change."""

import pytest

from codekin_server.assist import Assist
from codekin_server.worker.client import WorkerError

NUMBERS = "package/numbers.py"
OTHER = "def multiply_numbers(left, right):\n    return left * right\n"


def names(assist):
    return {unit.name for unit in assist._store.units_of_file(NUMBERS)}


def test_what_was_typed_is_embedded_without_a_look_at_the_disk(assist, monkeypatch):
    monkeypatch.setattr(assist._indexer, "scan", None)
    assist.document_opened(NUMBERS, OTHER, 1)
    assert assist.indexing.refresh(look=False).tier == "teacher"
    assert assist.status().vectors_missing == 0


def test_what_was_typed_is_embedded_without_a_count_of_all_units(assist, monkeypatch):
    monkeypatch.setattr(assist._store, "counts", None)
    before = assist._indexer.counters.units_embedded
    assist.document_opened(NUMBERS, OTHER, 1)
    assist.indexing.refresh(look=False)
    assert assist._indexer.counters.units_embedded == before + 2


def test_files_that_changed_meanwhile_are_read_where_the_disk_is_looked_at(assist):
    (assist.root / NUMBERS).write_text(OTHER)
    assist.indexing.refresh(look=False)
    assert "multiply_numbers" not in names(assist)
    assist.indexing.refresh()
    assert "multiply_numbers" in names(assist)


def test_a_run_after_a_small_change_says_what_indexing_says(assist):
    whole, small = assist.index(), assist.indexing.refresh(look=False)
    assert (small.tier, small.model, small.note, small.waiting) == (whole.tier, whole.model, None, None)


def test_while_the_model_fails_what_was_typed_is_found_by_words(assist, fake_worker):
    fake_worker.failure = WorkerError("no model")
    assist.document_opened(NUMBERS, OTHER, 1)
    small, whole = assist.indexing.refresh(look=False), assist.index()
    assert (small.tier, small.note) == (whole.tier, whole.note)
    assert small.tier == "words"


def test_a_follower_leaves_what_was_typed_to_the_writer(assist):
    with Assist.open(assist.root) as follower:
        follower.document_opened(NUMBERS, OTHER, 1)
        assert follower.indexing.refresh(look=False).waiting == "writer"


def test_who_takes_over_looks_at_the_disk_whoever_asks(workspace, with_fake_worker):
    writer = Assist.open(workspace)
    writer.index()
    with Assist.open(workspace) as follower:
        (workspace / NUMBERS).write_text(OTHER)
        writer.close()
        follower.indexing.refresh(look=False)
        assert "multiply_numbers" in names(follower)


@pytest.mark.parametrize("look", [True, False])
def test_a_run_that_is_stopped_embeds_nothing(assist, look):
    assist.document_opened(NUMBERS, OTHER, 1)
    assist.indexing.refresh(cancelled=lambda: True, look=look)
    assert assist.status().vectors_missing == 2
