"""``codekin.rename``: the edit of a renaming, or the conflicts."""

import json

import pytest
from pygls.exceptions import JsonRpcException

ORDERS, REPORT = "shop/orders.py", "shop/report.py"


async def test_the_edit_is_answered_and_nothing_is_edited(editor, workspace):
    uri = editor.open(workspace / ORDERS)
    before = (workspace / ORDERS).read_text()
    place = {"uri": uri, "position": {"line": 3, "character": 6}}
    answer = await editor.command("codekin.rename", {**place, "newName": "sum_prices"})
    assert answer["conflicts"] == []
    changes = {each["textDocument"]["uri"]: each for each in answer["edit"]["documentChanges"]}
    assert {each: change["textDocument"]["version"] for each, change in changes.items()} == {
        uri: 1,
        (workspace / REPORT).as_uri(): None,
    }
    assert changes[uri]["edits"][0] == {
        "range": {"start": {"line": 3, "character": 4}, "end": {"line": 3, "character": 15}},
        "newText": "sum_prices",
    }
    assert (workspace / ORDERS).read_text() == before


async def test_conflicts_are_told(editor, workspace):
    uri = editor.open(workspace / ORDERS)
    place = {"uri": uri, "position": {"line": 3, "character": 6}}
    for name, reason in (("read_lines", "already in use"), ("class", "keyword"), ("a b", "not a Python name")):
        answer = await editor.command("codekin.rename", {**place, "newName": name})
        assert answer["edit"] is None
        assert reason in answer["conflicts"][0]
    nowhere = await editor.command("codekin.rename", uri, {"line": 2, "character": 0}, "sum_prices")
    assert "no name to change" in nowhere["conflicts"][0]


async def test_a_document_in_no_folder_cannot_be_renamed_in(editor, tmp_path):
    place = {"uri": (tmp_path / "lone.py").as_uri(), "position": {"line": 0, "character": 4}}
    answer = await editor.command("codekin.rename", {**place, "newName": "other"})
    assert answer["edit"] is None
    assert "none of the open workspace folders" in answer["conflicts"][0]


async def test_a_notebook_that_uses_the_name_is_told(connect, workspace):
    cells = [{"cell_type": "code", "source": "from shop.orders import total_price\n"}]
    (workspace / "analysis.ipynb").write_text(json.dumps({"cells": cells}))
    async with connect(workspace) as editor:
        await editor.embedded()
        place = {"uri": (workspace / ORDERS).as_uri(), "position": {"line": 3, "character": 6}}
        answer = await editor.command("codekin.rename", {**place, "newName": "sum_prices"})
        assert answer["edit"] is None
        assert "the notebook analysis.ipynb" in answer["conflicts"][0]


async def test_an_entry_point_is_edited_in_the_settings_of_the_project(editor, workspace):
    settings = workspace / "shop/setup.cfg"
    settings.write_text(
        "[options.entry_points]\nconsole_scripts =\n  total = shop.orders:total_price\n", encoding="utf-8"
    )
    place = {"uri": (workspace / ORDERS).as_uri(), "position": {"line": 3, "character": 6}}
    answer = await editor.command("codekin.rename", {**place, "newName": "sum_prices"})
    changes = {each["textDocument"]["uri"]: each["edits"] for each in answer["edit"]["documentChanges"]}
    assert changes[settings.as_uri()] == [
        {
            "range": {"start": {"line": 2, "character": 22}, "end": {"line": 2, "character": 33}},
            "newText": "sum_prices",
        }
    ]


async def test_what_is_no_name_of_the_workspace_is_refused(editor, workspace):
    uri = editor.open(workspace / ORDERS, "def read(path):\n    return open(path)\n")
    for line, character in ((0, 1), (1, 6), (1, 12)):
        place = {"uri": uri, "position": {"line": line, "character": character}}
        answer = await editor.command("codekin.rename", {**place, "newName": "other"})
        assert answer["edit"] is None
        assert "there is no name to change" in answer["conflicts"][0]


async def test_wrong_arguments_are_told_what_is_right(editor, workspace):
    with pytest.raises(JsonRpcException, match=r"codekin\.rename takes"):
        await editor.command("codekin.rename", {"uri": (workspace / ORDERS).as_uri(), "newName": "other"})
