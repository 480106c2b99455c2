import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codekin_model.source.span import Span
from codekin_model.source.text import SourceText, UnreadableSource, decode_source, text_of


def test_utf8_is_taken_as_it_is():
    text = decode_source("name = 'größe'\n".encode())
    assert text.data == "name = 'größe'\n".encode()
    assert text.encoding == "utf-8"


def test_a_byte_order_mark_is_no_part_of_the_text():
    text = decode_source(codecs.BOM_UTF8 + b"x = 1\n")
    assert text == SourceText(b"x = 1\n")
    assert text.encoding == "utf-8-sig"


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "iso-8859-15", "shift_jis", "koi8-r", "gbk"])
def test_a_declared_encoding_is_honoured(encoding):
    sample = {"shift_jis": "語", "koi8-r": "ж", "gbk": "语"}.get(encoding, "é")
    code = f"# -*- coding: {encoding} -*-\nname = '{sample}'\n"
    text = decode_source(code.encode(encoding))
    assert text.data == code.encode()
    assert codecs.lookup(text.encoding) == codecs.lookup(encoding)


def test_a_declaration_on_the_second_line_is_honoured():
    assert decode_source(b"#!/usr/bin/python\n# coding: latin-1\n'\xe9'\n").slice(Span(37, 39)) == "é"


@pytest.mark.parametrize(
    "raw",
    [
        b"x = 1\0",
        "x = 1".encode("utf-16"),
        b"x = '\xe9'",
        b"# coding: no-such-encoding\n",
        b"# coding: rot13\n",
        b"# coding: hex\n",
        b"# coding: utf-16\nx = 1\n\n",
        b"# coding: utf-7\n",
        b"# coding: punycode\n",
        b"# coding: unicode_escape\n",
        b"# coding: cp1252\n'\x81'",
        codecs.BOM_UTF8 + b"# coding: latin-1\n",
        b"\xff" * 100,
    ],
)
def test_what_is_not_python_text_is_refused(raw):
    with pytest.raises(UnreadableSource):
        decode_source(raw)


def test_a_lone_carriage_return_ends_a_line_and_keeps_offsets():
    text = decode_source(b"a = 1\rb = 2\r\nc = 3")
    assert text.data == b"a = 1\nb = 2\r\nc = 3"
    assert text.line_at(13) == 2


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_are_refused(raw):
    try:
        assert decode_source(raw).data.decode("utf-8") is not None
    except UnreadableSource as problem:
        assert str(problem)


@given(
    st.sampled_from(["latin-1", "utf-16", "utf-7", "cp1252", "hz", "idna", "cp037", "undefined"]),
    st.binary(max_size=80),
)
def test_any_declared_encoding_is_text_or_is_refused(encoding, body):
    try:
        decode_source(b"# coding: " + encoding.encode() + b"\n" + body).data.decode("utf-8")
    except UnreadableSource as problem:
        assert str(problem)


def test_lone_surrogates_of_a_document_become_question_marks():
    assert text_of("x = '\ud800'").data == b"x = '?'"


@given(st.text(alphabet="a\n\ré", max_size=60), st.integers(0, 80))
def test_points_are_rows_and_byte_columns(content, offset):
    text = text_of(content)
    offset = min(offset, len(text.data))
    before = text.data[:offset]
    assert text.point_at(offset) == (before.count(b"\n"), len(before) - (before.rfind(b"\n") + 1))


def test_a_slice_through_a_character_is_no_error():
    assert text_of("é").slice(Span(0, 1)) == "\ufffd"
