import asyncio
import os
import signal

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

ORDERS = "shop/orders.py"
COUNTERS = ("units_extracted", "units_embedded")


async def counters(editor, beyond=(-1, -1)):
    """The counters once nothing is left to embed and they have grown ``beyond`` what they were."""

    def grown(status):
        now = tuple(status[name] for name in COUNTERS)
        return now != beyond and status["units"] and not status["vectors_missing"]

    status = await editor.until(grown, "codekin.status")
    return tuple(status[name] for name in COUNTERS)


async def search_first(editor, words):
    found = await editor.command("codekin.search", words, 1)
    return found["results"][0]["qualified_name"] if found["results"] else None


async def test_editing_one_body_extracts_and_embeds_one_unit_and_undoing_it_none(editor, workspace):
    uri = editor.open(workspace / ORDERS)
    before = await counters(editor)
    editor.change(uri, ((6, 8, 6, 13), "value"), ((7, 17, 7, 22), "value"))
    after = await counters(editor, before)
    assert tuple(b - a for a, b in zip(before, after, strict=True)) == (1, 1)
    editor.change(uri, ((6, 8, 6, 13), "price"), ((7, 17, 7, 22), "price"))
    await asyncio.sleep(1)
    assert await counters(editor) == after


async def test_unsaved_code_is_searchable_until_it_is_closed(editor, workspace):
    uri = editor.open(workspace / ORDERS)
    editor.change(uri, ((0, 0, 0, 0), "def feed_penguins(fish):\n    return [fish] * 3\n\n\n"))
    assert await search_first(editor, "feed penguins") == "feed_penguins"
    editor.client.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))
    assert await search_first(editor, "feed penguins") != "feed_penguins"


async def test_edits_are_applied_with_surrogates_form_feeds_and_carriage_returns(editor, workspace):
    uri = editor.open(workspace / ORDERS, "# \U0001f40d\u2028\x0c\r\ndef a():\r\n    return '\U0001f40d'\r\n")
    editor.change(uri, ((2, 12, 2, 14), "x"), ((1, 4, 1, 5), "catch_snakes"))
    names = await editor.command("codekin.suggestNames", uri)
    (function,) = names["functions"]
    assert function["qualified_name"] == "catch_snakes"
    assert function["range"] == {"start": {"line": 1, "character": 0}, "end": {"line": 2, "character": 14}}


async def test_folders_inside_each_other_all_know_what_is_not_saved(connect, workspace):
    async with connect(workspace, workspace / "shop") as editor:
        uri = editor.open(workspace / ORDERS)
        editor.change(uri, "def feed_penguins(fish):\n    return [fish] * 3\n")
        found = (await editor.command("codekin.search", "feed penguins", 5))["results"]
        assert sorted(each["path"] for each in found if each["name"] == "feed_penguins") == [
            "orders.py",
            ORDERS,
        ]


async def test_files_that_are_written_and_deleted_are_noticed(editor, workspace):
    path = workspace / "shop" / "zoo.py"
    path.write_text("def feed_penguins(fish):\n    return [fish] * 3\n")
    await _on_disk(editor, path, types.FileChangeType.Created)
    assert await search_first(editor, "feed penguins") == "feed_penguins"
    path.unlink()
    await _on_disk(editor, path, types.FileChangeType.Deleted)
    assert await search_first(editor, "feed penguins") != "feed_penguins"


async def test_a_change_to_a_document_that_was_never_opened_does_no_harm(editor, workspace):
    uri = (workspace / ORDERS).as_uri()
    editor.versions[uri] = 1
    editor.change(uri, ((0, 0, 0, 0), "# x\n"))
    assert (await editor.command("codekin.status"))["files"] == 3


async def test_a_document_that_was_never_opened_is_told_of_once(editor, workspace):
    uri = (workspace / "README.md").as_uri()
    editor.versions[uri] = 1
    for _ in range(3):
        editor.change(uri, ((0, 0, 0, 0), "# x\n"))
    await editor.command("codekin.status")
    assert len([each for each in editor.client.log_messages if "never opened" in each.message]) == 1


async def test_a_change_without_a_version_counts(editor, workspace):
    uri = editor.open(workspace / ORDERS)
    _change_as_is(editor, {"uri": uri}, [{"text": "# one line more\n" + (workspace / ORDERS).read_text()}])
    edit = (await editor.command("codekin.rename", uri, {"line": 4, "character": 6}, "sum_of_prices"))["edit"]
    document = next(each for each in edit["documentChanges"] if each["textDocument"]["uri"] == uri)
    assert document["textDocument"]["version"] == 2
    assert min(each["range"]["start"]["line"] for each in document["edits"]) == 4


async def test_nothing_is_edited_where_a_change_could_not_be_read_until_the_whole_text_comes(editor, workspace):
    uri, other = editor.open(workspace / ORDERS), (workspace / "shop/report.py").as_uri()
    place, used = {"line": 3, "character": 6}, {"line": 7, "character": 13}
    _change_as_is(editor, {"uri": uri, "version": 2}, [{"range": 1, "text": "x"}])
    with pytest.raises(JsonRpcException, match="open it again"):
        await editor.command("codekin.rename", uri, place, "sum_of_prices")
    assert (await editor.command("codekin.rename", other, used, "sum_of_prices"))["edit"] is None
    assert not await editor.actions(uri, 3)
    assert len([each for each in editor.client.messages if "could not be read" in each.message]) == 1
    editor.change(uri, (workspace / ORDERS).read_text())
    assert (await editor.command("codekin.rename", uri, place, "sum_of_prices"))["edit"]
    assert (await editor.command("codekin.rename", other, used, "sum_of_prices"))["edit"]


async def test_a_file_that_is_gone_is_said_to_be(editor, workspace):
    (workspace / ORDERS).unlink()
    uri = (workspace / ORDERS).as_uri()
    for command, arguments in [("codekin.rename", ["sum_of_prices"]), ("codekin.suggestNames", [])]:
        with pytest.raises(JsonRpcException, match="is gone"):
            await editor.command(command, uri, {"line": 3, "character": 6}, *arguments)


async def test_a_uri_that_nobody_can_read_does_no_harm(editor):
    text = types.TextDocumentItem("file://[", "python", 1, "def a():\n    pass\n")
    editor.client.text_document_did_open(types.DidOpenTextDocumentParams(text))
    answer = await editor.command("codekin.suggestNames", "file://[")
    assert answer["functions"] == []


def _change_as_is(editor, document, changes):
    params = {"textDocument": document, "contentChanges": changes}
    editor.client.protocol._send_data({"jsonrpc": "2.0", "method": "textDocument/didChange", "params": params})


async def test_a_worker_that_is_killed_is_replaced_and_announced_once(editor, workspace):
    uri = (workspace / ORDERS).as_uri()
    for line in (3, 11):  # what was asked before needs no worker
        pid = (await editor.command("codekin.status"))["worker"]["pid"]
        os.kill(pid, signal.SIGKILL)
        answer = await editor.command("codekin.suggestNames", uri, line)
        assert answer["functions"][0]["suggestions"]
    status = await editor.command("codekin.status")
    assert (status["worker"]["state"], status["worker"]["pid"] != pid) == ("ready", True)
    shown = [each.message for each in editor.client.messages]
    assert len(shown) == 1
    assert "started again" in shown[0]


async def _on_disk(editor, path, kind):
    event = types.FileEvent(path.as_uri(), kind)
    editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))
