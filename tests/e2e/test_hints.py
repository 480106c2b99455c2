"""Hints where a name contradicts its body: off by default, with a fix, and a comment that ends them."""

import asyncio

import pytest
from lsprotocol import types

BODY = """def {name}(path):{comment}
    with open(path) as stream:
        lines = stream.readlines()
    return [line.rstrip() for line in lines]
"""
WANTED = {"settings": {"names": {"hints": "information"}}}


@pytest.fixture
def odd(workspace):
    """A function that reads lines like three others, and calls it something else."""
    for name in ("first", "second", "third"):
        (workspace / "shop" / f"{name}.py").write_text(BODY.format(name="read_lines", comment=""))
    path = workspace / "shop" / "odd.py"
    path.write_text(BODY.format(name="send_email", comment=""))
    return path


async def hints(editor, uri, count):
    """The diagnostics once there are so many."""
    while len(editor.client.diagnostics.get(uri, ())) != count:  # noqa: ASYNC110 - another process is at it
        await asyncio.sleep(0.05)
    return editor.client.diagnostics.get(uri, ())


async def test_a_contradicting_name_is_marked_fixed_and_ignored(connect, workspace, odd):
    async with connect(workspace, options=WANTED) as editor:
        await editor.embedded()
        uri = editor.open(odd)
        (hint,) = await hints(editor, uri, 1)
        assert (hint.source, hint.code, hint.severity) == (
            "codekin",
            "contradicting-name",
            types.DiagnosticSeverity.Information,
        )
        assert hint.range == types.Range(types.Position(0, 4), types.Position(0, 14))
        assert "'send_email'" in hint.message
        assert "'read_lines'" in hint.message
        fix, ignore = await editor.client.text_document_code_action_async(
            types.CodeActionParams(
                types.TextDocumentIdentifier(uri),
                hint.range,
                types.CodeActionContext([hint], only=[types.CodeActionKind.QuickFix]),
            )
        )
        assert fix.title.startswith("Rename to 'read_lines'")
        assert fix.kind == ignore.kind == types.CodeActionKind.QuickFix
        assert list(fix.diagnostics) == list(ignore.diagnostics) == [hint]
        assert (await editor.resolve(fix)).edit is not None
        (change,) = ignore.edit.document_changes
        assert list(change.edits) == [
            types.TextEdit(types.Range(types.Position(0, 21), types.Position(0, 21)), "  # codekin: ignore-name")
        ]
        editor.change(uri, ((0, 21, 0, 21), "  # codekin: ignore-name"))
        await hints(editor, uri, 0)


async def test_nothing_is_marked_unless_it_is_wanted(connect, workspace, odd):
    async with connect(workspace) as editor:
        await editor.embedded()
        uri = editor.open(odd)
        editor.change(uri, ((3, 44, 3, 44), "\n"))
        for _ in range(2):  # what the first run leaves to be judged is judged before the second
            await editor.command("codekin.reindex")
        assert not editor.client.diagnostics.get(uri)
