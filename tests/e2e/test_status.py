"""``codekin.status`` and the notifications ``codekin/status``."""

import asyncio

import psutil


async def until(condition) -> None:
    """Wait for a notification that is to come."""
    while not condition():  # noqa: ASYNC110 - another process is at it
        await asyncio.sleep(0.05)


async def test_a_client_that_asks_is_told_each_state(connect, workspace):
    async with connect(workspace, options={"statusNotifications": True}) as editor:
        await editor.embedded()
        await until(lambda: editor.states and editor.states[-1].state == "ready")
        seen = list(dict.fromkeys(each.state for each in editor.states))
        last = editor.states[-1]
    assert seen[-1] == "ready"
    assert set(seen) <= {"starting", "indexing", "ready"}
    assert len(seen) > 1
    assert last.tier == "teacher"
    assert last.model.startswith("codekin-")


async def test_a_client_that_does_not_ask_is_told_nothing(connect, workspace):
    async with connect(workspace) as editor:
        await editor.embedded()
        await editor.command("codekin.reindex")
        assert editor.states == []


async def test_the_status_counts_what_both_processes_hold(editor):
    status = await editor.command("codekin.status")
    assert status["tier"] == "teacher"
    assert status["paused"] is None
    assert status["follows"] is False
    assert status["last_errors"] == []
    assert status["memory_mb"] > 10
    assert status["worker"]["memory_mb"] > 10
    assert status["worker"]["queue"] == 0


async def test_the_status_says_what_went_wrong_last(connect, workspace, tmp_path):
    async with connect(workspace, options={"settings": {"zebra": 1}}) as editor:
        status = await editor.embedded()
        assert len(status["last_errors"]) == 1
        assert status["last_errors"][0].endswith("there is no setting 'zebra'; it is ignored")


async def test_the_models_process_stands_back_as_far_as_it_is_told(connect, workspace):
    async with connect(workspace, options={"settings": {"index": {"niceness": 15, "threads": 1}}}) as editor:
        status = await editor.embedded()
        process = psutil.Process(status["worker"]["pid"])
        assert process.nice() == 15
        assert process.cmdline()[-4:] == ["--threads", "1", "--niceness", "15"]
