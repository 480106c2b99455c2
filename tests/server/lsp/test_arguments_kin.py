import pytest
from lsprotocol.types import Position, Range

from codekin_server.lsp.arguments_kin import (
    DuplicatesRequest,
    SearchRequest,
    SimilarRequest,
    read_duplicates,
    read_map,
    read_search,
    read_similar,
)
from codekin_server.lsp.boundary import BadArguments

URI = "file:///a.py"
HERE, THERE = {"line": 3, "character": 4}, {"line": 5, "character": 0}


def words(limit=None, **given):
    fields = {"folder": None, "kinds": (), "tests": None, "token": None}
    return SearchRequest("words", limit, **{**fields, **given})


@pytest.mark.parametrize(
    ("given", "request_"),
    [
        (["words"], words()),
        (["words", 5], words(5)),
        (["words", 5.0], words(5)),
        (["words", None], words()),
        (["words", {"limit": 5}], words(5)),
        ([{"query": "words"}], words()),
        ([{"query": "words", "limit": 5}], words(5)),
        ([{"query": "words", "folder": URI}], words(folder=URI)),
        ([{"query": "words", "kinds": ["class", "method"]}], words(kinds=("class", "method"))),
        ([{"query": "words", "tests": "only"}], words(tests="only")),
        ([{"query": "words", "partialResultToken": 7}], words(token=7)),
    ],
)
def test_searches(given, request_):
    assert read_search(given) == request_


@pytest.mark.parametrize(
    "given",
    [
        None,
        [],
        [""],
        ["  "],
        [1],
        ["a", "b"],
        ["a", True],
        ["a", 0],
        ["a", 101],
        ["a", 1, 2],
        [{}],
        [{"query": "a", "x": 1}],
        [{"query": "a", "folder": 3}],
        [{"query": "a", "kinds": ["lambda"]}],
        [{"query": "a", "tests": "no"}],
        [{"query": "a", "partialResultToken": []}],
    ],
)
def test_no_searches(given):
    with pytest.raises(BadArguments, match=r"codekin[.]search takes"):
        read_search(given)


def test_a_position_and_an_empty_selection_are_one():
    at = SimilarRequest(URI, Position(3, 4), None, None, 10)
    assert read_similar([URI, HERE]) == at
    assert read_similar([{"uri": URI, "range": {"start": HERE, "end": HERE}}]) == at


def test_a_selection_has_two_ends():
    request = read_similar([{"uri": URI, "range": {"start": HERE, "end": THERE}, "limit": 3}])
    assert (request.selection, request.limit) == (Range(Position(3, 4), Position(5, 0)), 3)


def test_pasted_code_needs_no_document():
    assert read_similar([{"text": "x = 1"}]) == SimilarRequest("", None, None, "x = 1", 10)


@pytest.mark.parametrize(
    "given", [[{"text": 1}], [{"text": "x", "uri": URI}], [{"uri": URI, "range": {"start": HERE}}]]
)
def test_no_similar_code(given):
    with pytest.raises(BadArguments, match=r"codekin[.]similar takes"):
        read_similar(given)


def test_duplicates_of_everything_and_of_a_folder():
    assert read_duplicates(None) == DuplicatesRequest(None, 50, None)
    assert read_duplicates([{"folder": URI, "limit": 3, "threshold": 0.8}]) == DuplicatesRequest(URI, 3, 0.8)


@pytest.mark.parametrize("given", [[{"threshold": 0}], [{"threshold": 2}], [{"threshold": "high"}], [{"x": 1}], [1]])
def test_no_duplicates(given):
    with pytest.raises(BadArguments, match=r"codekin[.]duplicates takes"):
        read_duplicates(given)


def test_a_map_of_everything_and_of_a_folder():
    assert (read_map(None), read_map([{"folder": URI}])) == (None, URI)
    with pytest.raises(BadArguments, match=r"codekin[.]map takes"):
        read_map([{"uri": URI}])
