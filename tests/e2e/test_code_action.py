import asyncio
import re
import time

import pytest
from lsprotocol import types

ORDERS, REPORT = "shop/orders.py", "shop/report.py"


def apply(text: str, edits) -> str:
    """The text after edits that stand on ASCII lines."""
    lines = text.splitlines(keepends=True)
    for edit in sorted(edits, key=lambda each: (each.range.start.line, each.range.start.character), reverse=True):
        start, end = edit.range.start, edit.range.end
        assert start.line == end.line
        row = lines[start.line]
        lines[start.line] = row[: start.character] + edit.new_text + row[end.character :]
    return "".join(lines)


def new_name(action) -> str:
    return re.fullmatch(r"Rename to '(\w+)' \(\d+ %\)", action.title)[1]


def renamings(actions) -> list:
    return [action for action in actions if action.title.startswith("Rename to ")]


def percents(actions) -> list[int]:
    return [int(re.search(r"\((\d+) %\)", action.title)[1]) for action in actions]


async def test_a_renaming_is_resolved_into_exactly_every_reference(connect, workspace, transport):
    async with connect(workspace, transport=transport) as editor:
        await editor.embedded()
        uri = editor.open(workspace / ORDERS)
        actions = await editor.actions(uri, 3, 6)
        assert 1 <= len(actions) <= 5
        assert percents(actions) == sorted(percents(actions), reverse=True)
        assert all(action.kind == "refactor.rewrite" and action.edit is None for action in actions)
        assert "total_price" not in map(new_name, actions)
        action = await editor.resolve(actions[0])
        changes = {each.text_document.uri: each for each in action.edit.document_changes}
        assert {uri: change.text_document.version for uri, change in changes.items()} == {
            uri: 1,
            (workspace / REPORT).as_uri(): None,
        }
        for path in (workspace / ORDERS, workspace / REPORT):
            before = path.read_text()
            after = apply(before, changes[path.as_uri()].edits)
            assert after == before.replace("total_price", new_name(action))


async def test_the_data_carries_what_the_action_is_about(editor, workspace):
    uri = editor.open(workspace / ORDERS)
    action = (await editor.actions(uri, 3))[0]
    offset = (workspace / ORDERS).read_text().index("total_price")
    assert action.data.pop("offered") <= time.time()
    assert action.data == {
        "uri": uri,
        "version": 1,
        "offset": offset,
        "name": "total_price",
        "newName": new_name(action),
    }


async def test_inside_a_nested_function_the_innermost_is_meant(editor, workspace):
    uri = editor.open(workspace / ORDERS)
    actions = await editor.actions(uri, 31, 12)
    assert {action.data["name"] for action in renamings(actions)} == {"rounded"}


@pytest.mark.parametrize("line", [0, 1, 10, 18])
async def test_outside_of_any_function_there_is_nothing(editor, workspace, line):
    uri = editor.open(workspace / ORDERS)
    assert not await editor.actions(uri, line)


async def test_only_what_was_asked_for_is_offered(editor, workspace):
    uri = editor.open(workspace / ORDERS)
    assert not await editor.actions(uri, 3, only=["quickfix"])
    assert not await editor.actions(uri, 3, only=["refactor.extract"])
    assert await editor.actions(uri, 3, only=["refactor"])
    assert await editor.actions(uri, 3, only=["refactor.rewrite"])


async def test_a_client_that_cannot_resolve_gets_whole_edits(connect, workspace):
    async with connect(workspace, resolve=False, document_changes=False) as editor:
        await editor.embedded()
        uri = editor.open(workspace / ORDERS)
        actions = await editor.actions(uri, 3)
        assert actions
        for action in actions:
            before = (workspace / ORDERS).read_text()
            assert apply(before, action.edit.changes[uri]) == before.replace("total_price", new_name(action))


