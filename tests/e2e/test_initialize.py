import asyncio
import json
import sys

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException


async def test_the_server_says_what_it_can(connect, workspace, transport):
    async with connect(workspace, transport=transport) as editor:
        can = editor.greeting.capabilities
        assert can.code_action_provider.resolve_provider
        assert list(can.code_action_provider.code_action_kinds) == ["refactor.rewrite", "quickfix"]
        assert sorted(can.execute_command_provider.commands) == [
            "codekin.duplicates",
            "codekin.explain",
            "codekin.map",
            "codekin.pause",
            "codekin.reindex",
            "codekin.rename",
            "codekin.search",
            "codekin.similar",
            "codekin.status",
            "codekin.suggestNames",
            "codekin.summarise",
        ]
        assert editor.greeting.server_info.name == "codekin"
        assert (await editor.embedded())["files"] == 3


async def test_indexing_shows_its_progress(connect, workspace):
    async with connect(workspace) as editor:
        await editor.command("codekin.reindex")
        steps = bars(editor)[0]
    kinds = [step.kind for step in steps]
    percentages = [step.percentage for step in steps[:-1]]
    assert (kinds[0], kinds[-1], set(kinds[1:-1])) == ("begin", "end", {"report"})
    assert steps[0].cancellable
    assert percentages == sorted(percentages)
    assert percentages[0] == 0
    assert percentages[-1] == 100


async def test_indexing_can_be_cancelled_and_goes_on_when_asked(connect, workspace):
    for number in range(40):
        body = "\n".join(
            f"def step_{number}_{each}(value):\n    return value + {number * each}\n\n" for each in range(20)
        )
        (workspace / f"steps_{number}.py").write_text(body)
    async with connect(workspace) as editor:
        await editor.until(lambda status: status["units_embedded"] > 0, "codekin.status")
        (token,) = editor.client.progress_reports
        editor.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token))
        status = await editor.until(lambda _: bars(editor)[0][-1].kind == "end", "codekin.status")
        assert "cancelled" in bars(editor)[0][-1].message
        assert status["vectors_missing"] > 0
        assert (await editor.command("codekin.search", "step"))["results"]


async def test_what_was_indexed_is_logged(connect, workspace):
    async with connect(workspace) as editor:
        await editor.command("codekin.reindex")
        logged = [message.message for message in editor.client.log_messages]
    assert any(line.startswith(f"{workspace}: 3 files") for line in logged), logged


async def test_a_client_without_progress_bars_gets_none(connect, workspace):
    async with connect(workspace, progress=False) as editor:
        await editor.embedded()
        assert editor.client.progress_reports == {}


async def test_the_encoding_is_negotiated(connect, workspace):
    async with connect(workspace, encodings=["utf-8", "utf-16"]) as editor:
        assert editor.greeting.capabilities.position_encoding == "utf-8"


async def test_unknown_options_are_named(connect, workspace):
    async with connect(workspace, options={"modelpath": "x"}) as editor:
        await editor.embedded()
        shown = [message.message for message in editor.client.messages]
    assert shown == [
        "initializationOptions.modelpath is unknown; there are cachePath, modelPath, settings and statusNotifications"
    ]


async def test_a_cache_that_cannot_be_written_gives_one_message_and_a_temporary_index(connect, workspace, tmp_path):
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where a folder should be")
    async with connect(workspace, environment={"CODEKIN_CACHE_DIR": str(blocked)}) as editor:
        await editor.embedded()
        found = await editor.command("codekin.search", "add up the prices")
        assert len(editor.client.messages) == 1
        assert "temporary index" in editor.client.messages[0].message
        assert found["results"]


async def test_a_folder_that_is_not_there_gives_a_message(connect, tmp_path):
    async with connect(tmp_path / "gone") as editor:
        with pytest.raises(JsonRpcException, match="there is no folder"):
            await editor.command("codekin.status")
        assert "there is no folder" in editor.client.messages[0].message


async def test_a_folder_that_is_not_there_keeps_no_other_from_answering(connect, workspace, tmp_path):
    gone = tmp_path / "gone"
    async with connect(gone, workspace) as editor:
        status = await editor.embedded()
        assert [each["uri"] for each in status["folders"]] == [gone.as_uri(), workspace.as_uri()]
        assert "there is no folder" in status["folders"][0]["error"]
        for command, arguments, found in [
            ("codekin.search", ["total price"], "results"),
            ("codekin.similar", [{"text": "def total(prices):\n    return sum(prices)\n"}], "results"),
            ("codekin.duplicates", [], "clusters"),
            ("codekin.reindex", [], "files"),
        ]:
            answer = await editor.command(command, *arguments)
            assert found in answer, command
            assert "there is no folder" in answer["note"], command
        assert "points" in await editor.command("codekin.map")


