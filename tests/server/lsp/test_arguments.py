import pytest
from lsprotocol.types import Position

from codekin_server.lsp.arguments import PlaceRequest, read_place, read_uri
from codekin_server.lsp.boundary import BadArguments

URI = "file:///a.py"
HERE = {"line": 3, "character": 4}


@pytest.mark.parametrize(
    "given",
    [
        [URI, HERE],
        [{"uri": URI, "position": HERE}],
        [{"textDocument": {"uri": URI}, "position": HERE}],
        [{"textDocument": {"uri": URI, "version": 3}, "position": HERE}],
        [{"uri": URI, "range": {"start": HERE, "end": HERE}}],
        [{"uri": URI}, HERE],
    ],
)
def test_positions(given):
    assert read_place("c", given) == PlaceRequest(URI, Position(3, 4), 10)


@pytest.mark.parametrize("given", [[URI, 3], [URI, {"line": 3}], [{"uri": URI, "line": 3}], [URI, 3, 10]])
def test_lines(given):
    assert read_place("c", given) == PlaceRequest(URI, Position(3, 0), 10)


def test_a_whole_document_and_a_limit():
    assert read_place("c", [{"uri": URI, "limit": 2}]) == PlaceRequest(URI, None, 2)
    assert read_place("c", [URI, None, 2]) == PlaceRequest(URI, None, 2)


@pytest.mark.parametrize(
    "given",
    [
        None,
        [],
        [None],
        [3],
        [""],
        [URI, "3"],
        [URI, -1],
        [URI, True],
        [URI, {"character": 1}],
        [URI, {"line": "1", "character": 1}],
        [URI, HERE, 5, 6],
        [URI, HERE, "5"],
        [{"uri": URI, "postion": HERE}],
        [{"position": HERE}],
        [{"textDocument": {}, "position": HERE}],
    ],
)
def test_no_places(given):
    with pytest.raises(BadArguments, match=r"codekin[.]x takes"):
        read_place("codekin.x", given)


def test_folders():
    assert read_uri("c", None) is None
    assert read_uri("c", []) is None
    assert read_uri("c", [URI]) == URI
    assert read_uri("c", [{"uri": URI}]) == URI


@pytest.mark.parametrize("given", [[1], [URI, URI], [[URI]]])
def test_no_folders(given):
    with pytest.raises(BadArguments, match="c takes no arguments"):
        read_uri("c", given)


def test_a_place_beyond_every_document_is_the_farthest_there_is():
    far = {"line": 2**40, "character": 2**31}
    assert read_place("c", [URI, far]).position == Position(2**31 - 1, 2**31 - 1)
