"""``$/cancelRequest``, the cancel button of progress bars, and the end."""

import asyncio
import signal

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

CANCELLED = types.LSPErrorCodes.RequestCancelled


def long_file(count) -> str:
    return "\n\n".join(
        f"def function_{at}(value):\n    total = value * {at}\n    return total + {at}\n" for at in range(count)
    )


def ask(editor, name, *arguments):
    """A request that can be withdrawn."""
    params = types.ExecuteCommandParams(name, list(arguments))
    return editor.client.protocol.send_request_async(types.WORKSPACE_EXECUTE_COMMAND, params, msg_id=name)


async def test_a_withdrawn_request_is_answered_so_and_the_model_is_free_again(editor, workspace):
    uri = editor.open(workspace / "long.py", long_file(400))
    await editor.command("codekin.status")
    asked = asyncio.ensure_future(ask(editor, "codekin.suggestNames", uri))
    await asyncio.sleep(0.5)
    editor.client.cancel_request(types.CancelParams("codekin.suggestNames"))
    with pytest.raises(JsonRpcException) as refused:
        await asyncio.wait_for(asked, 20)
    assert refused.value.code == CANCELLED
    answer = await asyncio.wait_for(editor.command("codekin.suggestNames", uri, 0), 60)
    assert answer["functions"][0]["suggestions"]


async def test_requests_that_wait_can_be_withdrawn(editor, workspace):
    uri = editor.open(workspace / "long.py", long_file(60))
    asked = [asyncio.ensure_future(_numbered(editor, at, uri)) for at in range(20)]
    await asyncio.sleep(0.2)
    for at in range(1, 20):
        editor.client.cancel_request(types.CancelParams(f"asked-{at}"))
    first, *others = await asyncio.gather(*asked, return_exceptions=True)
    assert len(first["functions"]) == 60
    assert {getattr(each, "code", None) for each in others} <= {CANCELLED}


def _numbered(editor, at, uri):
    params = types.ExecuteCommandParams("codekin.suggestNames", [uri])
    return editor.client.protocol.send_request_async(types.WORKSPACE_EXECUTE_COMMAND, params, msg_id=f"asked-{at}")


async def test_withdrawing_what_was_answered_or_never_asked_does_no_harm(editor):
    editor.client.cancel_request(types.CancelParams("never"))
    assert (await editor.command("codekin.status"))["files"] == 3


async def test_it_ends_with_0_while_it_indexes(connect, workspace):
    (workspace / "long.py").write_text(long_file(800))
    async with connect(workspace) as editor:
        await editor.until(lambda status: status["units_embedded"] > 0, "codekin.status")
    assert editor.process.returncode == 0


async def test_it_ends_when_its_client_is_gone(connect, workspace):
    async with connect(workspace) as editor:
        await editor.embedded()
        editor.process.stdin.close()
        assert await asyncio.wait_for(editor.process.wait(), 30) == 1


async def test_requests_after_shutdown_are_refused(connect, workspace):
    async with connect(workspace) as editor:
        await editor.embedded()
        await editor.client.shutdown_async(None)
        with pytest.raises(JsonRpcException, match="came after shutdown"):
            await asyncio.wait_for(editor.command("codekin.search", "prices"), 20)
        editor.client.exit(None)
        assert await asyncio.wait_for(editor.process.wait(), 30) == 0


async def test_what_was_embedded_before_a_kill_is_kept(connect, workspace):
    (workspace / "long.py").write_text(long_file(400))
    async with connect(workspace) as editor:
        status = await editor.until(lambda status: status["units_embedded"] >= 16, "codekin.status")
        editor.process.send_signal(signal.SIGKILL)
        await editor.process.wait()
    async with connect(workspace) as again:
        assert (await again.command("codekin.search", "function 7"))["results"]
        left = (await again.command("codekin.status"))["vectors_missing"]
        assert left <= status["units"] - status["units_embedded"]
