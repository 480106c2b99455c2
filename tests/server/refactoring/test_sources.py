"""The texts of one refactoring: each is read and parsed once, so that all that is asked sees the same state."""

import gc
import weakref

import pytest

from codekin_model.source.text import text_of
from codekin_server.refactoring import sources as sources_module
from codekin_server.refactoring.sources import Sources, read_from_disk

A = "def $0foo_it(foo_it_2):\n    return foo_it_2\n"
B = "from a import foo_it\n\n\nclass B:\n    def run(self):\n        return foo_it(1)\n"


@pytest.fixture
def sources(tmp_path):
    (tmp_path / "a.py").write_text("a = 1\n")
    return Sources.of(tmp_path, [tmp_path / "a.py"], {}, lambda _: False)


def test_a_text_is_as_it_was_read_first(sources):
    path = sources.root / "a.py"
    first = sources.read(path)
    path.write_text("b = 2\n")
    assert sources.read(path) is first
    assert sources.tree(path).text is first


def test_a_file_that_was_missing_stays_missing(sources):
    path = sources.root / "b.py"
    assert sources.read(path) is None
    path.write_text("b = 2\n")
    assert sources.tree(path) is None


def test_more_open_documents_leave_the_others_as_they_were(sources):
    path, book = sources.root / "a.py", sources.root / "b.ipynb"
    tree = sources.tree(path)
    both = sources.beside({book: text_of("b = 2\n")})
    assert both.tree(path) is tree
    assert both.read(book) == text_of("b = 2\n")
    assert book in both.files


def test_more_open_documents_count_for_what_was_read_already(sources):
    path = sources.root / "a.py"
    sources.tree(path)
    assert sources.beside({path: text_of("b = 2\n")}).tree(path).text == text_of("b = 2\n")


def test_an_open_document_wins_over_more_of_its_path(sources):
    path = sources.root / "a.py"
    opened = Sources.of(sources.root, sources.files, {path: text_of("c = 3\n")}, sources.is_skipped)
    assert opened.beside({path: text_of("b = 2\n")}).read(path) == text_of("c = 3\n")


def test_a_renaming_reads_every_file_once(workspace, monkeypatch):
    workspace.write("a.py", A)
    workspace.write("b.py", B)
    workspace.write("c.py", "from a import *\n\nprint(foo_it(2))\n")
    read = []
    monkeypatch.setattr(sources_module, "read_from_disk", lambda path: (read.append(path), read_from_disk(path))[1])
    assert len(workspace.renamed("bar_it")) == 3
    assert sorted(read) == sorted(workspace.files)


def test_a_renaming_keeps_no_trees_when_it_is_done(workspace, monkeypatch):
    workspace.write("a.py", A)
    workspace.write("b.py", B)
    parse, trees = sources_module.parse, []

    def parsed(text):
        tree = parse(text)
        trees.append(weakref.ref(tree))
        return tree

    monkeypatch.setattr(sources_module, "parse", parsed)
    assert len(workspace.renamed("bar_it")) == 2
    gc.collect()
    assert trees
    assert all(tree() is None for tree in trees)
