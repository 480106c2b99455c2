from hypothesis import given, settings
from hypothesis import strategies as st

from codekin_model.source.span import Span
from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.units import find_units
from codekin_server.workspace.documents import TextChange, edited, open_document

CODE = "def one():\n    return 1\n\n\ndef two():\n    return 'é'\n"


def test_changes_are_applied_one_after_the_other():
    document = open_document("a.py", "abc", 1)

    after = edited(document, 2, [TextChange(Span(0, 1), "éé"), TextChange(Span(4, 5), "x")])

    assert after.text.data.decode() == "ééxc"
    assert after.version == 2


def test_a_document_that_is_held_stays_as_it_is():
    document = open_document("a.py", CODE, 1)
    units = document.units

    edited(document, 2, [TextChange(Span(4, 7), "uno")])

    assert document.text.data.decode() == CODE
    assert find_units(document.tree) == units


def test_a_document_that_is_too_large_is_kept_but_not_looked_into():
    document = open_document("a.py", CODE, 1, largest=len(CODE.encode()))
    assert len(document.units) == 3

    document = edited(document, 2, [TextChange(Span(0, 0), "# ")])
    assert document.is_too_large
    assert document.text.data.decode() == f"# {CODE}"
    assert document.units == ()

    document = edited(document, 3, [TextChange(Span(0, 2), "")])
    assert document.units == find_units(parse(text_of(CODE)))


changes = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 9), st.text("ab(:\n 'é\ud800", max_size=6)), max_size=8)


@settings(max_examples=60, deadline=None)
@given(changes)
def test_a_document_that_was_broken_by_any_edits_and_mended_equals_one_opened_afresh(edits):
    document = open_document("a.py", CODE, 0)
    for version, change in enumerate(edits, 1):
        document = edited(document, version, [change_at(document.text.data, *change)])
        assert document.units == find_units(document.tree)

    document = edited(document, 99, CODE)

    assert document.units == find_units(parse(text_of(CODE)))


def change_at(data, place, width, text):
    """A change between two characters."""
    start = forward(data, int(place * len(data)))
    return TextChange(Span(start, forward(data, min(start + width, len(data)))), text)


def forward(data, at):
    while at < len(data) and data[at] & 0xC0 == 0x80:
        at += 1
    return at
