"""The company that names keep in an index."""

import pytest

from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.units import find_units
from codekin_server.naming.company_reader import CompanyReader
from codekin_server.store.records import FileRecord
from codekin_server.store.store import Store

STREAM = "class Stream:\n    def read(self): ...\n    def close(self): ...\n    def _flush(self): ...\n"
SOCKET = "class Socket:\n    def read(self): ...\n    def shut(self): ...\n"
OWN = ("own.py", "File")


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "index" / "index.sqlite", "model") as opened:
        yield opened


def place(store, path, source):
    store.replace_file(FileRecord(path, len(source), 1, source, "utf-8"), find_units(parse(text_of(source))))


def names(reader, *mates, own=OWN):
    return [each.name for each in reader(own, frozenset(mates))]


def test_names_stand_beside_the_mates_in_other_scopes_of_the_index(store):
    place(store, "a.py", STREAM + SOCKET)
    reader = CompanyReader(store)
    assert names(reader, "read", "close") == ["flush", "shut"]
    assert names(reader, "read", "close", own=("a.py", "Stream")) == ["shut"]
    assert names(reader, "glow") == []


def test_what_is_kept_is_right_after_every_change(store):
    place(store, "a.py", STREAM)
    reader = CompanyReader(store)
    assert names(reader, "read", "glow") == ["close", "flush"]
    place(store, "b.py", SOCKET)
    place(store, "a.py", "def glow(): ...\n")
    assert names(reader, "read", "glow") == ["shut"]


def test_scopes_of_a_name_are_read_once_while_nothing_changes(store, monkeypatch):
    place(store, "a.py", STREAM + SOCKET)
    asked = []
    read = store.scopes_with
    monkeypatch.setattr(store, "scopes_with", lambda names: asked.append(set(names)) or read(names))
    reader = CompanyReader(store)
    for mates in (["read", "close"], ["read", "glow"], ["close", "glow"]):
        names(reader, *mates)
    assert asked == [{"read", "close"}, {"glow"}]


def test_no_more_names_are_kept_than_a_few_hundred(store, monkeypatch):
    monkeypatch.setattr("codekin_server.naming.company_reader._KEPT", 2)
    place(store, "a.py", STREAM + SOCKET)
    reader = CompanyReader(store)
    for at in range(9):
        assert names(reader, "read", f"name_{at}") == ["shut", "close", "flush"]
    assert len(reader._kept[1]) <= 3


def test_the_mates_of_a_larger_scope_are_kept_all_the_same(store, monkeypatch):
    monkeypatch.setattr("codekin_server.naming.company_reader._KEPT", 2)
    place(store, "a.py", STREAM + SOCKET)
    reader = CompanyReader(store)
    mates = ["read", "close", "glow", "dim"]
    found, kept = names(reader, *mates), reader._kept[1]
    assert len(kept) == 4
    assert (names(reader, *mates), reader._kept[1] is kept) == (found, True)
