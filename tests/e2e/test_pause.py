"""``codekin.pause``: the background waits, questions are answered."""

import asyncio

import pytest
from pygls.exceptions import JsonRpcException

from codekin_server.background import runs_on_battery


def many_functions(workspace) -> None:
    for number in range(20):
        body = "\n".join(
            f"def step_{number}_{each}(value):\n    return value + {number * each}\n\n" for each in range(20)
        )
        (workspace / f"steps_{number}.py").write_text(body)


async def until(condition) -> None:
    while not condition():  # noqa: ASYNC110 - another process is at it
        await asyncio.sleep(0.05)


async def test_embedding_stops_and_goes_on(connect, workspace):
    many_functions(workspace)
    async with connect(workspace, options={"statusNotifications": True}) as editor:
        await editor.until(lambda status: status["units_embedded"] > 0, "codekin.status")
        assert await editor.command("codekin.pause", {"paused": True}) == {"paused": True}
        await until(lambda: editor.states[-1].state == "paused")
        status = await editor.command("codekin.status")
        assert status["vectors_missing"] > 0
        assert "paused" in status["paused"]
        assert (await editor.command("codekin.search", "total_price"))["results"]
        assert await editor.command("codekin.pause", {"paused": False}) == {"paused": False}
        await until(lambda: editor.states[-1].state == "indexing" or editor.states[-1].tier == "teacher")


async def test_what_is_asked_for_is_embedded_while_all_else_waits(connect, workspace):
    async with connect(workspace) as editor:
        await editor.embedded()
        await editor.command("codekin.pause", {"paused": True})
        uri = editor.open(workspace / "shop" / "orders.py", "def f(path):\n    return open(path).read()\n")
        found = await editor.command("codekin.similar", uri, {"line": 0, "character": 5})
        assert found["results"]
        assert (await editor.command("codekin.status"))["vectors_missing"] > 0


async def test_wrong_arguments_are_told_what_is_right(connect, workspace):
    async with connect(workspace) as editor:
        with pytest.raises(JsonRpcException, match=r"codekin[.]pause takes"):
            await editor.command("codekin.pause", {"paused": "yes"})


async def test_a_machine_that_is_not_on_battery_goes_on(connect, workspace):
    async with connect(workspace, options={"settings": {"index": {"pauseOnBattery": True}}}) as editor:
        status = await editor.command("codekin.status")
        if status["paused"] is None:
            status = await editor.embedded()
        assert (status["paused"] is None) != runs_on_battery()
