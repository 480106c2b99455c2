"""Sentences about functions: ``codekin.summarise``, and the docstring drafted from one."""

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

ORDERS = "shop/orders.py"
PLAIN = "def add_up(prices):\n    total = 0\n    for price in prices:\n        total += price\n    return total\n"


async def test_a_summary_of_the_function_around_a_place(editor, workspace):
    place = {"uri": (workspace / ORDERS).as_uri(), "position": {"line": 5, "character": 0}}
    answer = await editor.command("codekin.summarise", place)
    assert answer["target"]["qualified_name"] == "total_price"
    assert answer["target"]["range"]["start"] == {"line": 3, "character": 0}
    assert answer["summary"]
    with pytest.raises(JsonRpcException, match=r"codekin\.summarise needs a position"):
        await editor.command("codekin.summarise", (workspace / ORDERS).as_uri())
    with pytest.raises(JsonRpcException, match="no function"):
        await editor.command("codekin.summarise", {**place, "position": {"line": 0, "character": 0}})


async def test_a_draft_is_offered_where_there_is_a_sentence_and_no_docstring(editor, workspace):
    uri = editor.open(workspace / "shop" / "plain.py", PLAIN)
    (offered,) = [each for each in await editor.actions(uri, 0) if each.title == "Draft a docstring"]
    draft = await editor.resolve(offered)
    (change,) = draft.edit.document_changes
    (edit,) = change.edits
    assert (edit.range.start.line, edit.range.start.character) == (1, 0)
    assert edit.new_text.startswith('    """')
    assert edit.new_text.endswith('"""  # draft by codekin\n')
    documented = editor.open(workspace / ORDERS)
    assert "Draft a docstring" not in [each.title for each in await editor.actions(documented, 3)]


async def test_a_client_that_cannot_ask_later_gets_the_draft_at_once(connect, workspace):
    async with connect(workspace, resolve=False) as editor:
        uri = editor.open(workspace / "shop" / "plain.py", PLAIN)
        (draft,) = [each for each in await editor.actions(uri, 0) if each.title == "Draft a docstring"]
        assert draft.edit.document_changes


async def test_a_draft_for_a_document_that_changed_meanwhile_says_so(editor, workspace):
    uri = editor.open(workspace / "shop" / "plain.py", PLAIN)
    (offered,) = [each for each in await editor.actions(uri, 0) if each.title == "Draft a docstring"]
    editor.change(uri, PLAIN.replace("total", "sum_"))
    draft = await editor.resolve(offered)
    assert draft.edit is None
    assert "has changed since" in editor.client.messages[-1].message


@pytest.mark.parametrize("line", [0, -3, 2**31 + 1])
async def test_an_action_about_no_line_of_a_document_comes_back_as_it_is(editor, workspace, line):
    place = {"uri": (workspace / ORDERS).as_uri(), "version": None, "line": line}
    action = types.CodeAction("Draft a docstring", data={"docstringOf": place})
    assert (await editor.resolve(action)).edit is None
