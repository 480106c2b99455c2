from dataclasses import replace

import pytest

from codekin_model.source.unit import UnitKind
from codekin_server.search.query import parse_query
from codekin_server.search.ranking import Hit
from codekin_server.search.reasons import is_told, reasons
from codekin_server.store.records import UnitRecord

UNIT = UnitRecord(
    1,
    "net/http.py",
    "net.http",
    UnitKind.FUNCTION,
    "parse_header",
    "parse_header",
    1,
    2,
    0,
    9,
    4,
    9,
    "f",
    is_test=False,
)
HIT = Hit(UNIT, 0.5, ("lexical",))


@pytest.mark.parametrize(
    ("query", "in_text", "expected"),
    [
        ("parse_header", frozenset(), "exact name"),
        ("parseHeader", frozenset(), "name but for case and underscores"),
        ("parsing a header", frozenset(), "name: parsing, header"),
        ("a line", frozenset({"line"}), "text: line"),
        ("http errors", frozenset(), "place: http"),
        ("telephone", frozenset(), "words"),
    ],
)
def test_the_first_reason(query, in_text, expected):
    in_text = frozenset(parse_query(" ".join(in_text)).stems) if in_text else in_text
    assert reasons(parse_query(query), HIT, in_text)[0] == expected


def test_what_was_found_by_meaning_says_so():
    hit = replace(HIT, produced_by=("semantic",), near=True)
    assert reasons(parse_query("telephone"), hit, frozenset()) == ("means the same",)


def test_what_is_merely_nearer_than_the_rest_does_not_claim_to_mean_the_same():
    hit = replace(HIT, produced_by=("semantic",))
    assert reasons(parse_query("telephone"), hit, frozenset()) == ("nearest in meaning",)
    assert reasons(parse_query("header"), hit, frozenset()) == ("name: header",)


@pytest.mark.parametrize(
    ("query", "in_text", "told"),
    [
        ("parse_header", (), True),
        ("parse http", (), True),
        ("a line of a header", ("line",), True),
        ("a line of a header", (), False),
        ("telephone", (), False),
    ],
)
def test_what_is_named_or_says_every_word_is_told(query, in_text, told):
    assert is_told(parse_query(query), HIT, parse_query(" ".join(in_text)).stems) is told


def test_what_was_running_says_so():
    text = 'File "/usr/lib/net/http.py", line 2, in parse_header\nKeyError: 3'
    assert reasons(parse_query(text), HIT, frozenset())[0] == "in the traceback"
