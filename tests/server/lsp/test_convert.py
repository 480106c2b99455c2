import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from codekin_model.source.span import Span
from codekin_model.source.text import SourceText, text_of
from codekin_server.lsp.convert import Positions

WIDTHS = {
    types.PositionEncodingKind.Utf8: lambda text: len(text.encode()),
    types.PositionEncodingKind.Utf16: lambda text: len(text.encode("utf-16-le")) // 2,
    types.PositionEncodingKind.Utf32: len,
}
LINE_ENDS = ["\n", "\r\n", "\r"]
CHARACTERS = st.characters(codec="utf-8", exclude_characters="\r\n")
ROWS = st.text(CHARACTERS | st.sampled_from("\x0b\x0c\x1c\x85\u2028é\U0001f40d"), max_size=6)
ROWS_OF_A_TEXT = st.lists(ROWS, min_size=1, max_size=5)
ENCODINGS = st.sampled_from(sorted(WIDTHS))


@given(rows=ROWS_OF_A_TEXT, end=st.sampled_from(LINE_ENDS), encoding=ENCODINGS, data=st.data())
def test_every_character_of_any_text_is_found_from_both_sides(rows, end, encoding, data):
    line = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.integers(0, len(rows[line])))
    before = end.join([*rows[:line], rows[line][:column]])
    position = types.Position(line, WIDTHS[encoding](rows[line][:column]))
    positions = Positions(text_of(end.join(rows)), encoding)
    assert positions.offset(position) == len(before.encode())
    assert positions.position(len(before.encode())) == position


@given(text=st.text(), encoding=ENCODINGS, line=st.integers(0, 9), character=st.integers(0, 99))
def test_any_position_gives_an_offset_inside_the_text_and_between_characters(text, encoding, line, character):
    source = text_of(text)
    offset = Positions(source, encoding).offset(types.Position(line, character))
    source.data[:offset].decode()
    source.data[offset:].decode()


@given(text=st.text(), encoding=ENCODINGS, offset=st.integers(-1, 50))
def test_any_offset_gives_a_position_that_leads_back_to_its_character(text, encoding, offset):
    positions = Positions(text_of(text), encoding)
    position = positions.position(offset)
    assert positions.position(positions.offset(position)) == position


def test_a_position_inside_a_surrogate_pair_is_moved_to_its_start():
    assert Positions(text_of("a\U0001f40db")).offset(types.Position(0, 2)) == 1


def test_a_position_past_the_end_of_a_line_stays_before_its_end():
    assert Positions(text_of("ab\r\ncd\n")).offset(types.Position(0, 99)) == 2


def test_a_position_past_the_last_line_is_the_end():
    assert Positions(text_of("ab\n")).offset(types.Position(7, 0)) == 3


def test_lone_surrogates_keep_their_width():
    assert Positions(text_of("\ud83d = x")).offset(types.Position(0, 4)) == 4


def test_a_range_that_stands_the_wrong_way_round_is_turned():
    positions = Positions(text_of("abcd"))
    assert positions.span(types.Range(types.Position(0, 3), types.Position(0, 1))) == Span(1, 3)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_are_covered_without_the_last_ones_end(end):
    positions = Positions(text_of(f"a{end}b\U0001f40d{end}c"))
    assert positions.line_range(1, 2) == types.Range(types.Position(0, 0), types.Position(1, 3))
    assert positions.line_range(3, 3) == types.Range(types.Position(2, 0), types.Position(2, 1))


def test_lines_past_the_end_of_a_shorter_text_are_its_last_one():
    assert Positions(text_of("a\nb")).line_range(8, 9) == types.Range(types.Position(1, 0), types.Position(1, 1))


def test_a_lone_carriage_return_ends_a_line_for_the_client_only():
    positions = Positions(SourceText(b"a\rb\nc"))
    assert positions.position(2) == types.Position(1, 0)
    assert positions.source_line(types.Position(1, 0)) == 1
    assert positions.source_line(types.Position(2, 0)) == 2
