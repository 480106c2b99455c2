"""Ranking signals, one by one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codekin_model.source.unit import UnitKind
from codekin_server.search import signals
from codekin_server.search.fusion import reciprocal_ranks
from codekin_server.search.query import parse_query
from codekin_server.search.weights import WORDS
from codekin_server.search.words import stem
from codekin_server.store.records import UnitRecord


def unit(qualified_name, *, path="pkg/io.py", module="pkg.io", kind=UnitKind.FUNCTION, is_test=False):
    name = qualified_name.rpartition(".")[2]
    return UnitRecord(1, path, module, kind, name, qualified_name, 1, 2, 0, 9, 0, 1, "f", is_test)


@pytest.mark.parametrize(
    ("query", "name", "value"),
    [
        ("read_lines", "read_lines", 1.0),
        ("where is read_lines", "read_lines", 1.0),
        ("Reader.read", "Reader.read", 1.0),
        ("pkg.io.read", "read", 1.0),
        ("io.read", "read", 1.0),
        ("readLines", "read_lines", signals.LOOSE),
        ("read", "read", 1.0),
        ("read the lines", "read", 0.0),
        ("read_lines", "lines", 0.0),
        ("read_lines", "", 0.0),
        ("Reader.readLines", "Reader.read_lines", signals.LOOSE),
        ("pkg.Reader", "Reader", 0.95),
        ("pkg.read", "Reader.read", 0.9),
        ("io.pkg.read", "read", signals.MEMBER),
        ("source.read()", "Reader.read", signals.MEMBER),
        ("is source.read there", "Reader.read", 0.0),
        ("self.read", "Reader.read", 1.0),
        ("read4", "read", 0.0),
        ("lru cache", "LRUCache", signals.LOOSE),
        ("ReadError: no line is left", "ReadError", signals.RAISED),
    ],
)
def test_symbol_match(query, name, value):
    assert signals.symbol_match(parse_query(query), unit(name)) == value


@pytest.mark.parametrize(("query", "value"), [("pkg.io", 1.0), ("io", 1.0), ("pkg", 0.0), ("pkg.io.read", 0.0)])
def test_a_module_is_named_by_the_end_of_its_path(query, value):
    assert signals.symbol_match(parse_query(query), unit("", kind=UnitKind.MODULE)) == value


@pytest.mark.parametrize(
    ("query", "name", "value"),
    [
        ("read lines", "read_lines", 1.0),
        ("reading lines", "read_line", 1.0),
        ("read", "read_lines", 2 / 3),
        ("read lines quickly from disk", "read_lines", 4 / 6),
        ("write", "read_lines", 0.0),
        ("write", "", 0.0),
    ],
)
def test_name_coverage(query, name, value):
    assert signals.name_coverage(parse_query(query), unit(name)) == pytest.approx(value)


def test_place_coverage_counts_module_and_class_words():
    assert signals.place_coverage(parse_query("io reader"), unit("Reader.read")) == 1.0
    assert signals.place_coverage(parse_query("io socket"), unit("Reader.read")) == 0.5
    assert signals.place_coverage(parse_query("?"), unit("Reader.read")) == 0.0


def test_demotions():
    plain = parse_query("read lines")
    assert signals.demotion(plain, unit("read"), WORDS) == 1.0
    assert signals.demotion(plain, unit("read", is_test=True), WORDS) == WORDS.test_factor
    assert signals.demotion(parse_query("tests of read"), unit("read", is_test=True), WORDS) == 1.0
    assert signals.demotion(plain, unit("read", path="a/_vendor/b.py"), WORDS) == WORDS.vendored_factor
    assert signals.demotion(plain, unit("Reader", kind=UnitKind.CLASS), WORDS) == WORDS.class_factor
    assert signals.demotion(parse_query("Reader"), unit("Reader", kind=UnitKind.CLASS), WORDS) == 1.0
    assert signals.demotion(plain, unit("", kind=UnitKind.MODULE), WORDS) == WORDS.module_factor


def test_what_is_not_of_the_kind_that_was_asked_for_stands_back():
    asked = parse_query("class Console")
    assert signals.demotion(asked, unit("Console", kind=UnitKind.CLASS), WORDS) == 1.0
    assert signals.demotion(asked, unit("console"), WORDS) == WORDS.other_kind_factor


@given(st.floats(-1, 1))
def test_a_scaled_cosine_is_a_share(cosine):
    assert 0.0 <= signals.scaled_cosine(cosine, WORDS) <= 1.0


def test_reciprocal_ranks_fall_from_one():
    ranks = reciprocal_ranks(["a", "b", "a", "c"], 10)
    assert ranks["a"] == 1.0
    assert ranks["a"] > ranks["b"] > ranks["c"] > 0


@pytest.mark.parametrize(("one", "other"), [("parsing", "parsed"), ("copies", "copied"), ("stopping", "stops")])
def test_stems_meet(one, other):
    assert stem(one) == stem(other)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", max_size=20))
def test_a_stem_begins_the_word(word):
    assert word.startswith(stem(word))
    assert len(stem(word)) >= min(3, len(word))