async def test_a_document_that_changed_meanwhile_gets_no_edit(connect, workspace):
    async with connect(workspace, disabled=True) as editor:
        await editor.embedded()
        uri = editor.open(workspace / ORDERS)
        action = (await editor.actions(uri, 3))[0]
        editor.change(uri, ((0, 0, 0, 0), "# new\n"))
        resolved = await editor.resolve(action)
        assert resolved.edit is None
        assert "changed since" in resolved.disabled.reason
        assert "changed since" in editor.client.messages[-1].message


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Cart", "already in use"),
        ("class", "keyword"),
        ("two words", "not a Python name"),
        ("total_price", "its name already"),
    ],
)
async def test_a_name_that_cannot_be_taken_is_refused_with_the_reason(editor, workspace, name, reason):
    uri = editor.open(workspace / ORDERS)
    action = (await editor.actions(uri, 3))[0]
    resolved = await editor.resolve(types.CodeAction(action.title, data={**action.data, "newName": name}))
    assert resolved.edit is None
    assert resolved.disabled is None
    assert reason in editor.client.messages[-1].message


async def test_unsaved_text_is_what_is_edited(editor, workspace):
    text = (workspace / ORDERS).read_text()
    uri = editor.open(workspace / ORDERS)
    editor.change(uri, ((0, 0, 0, 0), "# \U0001f40d unsaved\n"))
    action = (await editor.actions(uri, 4))[0]
    resolved = await editor.resolve(action)
    changes = {each.text_document.uri: each for each in resolved.edit.document_changes}
    assert changes[uri].text_document.version == 2
    unsaved = "# \U0001f40d unsaved\n" + text
    assert apply(unsaved, changes[uri].edits) == unsaved.replace("total_price", new_name(action))


async def test_a_reference_in_another_unsaved_document_is_edited_in_its_version(editor, workspace):
    uri = editor.open(workspace / ORDERS)
    other = editor.open(workspace / REPORT)
    unsaved = "# new\nfrom shop.orders import total_price\n\n\nprint(total_price([1], 0))\n"
    editor.change(other, unsaved)
    action = (await editor.actions(uri, 3))[0]
    resolved = await editor.resolve(action)
    changes = {each.text_document.uri: each for each in resolved.edit.document_changes}
    assert {uri: change.text_document.version for uri, change in changes.items()} == {uri: 1, other: 2}
    assert apply(unsaved, changes[other].edits) == unsaved.replace("total_price", new_name(action))


async def test_a_file_that_was_written_since_disables_the_action_with_the_reason(connect, workspace):
    async with connect(workspace, disabled=True) as editor:
        await editor.embedded()
        path = workspace / ORDERS
        action = (await editor.actions(path.as_uri(), 3))[0]
        path.write_text("# new\n" + path.read_text())
        resolved = await editor.resolve(action)
        assert resolved.edit is None
        assert "changed since" in resolved.disabled.reason


async def test_a_reference_in_a_file_that_was_written_since_disables_the_action_with_the_reason(connect, workspace):
    async with connect(workspace, disabled=True) as editor:
        await editor.embedded()
        action = (await editor.actions((workspace / ORDERS).as_uri(), 3))[0]
        await asyncio.sleep(0.05)  # a file's time is some milliseconds coarse
        (workspace / REPORT).write_text("# new\n" + (workspace / REPORT).read_text())
        resolved = await editor.resolve(action)
        assert resolved.edit is None
        assert resolved.disabled.reason == "shop/report.py has changed since this was offered; ask again"
        assert (await editor.resolve((await editor.actions((workspace / ORDERS).as_uri(), 3))[0])).edit is not None


async def test_a_reference_in_a_document_that_was_edited_since_disables_the_action_with_the_reason(connect, workspace):
    async with connect(workspace, disabled=True) as editor:
        await editor.embedded()
        uri, other = editor.open(workspace / ORDERS), editor.open(workspace / REPORT)
        action = (await editor.actions(uri, 3))[0]
        editor.change(other, ((0, 0, 0, 0), "# new\n"))
        resolved = await editor.resolve(action)
        assert resolved.edit is None
        assert "shop/report.py has changed since" in resolved.disabled.reason


