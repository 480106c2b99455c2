"""Where indexes are kept."""

import os

import pytest

from codekin_server.store import location
from codekin_server.store.errors import StoreError
from codekin_server.store.lease import WriterLease
from codekin_server.store.location import (
    cache_dir,
    create_index_folder,
    index_location,
    list_indexes,
    remove_index,
)


def test_the_environment_chooses_the_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("CODEKIN_CACHE_DIR", str(tmp_path))
    assert cache_dir() == tmp_path
    monkeypatch.setenv("CODEKIN_CACHE_DIR", " ")
    assert cache_dir().name == "codekin"


def test_links_and_dots_lead_to_the_same_index(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    wanted = index_location(tmp_path / "real", cache=tmp_path)
    assert index_location(tmp_path / "link", cache=tmp_path) == wanted
    assert index_location(tmp_path / "real" / ".." / "real", cache=tmp_path) == wanted


def test_folders_of_one_name_have_indexes_of_their_own(tmp_path):
    one = index_location(tmp_path / "a" / "app", cache=tmp_path)
    two = index_location(tmp_path / "b" / "app", cache=tmp_path)
    assert one.folder != two.folder
    assert one.folder.name.startswith("app-")


def test_indexes_are_listed_with_their_workspaces_and_removed(tmp_path):
    place = index_location(tmp_path / "ünï code!", cache=tmp_path)
    assert list_indexes(cache=tmp_path) == ()
    create_index_folder(place)
    place.database.write_bytes(b"12345")
    (listed,) = list_indexes(cache=tmp_path)
    assert listed == place
    assert listed.size > 5
    assert remove_index(place)
    assert not remove_index(place)
    assert list_indexes(cache=tmp_path) == ()


def test_a_damaged_note_is_no_reason_to_fail(tmp_path):
    place = index_location(tmp_path, cache=tmp_path)
    create_index_folder(place)
    (place.folder / location._NOTE_NAME).write_text("[]")
    assert list_indexes(cache=tmp_path)[0].workspace is None


def test_a_cache_that_cannot_be_written_says_what_to_do(tmp_path):
    (tmp_path / "indexes").write_text("in the way")
    with pytest.raises(StoreError, match="CODEKIN_CACHE_DIR"):
        create_index_folder(index_location(tmp_path, cache=tmp_path))


def test_a_note_that_was_cut_short_is_written_again(tmp_path):
    place = index_location(tmp_path / "app", cache=tmp_path)
    create_index_folder(place)
    (place.folder / "workspace.json").write_text("")
    assert list_indexes(cache=tmp_path)[0].workspace is None
    create_index_folder(place)
    assert list_indexes(cache=tmp_path) == (place,)


def test_an_index_that_is_written_is_not_removed(tmp_path):
    place = index_location(tmp_path / "app", cache=tmp_path)
    create_index_folder(place)
    place.database.write_bytes(b"12345")
    writer = WriterLease(place.folder)
    assert writer.take()
    with pytest.raises(StoreError, match=f"another codekin \\(process {os.getpid()}\\) is using it"):
        remove_index(place)
    assert place.database.exists()
    writer.release()
    assert remove_index(place)
