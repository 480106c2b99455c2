"""The name of a function right after ``def``."""

from lsprotocol import types

ORDERS = "shop/orders.py"


async def completions(editor, uri, line, character):
    return await editor.client.text_document_completion_async(
        types.CompletionParams(types.TextDocumentIdentifier(uri), types.Position(line, character))
    )


async def test_names_after_def_where_there_is_a_body(editor, workspace):
    uri = editor.open(workspace / ORDERS)
    editor.change(uri, ((3, 4, 3, 15), ""))
    items = await completions(editor, uri, 3, 4)
    assert 1 <= len(items) <= 5
    assert [item.sort_text for item in items] == sorted(item.sort_text for item in items)
    place = types.Range(types.Position(3, 4), types.Position(3, 4))
    assert all(item.text_edit == types.TextEdit(place, item.label) for item in items)
    assert all(item.label.isidentifier() and item.kind == types.CompletionItemKind.Function for item in items)


async def test_a_beginning_is_replaced(editor, workspace):
    uri = editor.open(workspace / ORDERS)
    editor.change(uri, ((3, 4, 3, 15), "to"))
    items = await completions(editor, uri, 3, 6)
    place = types.Range(types.Position(3, 4), types.Position(3, 6))
    assert items
    assert all(item.text_edit.range == place for item in items)


async def test_nothing_anywhere_else(editor, workspace):
    uri = editor.open(workspace / ORDERS, "def \n\n\nx = 1\nfor x in y:\n    print(x)\n")
    for line, character in ((0, 4), (3, 2), (4, 4), (5, 10)):
        assert not await completions(editor, uri, line, character)
    assert not await completions(editor, (workspace / "shop" / "report.py").as_uri(), 5, 4), "not open"


async def test_nothing_where_it_is_switched_off(connect, workspace):
    async with connect(workspace, options={"settings": {"completion": {"names": False}}}) as editor:
        uri = editor.open(workspace / ORDERS)
        editor.change(uri, ((3, 4, 3, 15), ""))
        assert not await completions(editor, uri, 3, 4)
