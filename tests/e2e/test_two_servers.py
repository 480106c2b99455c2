"""Two editors on one workspace: one server writes the index, the other follows and takes over."""

from lsprotocol import types

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


async def test_a_follower_renames_in_unsaved_documents_too(connect, workspace):
    async with connect(workspace) as first, connect(workspace) as second:
        await first.embedded()
        await second.embedded()
        uri = second.open(workspace / "herd.py", NEW)
        other = second.open(workspace / "farm.py", "from herd import count_zebras\n")
        request = {"uri": uri, "position": {"line": 0, "character": 5}, "newName": "count_striped"}
        answer = await second.command("codekin.rename", request)
        assert {each["textDocument"]["uri"] for each in answer["edit"]["documentChanges"]} == {uri, other}


async def test_a_follower_that_takes_over_brings_its_open_notebooks_along(connect, workspace):
    async with connect(workspace) as first:
        await first.embedded()
        async with connect(workspace, notebooks=True) as second:
            await second.embedded()
            notebook = workspace / "herd.ipynb"
            cell = types.NotebookCell(types.NotebookCellKind.Code, f"vscode-notebook-cell:{notebook.as_posix()}#a")
            document = types.NotebookDocument(notebook.as_uri(), "jupyter-notebook", 1, [cell])
            item = types.TextDocumentItem(cell.document, "python", 1, NEW)
            second.client.notebook_document_did_open(types.DidOpenNotebookDocumentParams(document, [item]))
            first.process.kill()
            await first.process.wait()
            await second.until(
                lambda found: found["results"][0]["name"] == "count_zebras", "codekin.search", "count_zebras"
            )
