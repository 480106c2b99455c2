"""Two editors on one workspace: one server writes the index, the other follows and takes over."""

NEW = "def count_zebras(herd):\n    return len([each for each in herd if each.striped])\n"


async def test_the_second_server_follows_and_sees_what_the_first_writes(connect, workspace):
    async with connect(workspace) as first, connect(workspace) as second:
        written = await first.embedded()
        followed = await second.embedded()
        assert (written["follows"], followed["follows"]) == (False, True)
        assert followed["writer"] == first.process.pid
        assert followed["units_embedded"] == 0
        first.open(workspace / "herd.py", "")
        (workspace / "herd.py").write_text(NEW)
        await first.command("codekin.reindex")
        await second.until(
            lambda found: found["results"][0]["name"] == "count_zebras", "codekin.search", "count_zebras"
        )


async def test_unsaved_text_of_a_follower_is_answered_about_but_not_searched_by_others(connect, workspace):
    async with connect(workspace) as first, connect(workspace) as second:
        await first.embedded()
        await second.embedded()
        uri = second.open(workspace / "herd.py", NEW)
        found = await second.command("codekin.suggestNames", uri, {"line": 0, "character": 5})
        assert found["functions"][0]["name"] == "count_zebras"
        names = [each["name"] for each in (await first.command("codekin.search", "count_zebras"))["results"]]
        assert "count_zebras" not in names


async def test_a_follower_takes_over_from_a_writer_that_dies(connect, workspace):
    async with connect(workspace) as first:
        await first.embedded()
        async with connect(workspace) as second:
            await second.embedded()
            first.process.kill()
            await first.process.wait()
            status = await second.until(lambda status: not status["follows"], "codekin.status")
            assert status["writer"] is None
            second.open(workspace / "herd.py", NEW)
            await second.until(
                lambda found: found["results"][0]["name"] == "count_zebras", "codekin.search", "count_zebras"
            )
