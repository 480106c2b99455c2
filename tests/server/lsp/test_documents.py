from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from codekin_server.lsp.documents import Documents, is_python
from codekin_server.lsp.protocol import UNVERSIONED

URI = "file:///w/a%20b.py"


def opened(text: str, uri: str = URI) -> Documents:
    documents = Documents()
    documents.open(types.TextDocumentItem(uri, "python", 1, text))
    return documents


def part(start, end, text):
    return types.TextDocumentContentChangePartial(types.Range(types.Position(*start), types.Position(*end)), text)


def changed(documents, *changes, version=2, encoding="utf-16"):
    identifier = types.VersionedTextDocumentIdentifier(version, URI)
    return documents.change(types.DidChangeTextDocumentParams(identifier, list(changes)), encoding)


def test_edits_are_made_one_after_the_other():
    change = changed(opened("one\ntwo\n"), part((0, 0), (0, 3), "1\n1"), part((2, 0), (2, 3), "2"))
    assert change.document.text.data == b"1\n1\n2\n"
    assert [(edit.start, edit.old_end, edit.new_end, text) for edit, text in change.edits] == [
        (0, 3, 3, b"1\n1"),
        (4, 7, 5, b"2"),
    ]


def test_a_whole_text_replaces_everything():
    change = changed(opened("one"), part((0, 0), (0, 1), "x"), types.TextDocumentContentChangeWholeDocument("new"))
    assert (change.document.text.data, change.edits) == (b"new", None)


def test_an_edit_after_a_whole_text_is_made_on_it():
    change = changed(opened("one"), types.TextDocumentContentChangeWholeDocument("new"), part((0, 3), (0, 3), "er"))
    assert (change.document.text.data, change.edits) == (b"newer", None)


@pytest.mark.parametrize(("encoding", "character"), [("utf-8", 4), ("utf-16", 2), ("utf-32", 1)])
def test_characters_are_counted_as_agreed(encoding, character):
    change = changed(opened("\U0001f40dx"), part((0, character), (0, character), "-"), encoding=encoding)
    assert change.document.text.data.decode() == "\U0001f40d-x"


def test_the_version_is_the_clients():
    assert changed(opened("a"), version=9).document.version == 9


def test_a_document_is_found_however_its_uri_is_written():
    documents = opened("a")
    assert documents.get("file:///w/a b.py") == documents.get(URI)
    assert documents.get("file:///w/other.py") is None


def test_what_was_never_opened_cannot_change_or_close():
    assert changed(Documents(), part((0, 0), (0, 0), "x")) is None
    assert Documents().close(URI) is None


def test_a_document_that_is_no_file_has_no_path():
    assert opened("a", "untitled:Untitled-1").all()[0].path is None


@given(
    st.text(),
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9), st.integers(0, 5), st.integers(0, 9), st.text())),
)
def test_the_edits_of_any_change_lead_to_its_text(text, edits):
    documents = opened(text)
    data = documents.all()[0].text.data
    change = changed(documents, *(part((a, b), (c, d), new) for a, b, c, d, new in edits))
    for edit, new in change.edits:
        data = data[: edit.start] + new + data[edit.old_end :]
    assert data == change.document.text.data


@pytest.mark.parametrize(
    ("language", "path", "ours"),
    [
        ("python", None, True),
        ("plaintext", Path("/w/a.py"), True),
        ("plaintext", Path("/w/A.PY"), True),
        ("plaintext", Path("/w/a.ipynb"), False),
        ("plaintext", None, False),
    ],
)
def test_a_document_is_for_us_by_its_language_or_by_its_name(language, path, ours):
    assert is_python(language, path) is ours


def test_a_change_without_a_version_is_the_next_one():
    documents = opened("a")
    changed(documents, part((0, 0), (0, 0), "x"), version=UNVERSIONED)
    assert changed(documents, part((0, 0), (0, 0), "y"), version=UNVERSIONED).document.version == 3


def test_a_lost_document_is_unknown_whatever_parts_of_it_are_edited():
    documents = opened("a")
    documents.lose(URI)
    assert changed(documents, part((0, 0), (0, 0), "x")) is None
    assert documents.get(URI) is None
    assert documents.is_lost(Path("/w/a b.py"))


def test_a_lost_document_is_found_again_by_its_whole_text():
    documents = opened("a")
    documents.lose(URI)
    change = changed(documents, types.TextDocumentContentChangeWholeDocument("new"))
    assert (documents.get(URI), change.document.text.data, change.edits) == (change.document, b"new", None)
    assert not documents.is_lost(Path("/w/a b.py"))


def test_a_lost_document_is_found_again_when_it_is_opened():
    documents = opened("a")
    documents.lose(URI)
    documents.open(types.TextDocumentItem(URI, "python", 1, "new"))
    assert not documents.is_lost(Path("/w/a b.py"))


def test_a_lost_document_can_be_closed():
    documents = opened("a")
    documents.lose(URI)
    assert documents.close(URI).uri == URI
    assert not documents.is_lost(Path("/w/a b.py"))
