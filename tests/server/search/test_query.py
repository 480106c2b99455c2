"""Questions taken apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codekin_model.source.unit import UnitKind
from codekin_server.search.query import parse_query


def test_stop_words_are_left_out():
    assert parse_query("how do we parse the header?").words == ("parse", "header")


def test_a_question_of_stop_words_keeps_them():
    assert parse_query("what is this").words == ("what", "is", "this")


def test_identifiers_are_split_and_kept_whole():
    query = parse_query("where is parse_header called")
    assert query.identifiers == {"parse_header"}
    assert query.words == ("parse", "header", "called", "parse_header")
    assert not query.is_symbol


def test_camel_case_dots_and_digits_make_an_identifier():
    assert parse_query("HttpError os.path sha256 header").identifiers == {"HttpError", "os.path", "sha256"}


def test_one_word_alone_is_a_symbol():
    assert parse_query("gradient").is_symbol
    assert parse_query(" Reader.close ").is_symbol
    assert not parse_query("close reader").is_symbol


def test_what_kind_of_code_is_asked_for():
    assert parse_query("tests of the parser").wants_tests
    assert parse_query("exception class for timeouts").wants_classes
    assert parse_query("module with constants").wants_modules
    plain = parse_query("parse header")
    assert not (plain.wants_tests or plain.wants_classes or plain.wants_modules)


@pytest.mark.parametrize("text", ["def merge", "  async def merge(self):", "def merge[T](one: T)", "class merge:"])
def test_a_line_that_defines_a_name_asks_for_that_name(text):
    query = parse_query(text)
    assert (query.text, query.words, query.is_symbol) == ("merge", ("merge",), True)


def test_a_definition_says_what_kind_is_meant():
    assert parse_query("class Console").kinds == {UnitKind.CLASS}
    assert UnitKind.METHOD in parse_query("def merge").kinds
    assert not parse_query("merge").kinds


@pytest.mark.parametrize("text", ["class that reads files", "class hierarchy", "def of a merge", "default merge"])
def test_words_about_definitions_stay_words(text):
    assert not parse_query(text).kinds


@given(st.text())
def test_any_text_can_be_taken_apart(text):
    query = parse_query(text)
    assert all(word == word.strip() and word for word in query.words)


def test_a_called_name_is_an_identifier_and_self_is_no_part_of_it():
    query = parse_query("self.queue.put(item) then cls.close() and read()")
    assert query.identifiers == {"queue.put", "close", "read"}
    assert query.members == {"put"}
    assert parse_query("open the file(s)").identifiers == frozenset()


def test_a_name_with_brackets_is_a_symbol():
    query = parse_query("reader.read()")
    assert query.is_symbol
    assert (query.identifiers, query.members) == ({"reader.read"}, {"read"})


def test_the_words_of_a_symbol_are_one_run():
    assert parse_query("NotImplementedError").runs == ("not implemented error",)
    assert parse_query("error").runs == ()


def test_a_pasted_definition_keeps_what_it_says_to_tell_it_from_others_of_its_name():
    assert "read self size" in parse_query("def read(self, size):\n    return self.file.read(size)").runs


def test_a_traceback_is_asked_for_by_its_error_and_its_frames():
    text = "Traceback (most recent call last):\n  File \"pkg/io.py\", line 7, in read\nKeyError: 'price'\n"
    query = parse_query(text)
    assert query.words == ("key", "error", "price", "keyerror")
    assert [frame.name for frame in query.frames] == ["read"]
    assert not query.is_symbol


def test_a_pasted_error_that_begins_with_a_test_is_no_definition():
    text = "def test_it():\n>    read()\n\npkg/io.py:7: in read\nE   ValueError: nothing to read here\n"
    assert parse_query(text).words[0] == "value"


def test_runs_are_three_words_as_they_follow_one_another():
    assert parse_query("no such column: in it").runs == ("no such column", "such column in", "column in it")
    assert parse_query("how do I find it").runs == ()


def test_the_class_of_a_pasted_error_is_no_identifier():
    query = parse_query("UsageError: no such column in price_table")
    assert query.identifiers == {"price_table"}
    assert "usage" in query.words
    assert parse_query("where is UsageError raised").identifiers == {"UsageError"}
