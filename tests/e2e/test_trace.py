"""``$/setTrace``, ``$/logTrace``, and the setting ``trace``."""

import asyncio

import pytest
from lsprotocol import types


@pytest.fixture
def traced():
    """Every line of the trace that a client got."""

    def of(editor):
        lines = []
        editor.client.feature(types.LOG_TRACE)(lambda params: lines.append(params))  # noqa: PLW0108 - pygls marks it
        return lines

    return of


async def until(condition) -> None:
    while not condition():  # noqa: ASYNC110 - another process is at it
        await asyncio.sleep(0.05)


async def test_nothing_is_traced_unless_asked_for(connect, workspace, traced):
    async with connect(workspace) as editor:
        lines = traced(editor)
        await editor.embedded()
        assert lines == []


@pytest.mark.parametrize(("value", "is_verbose"), [("messages", False), ("verbose", True)])
async def test_a_client_that_asks_is_told_of_every_message(connect, workspace, traced, value, is_verbose):
    async with connect(workspace) as editor:
        lines = traced(editor)
        editor.client.set_trace(types.SetTraceParams(types.TraceValue(value)))
        await editor.command("codekin.status")
        await until(lambda: any("is answered" in each.message for each in lines))
        (asked,) = [each for each in lines if each.message.startswith("workspace/executeCommand came in")]
        assert (asked.verbose is not None) == is_verbose


async def test_a_person_may_ask_for_it_in_the_settings(connect, workspace, traced):
    async with connect(workspace, options={"settings": {"trace": "messages"}}) as editor:
        lines = traced(editor)
        await editor.embedded()
        assert any("is answered" in each.message for each in lines)