async def test_a_file_without_a_reference_may_change_meanwhile(connect, workspace):
    async with connect(workspace, disabled=True) as editor:
        await editor.embedded()
        action = (await editor.actions((workspace / ORDERS).as_uri(), 3))[0]
        await asyncio.sleep(0.05)
        (workspace / "shop/other.py").write_text("x = 1\n")
        assert (await editor.resolve(action)).edit is not None


async def test_an_action_of_someone_else_comes_back_as_it_is(editor):
    action = types.CodeAction("Something", command=types.Command("Something", "x.y"))
    assert await editor.resolve(action) == action


async def test_broken_code_still_has_functions(editor, workspace):
    uri = editor.open(
        workspace / ORDERS, "def total(prices):\n    return sum(prices)\n\n\ndef parse(line:\n    ret((\n"
    )
    actions = await editor.actions(uri, 1)
    assert {action.data["name"] for action in renamings(actions)} == {"total"}
    await editor.actions(uri, 5)


async def test_a_document_in_no_folder_gets_an_empty_answer(editor, tmp_path):
    lone = tmp_path / "lone.py"
    lone.write_text("def f():\n    return 1\n")
    assert not await editor.actions(editor.open(lone), 0)
    untitled = "untitled:Untitled-1"
    item = types.TextDocumentItem(untitled, "python", 1, "def f():\n    return 1\n")
    editor.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    assert not await editor.actions(untitled, 0)


FAMILY = """class Reader:
    def load(self, path):
        with open(path) as stream:
            return stream.read()


class LineReader(Reader):
    def load(self, path):
        with open(path) as stream:
            return stream.readlines()

    def __len__(self):
        return 1
"""


async def test_dunders_and_overrides_get_names_only_by_command(editor, workspace):
    uri = editor.open(workspace / "shop" / "family.py", FAMILY)
    assert await editor.actions(uri, 1)
    for line in (7, 11):
        assert not renamings(await editor.actions(uri, line))
        asked = await editor.command("codekin.suggestNames", uri, {"line": line, "character": 0})
        assert asked["functions"][0]["suggestions"]


async def test_settings_say_which_names_are_offered(connect, workspace):
    names = {"limit": 1, "inside": False, "ignore": ["read_*"]}
    async with connect(workspace, options={"settings": {"names": names}}) as editor:
        await editor.embedded()
        uri = editor.open(workspace / ORDERS)
        assert len(await editor.actions(uri, 3)) == 1
        assert not await editor.actions(uri, 5), "inside the body"
        assert not await editor.actions(uri, 11), "an ignored name"


async def test_names_that_are_not_probable_enough_are_offered_only_by_command(connect, workspace):
    async with connect(workspace, options={"settings": {"names": {"minimumConfidence": 1}}}) as editor:
        await editor.embedded()
        uri = editor.open(workspace / ORDERS)
        assert not await editor.actions(uri, 3)
        asked = await editor.command("codekin.suggestNames", uri, 3)
        assert asked["functions"][0]["suggestions"]


async def test_a_name_that_is_taken_disables_the_action_with_the_reason(connect, workspace):
    async with connect(workspace, disabled=True) as editor:
        await editor.embedded()
        uri = editor.open(workspace / ORDERS)
        action = (await editor.actions(uri, 3))[0]
        taken = types.CodeAction(action.title, data={**action.data, "newName": "read_lines"})
        resolved = await editor.resolve(taken)
        assert resolved.edit is None
        assert "'read_lines' is already in use at shop/orders.py:12" in resolved.disabled.reason


async def test_a_reference_that_is_only_in_the_unsaved_text_is_renamed_too(editor, workspace):
    uri = editor.open(workspace / ORDERS)
    unsaved = (workspace / ORDERS).read_text() + "\n\nlast = total_price([1], 0)\n"
    editor.change(uri, unsaved)
    action = (await editor.actions(uri, 3))[0]
    resolved = await editor.resolve(action)
    changes = {each.text_document.uri: each for each in resolved.edit.document_changes}
    assert apply(unsaved, changes[uri].edits) == unsaved.replace("total_price", new_name(action))
