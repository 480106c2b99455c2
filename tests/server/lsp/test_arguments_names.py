import pytest
from lsprotocol.types import Position

from codekin_server.lsp.arguments import PlaceRequest
from codekin_server.lsp.arguments_names import RenameRequest, read_explain, read_rename, read_spot
from codekin_server.lsp.boundary import BadArguments

URI, HERE = "file:///a.py", {"line": 3, "character": 4}
PLACE = {"uri": URI, "position": HERE}


@pytest.mark.parametrize("given", [[{**PLACE, "newName": "total"}], [URI, HERE, "total"], [URI, HERE, " total "]])
def test_renamings(given):
    assert read_rename(given) == RenameRequest(URI, Position(3, 4), "total")


@pytest.mark.parametrize(
    "given",
    [None, [], [PLACE], [{"uri": URI, "newName": "x"}], [URI, HERE], [URI, HERE, 1], [{**PLACE, "newName": 1}], [URI]],
)
def test_renamings_that_mean_nothing(given):
    with pytest.raises(BadArguments, match=r"codekin\.rename takes"):
        read_rename(given)


def test_a_command_about_one_place_needs_its_position():
    assert read_spot("codekin.summarise", [PLACE]) == (PlaceRequest(URI, Position(3, 4), 10), Position(3, 4))
    with pytest.raises(BadArguments, match=r"codekin\.summarise needs a position"):
        read_spot("codekin.summarise", [URI])


@pytest.mark.parametrize(
    ("given", "naming"), [([PLACE], False), ([{**PLACE, "naming": True}], True), ([URI, HERE], False)]
)
def test_explanations_of_a_place_or_of_its_names(given, naming):
    assert read_explain(given) == (PlaceRequest(URI, Position(3, 4), 10), naming)


def test_naming_is_yes_or_no():
    with pytest.raises(BadArguments, match="true or false"):
        read_explain([{**PLACE, "naming": 1}])
