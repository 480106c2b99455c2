import asyncio

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

ORDERS = "shop/orders.py"


async def test_search_finds_by_description(connect, workspace, transport):
    async with connect(workspace, transport=transport) as editor:
        await editor.embedded()
        found = await editor.command("codekin.search", "read the lines of a text file", 3)
    first = found["results"][0]
    assert (found["query"], len(found["results"])) == ("read the lines of a text file", 3)
    assert (first["path"], first["qualified_name"], first["kind"]) == (ORDERS, "read_lines", "function")
    assert (first["start_line"], first["end_line"]) == (12, 15)
    assert first["uri"] == (workspace / ORDERS).as_uri()
    assert first["range"] == {"start": {"line": 11, "character": 0}, "end": {"line": 14, "character": 53}}
    assert 0 < first["score"] <= 1
    assert first["produced_by"]


async def test_search_takes_an_object(editor):
    found = await editor.command("codekin.search", {"query": "prices", "limit": 2})
    assert len(found["results"]) == 2


async def test_similar_finds_kin(editor, workspace):
    uri = (workspace / ORDERS).as_uri()
    by_position = await editor.command("codekin.similar", uri, {"line": 5, "character": 0})
    by_object = await editor.command(
        "codekin.similar", {"textDocument": {"uri": uri}, "position": {"line": 5, "character": 0}, "limit": 10}
    )
    by_line = await editor.command("codekin.similar", uri, 5)
    assert by_position["target"]["qualified_name"] == "total_price"
    assert by_position["target"]["range"]["start"] == {"line": 3, "character": 0}
    assert "total_price" not in [result["qualified_name"] for result in by_position["results"]]
    assert by_position == by_object == by_line


async def test_names_of_one_function_and_of_all(editor, workspace):
    uri = (workspace / ORDERS).as_uri()
    one = await editor.command("codekin.suggestNames", uri, {"line": 3, "character": 0})
    (function,) = one["functions"]
    assert function["qualified_name"] == "total_price"
    assert function["nameRange"] == {"start": {"line": 3, "character": 4}, "end": {"line": 3, "character": 15}}
    assert all(suggestion.keys() == {"name", "probability", "source"} for suggestion in function["suggestions"])
    every = await editor.command("codekin.suggestNames", uri)
    assert [function["qualified_name"] for function in every["functions"]] == [
        "total_price",
        "read_lines",
        "Cart.__init__",
        "Cart.add_price",
        "Cart.sum_up",
        "Cart.sum_up.rounded",
    ]


async def test_explain_points_into_the_document(editor, workspace):
    path = workspace / ORDERS
    explained = await editor.command("codekin.explain", path.as_uri(), {"line": 5, "character": 0})
    assert explained["target"]["qualified_name"] == "total_price"
    assert 0 <= explained["structure_share"] <= 1
    lines = path.read_text().splitlines()
    for context in explained["contexts"]:
        place = context["startRange"]
        row = lines[place["start"]["line"]][place["start"]["character"] : place["end"]["character"]]
        assert row


async def test_status_tells_of_the_index_and_the_worker(editor, workspace):
    status = await editor.command("codekin.status")
    assert (status["files"], status["vectors_missing"]) == (3, 0)
    assert status["uri"] == workspace.as_uri()
    assert status["worker"]["state"] == "ready"
    assert status["folders"] == [{key: status[key] for key in status if key not in ("folders", "last_errors")}]


async def test_reindex_answers_when_it_is_done(editor, workspace):
    (workspace / "shop" / "stock.py").write_text("def refill(shelf):\n    shelf.append(1)\n")
    answer = await editor.command("codekin.reindex")
    assert answer["files"] == 4
    assert answer["vectors_missing"] == 0
    assert not answer["cancelled"]


BAD = [
    ("codekin.search", []),
    ("codekin.search", [""]),
    ("codekin.search", [7]),
    ("codekin.search", ["words", "many"]),
    ("codekin.search", ["words", 0]),
    ("codekin.search", [{"words": "x"}]),
    ("codekin.similar", []),
    ("codekin.similar", ["file:///x.py", "here"]),
    ("codekin.similar", [{"position": {"line": 1, "character": 1}}]),
    ("codekin.similar", ["file:///x.py", {"line": -1, "character": 0}]),
    ("codekin.explain", [None]),
    ("codekin.suggestNames", [3]),
    ("codekin.status", ["a", "b"]),
    ("codekin.reindex", [5]),
]


async def test_bad_arguments_are_answered_with_what_is_accepted(editor):
    for command, arguments in BAD:
        with pytest.raises(JsonRpcException, match=f"{command} takes") as caught:
            await editor.command(command, *arguments)
        assert (caught.value.code, caught.value.data) == (types.ErrorCodes.InvalidParams, None)


async def test_an_unknown_command_is_answered_with_those_there_are(editor):
    with pytest.raises(JsonRpcException, match="there are codekin"):
        await editor.command("codekin.dance")


async def test_a_place_without_a_function_is_answered_with_a_sentence(editor, workspace):
    with pytest.raises(JsonRpcException, match="give a line inside one"):
        await editor.command("codekin.similar", (workspace / ORDERS).as_uri(), 0)


async def test_a_document_in_no_folder_gets_an_empty_answer(editor, tmp_path):
    lone = tmp_path / "lone.py"
    lone.write_text("def f():\n    return 1\n")
    assert (await editor.command("codekin.similar", lone.as_uri(), 0))["results"] == []
    assert (await editor.command("codekin.suggestNames", lone.as_uri(), 0))["functions"] == []
    assert (await editor.command("codekin.explain", lone.as_uri(), 0))["contexts"] == []


async def test_a_cancelled_request_is_answered_as_such(editor):
    params = types.ExecuteCommandParams("codekin.search", ["prices"])
    request = editor.client.protocol.send_request(types.WORKSPACE_EXECUTE_COMMAND, params, msg_id="cancelled")
    editor.client.cancel_request(types.CancelParams("cancelled"))
    with pytest.raises(JsonRpcException, match="cancel"):
        await asyncio.wrap_future(request)
