"""A hover over a function's name, where the user wants it."""

import pytest
from lsprotocol import types

ORDERS = "shop/orders.py"
WANTED = {"settings": {"hover": {"enabled": True}}}


async def hover(editor, uri, line, character):
    return await editor.client.text_document_hover_async(
        types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(line, character))
    )


@pytest.mark.parametrize("markdown", [True, False])
async def test_kin_and_what_speaks_for_the_name(connect, workspace, markdown):
    formats = [types.MarkupKind.Markdown, types.MarkupKind.PlainText] if markdown else None
    async with connect(workspace, options=WANTED, hover=formats) as editor:
        await editor.embedded()
        uri = editor.open(workspace / ORDERS)
        shown = await hover(editor, uri, 3, 6)
        assert shown.range == types.Range(types.Position(3, 4), types.Position(3, 15))
        text = shown.contents.value
        assert "Like " in text
        assert "What speaks for a name: " in text
        assert "prices" in text
        if markdown:
            assert shown.contents.kind == types.MarkupKind.Markdown
            assert f"]({workspace.as_uri()}/shop/" in text
        else:
            assert shown.contents.kind == types.MarkupKind.PlainText
            assert "`" not in text
        assert await hover(editor, uri, 6, 10) is None, "no function's name"


async def test_nothing_unless_it_is_wanted(editor, workspace):
    assert await hover(editor, editor.open(workspace / ORDERS), 3, 6) is None
