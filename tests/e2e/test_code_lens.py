"""``textDocument/codeLens`` through real messages: asked for by a setting, resolved into a command of the client."""

import pytest
from lsprotocol import types

BODY = '''(prices, discount):
    """Sum the prices and take the discount off."""
    total = 0
    for price in prices:
        if price < 0:
            raise ValueError("a price is below zero")
        total += price
    return total * (1 - discount)
'''
ON = {"settings": {"codeLens": {"similar": True}}}


@pytest.fixture
def workspace(tmp_path):
    root = tmp_path / "workspace"
    root.mkdir()
    (root / "one.py").write_text(f"def total_price{BODY}")
    (root / "two.py").write_text(f"def total_price{BODY}\n\ndef send(mail):\n    mail.send()\n")
    return root


async def lenses(editor, path):
    document = types.TextDocumentIdentifier(path.as_uri())
    return await editor.client.text_document_code_lens_async(types.CodeLensParams(document))


async def test_no_lens_without_the_setting(editor, workspace):
    assert not await lenses(editor, workspace / "two.py")


async def test_a_lens_above_a_function_with_copies_and_no_other(connect, workspace):
    async with connect(workspace, options=ON) as editor:
        await editor.embedded()
        (lens,) = await lenses(editor, workspace / "two.py")
        assert lens.range.start == types.Position(0, 4)
        shown = await editor.client.code_lens_resolve_async(lens)
    assert (shown.command.title, shown.command.command) == ("1 similar", "codekin.showSimilar")
    assert list(shown.command.arguments) == [(workspace / "two.py").as_uri(), {"line": 0, "character": 4}]


async def test_a_lens_stands_where_its_function_has_moved_to(connect, workspace):
    async with connect(workspace, options=ON) as editor:
        await editor.embedded()
        uri = editor.open(workspace / "two.py")
        editor.change(uri, ((0, 0, 0, 0), "LIMIT = 3\n\n"))
        (lens,) = await lenses(editor, workspace / "two.py")
    assert lens.range.start == types.Position(2, 4)