async def test_a_client_may_be_ready_without_parameters_and_twice(connect, workspace):
    async with connect(workspace, options={"modelpath": "x"}) as editor:
        await editor.embedded()
        editor.client.protocol._send_data({"jsonrpc": "2.0", "method": "initialized"})
        await editor.embedded()
        assert len(editor.client.messages) == 1


async def test_the_server_ends_with_its_clients_process(server_command, server_environment):
    client = await asyncio.create_subprocess_exec(sys.executable, "-c", "import time; time.sleep(60)")
    server = await asyncio.create_subprocess_exec(
        sys.executable, *server_command, "serve", "--stdio", env=server_environment, stdin=-1, stdout=-1
    )
    params = {"processId": client.pid, "capabilities": {}, "rootUri": None}
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}).encode()
    server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    await server.stdout.readline()  # the greeting is answered
    client.kill()
    assert await asyncio.wait_for(server.wait(), 30) == 1


async def test_the_exit_code_is_0_after_shutdown(connect, workspace, transport):
    async with connect(workspace, transport=transport) as editor:
        await editor.embedded()
    assert editor.process.returncode == 0


async def test_the_exit_code_is_1_without_shutdown(connect, workspace):
    async with connect(workspace) as editor:
        editor.client.exit(None)
        await asyncio.wait_for(editor.process.wait(), 30)
        assert editor.process.returncode == 1


async def test_several_folders_are_one_workspace(connect, workspace, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "zebra.py").write_text("def gallop(zebra):\n    return zebra.run()\n")
    async with connect(workspace, other) as editor:
        status = await editor.until(lambda status: status.get("files") == 4, "codekin.status")
        assert [each["uri"] for each in status["folders"]] == [workspace.as_uri(), other.as_uri()]
        found = await editor.until(lambda found: len(found["results"]) == 10, "codekin.search", "zebra prices", 10)
        assert {other.as_uri(), workspace.as_uri()} == {
            next(folder.as_uri() for folder in (other, workspace) if each["uri"].startswith(folder.as_uri()))
            for each in found["results"]
        }


async def test_folders_come_and_go(connect, workspace, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "zebra.py").write_text("def gallop(zebra):\n    return zebra.run()\n")
    added = types.WorkspaceFolder(other.as_uri(), "other")
    async with connect(workspace) as editor:
        await editor.embedded()
        _change_folders(editor, [added], [])
        uri = (other / "zebra.py").as_uri()
        await editor.until(lambda found: found["results"][0]["uri"] == uri, "codekin.search", "gallop of a zebra")
        assert len((await editor.command("codekin.status"))["folders"]) == 2
        _change_folders(editor, [], [added])
        assert len((await editor.command("codekin.status"))["folders"]) == 1


async def test_a_folder_is_the_same_however_its_uri_is_spelled(connect, workspace):
    spelled = types.WorkspaceFolder(f"{workspace.as_uri()}/", "workspace")
    async with connect(workspace) as editor:
        assert (await editor.embedded())["files"] == 3
        _change_folders(editor, [spelled], [])
        assert len((await editor.command("codekin.status"))["folders"]) == 1
        _change_folders(editor, [], [spelled])
        assert (await editor.command("codekin.search", "report"))["note"] == "no workspace folder is open"


async def test_a_second_greeting_is_refused(connect, workspace):
    async with connect(workspace) as editor:
        with pytest.raises(JsonRpcException, match="a second time"):
            await editor.client.initialize_async(types.InitializeParams(types.ClientCapabilities()))
        assert (await editor.embedded())["files"] == 3


@pytest.mark.parametrize("method", ["codekin/nothing", "codekin/search"])
async def test_an_unknown_request_is_refused(connect, workspace, method):
    async with connect(workspace) as editor:
        with pytest.raises(JsonRpcException, match="Method Not Found"):
            await asyncio.wrap_future(editor.client.protocol.send_request(method, {}))


async def test_a_malformed_request_is_answered(connect, workspace):
    async with connect(workspace) as editor:
        request = {"jsonrpc": "2.0", "id": "7", "method": "textDocument/codeAction", "params": {"range": 3}}
        future = editor.client.protocol._request_futures["7"] = asyncio.get_running_loop().create_future()
        editor.client.protocol._send_data(request)
        with pytest.raises(JsonRpcException, match="cannot be read"):
            await future


async def test_an_unknown_request_is_refused_as_such_without_parameters_too(connect, workspace):
    async with connect(workspace) as editor:
        future = editor.client.protocol._request_futures["7"] = asyncio.get_running_loop().create_future()
        editor.client.protocol._send_data({"jsonrpc": "2.0", "id": "7", "method": "codekin/nothing"})
        with pytest.raises(JsonRpcException, match="Method Not Found"):
            await future


def _change_folders(editor, added, removed):
    event = types.WorkspaceFoldersChangeEvent(added, removed)
    editor.client.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(event))


def bars(editor):
    return list(editor.client.progress_reports.values())
