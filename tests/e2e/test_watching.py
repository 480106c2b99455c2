"""What happens on disk: watched, told by the editor, or found when something is saved."""

import shutil

from lsprotocol import types

Kind = types.FileChangeType
ZOO = "def feed_penguins(fish):\n    return [fish] * 3\n"


def tell(editor, *events):
    changes = [types.FileEvent(path.as_uri(), kind) for path, kind in events]
    editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(changes))


async def found(editor, words, path):
    """Waits until the first result stands in ``path``, or nothing does any more where that is None."""

    def fits(answer):
        hits = [hit["path"] for hit in answer["results"] if hit["name"].startswith("feed_penguins")]
        return hits[:1] == [path] if path else not hits

    return await editor.until(fits, "codekin.search", words, 3)


async def test_files_notebooks_and_rules_are_watched(connect, workspace):
    async with connect(workspace, watch=True) as editor:
        await editor.embedded()
        (registered,) = (each for each in editor.registered if each.method == "workspace/didChangeWatchedFiles")
        patterns = [watcher["globPattern"] for watcher in registered.register_options["watchers"]]
    assert patterns == ["**/*.{py,pyw,ipynb}", "**/pyproject.toml", "**/.gitignore"]


async def test_where_files_are_watched_what_is_typed_and_what_is_told_of_is_embedded(connect, workspace):
    async with connect(workspace, watch=True) as editor:
        before = (await editor.embedded())["units_embedded"]
        uri = editor.open(workspace / "shop" / "report.py")
        for name in ("feed_penguins_once", "feed_penguins_twice"):
            editor.change(uri, f"def {name}(fish):\n    return [fish]\n")
            await found(editor, name, "shop/report.py")
            await editor.embedded()
        file = workspace / "zoo.py"
        file.write_text(ZOO)
        tell(editor, (file, Kind.Created))
        await found(editor, "feed penguins fish 3", "zoo.py")
        assert (await editor.embedded())["units_embedded"] >= before + 4


async def test_what_gitignore_leaves_out_leaves_the_index(editor, workspace):
    rules = workspace / ".gitignore"
    rules.write_text("report.py\n")
    tell(editor, (rules, Kind.Created))
    await editor.until(lambda status: status["files"] == 2, "codekin.status")
    rules.unlink()
    tell(editor, (rules, Kind.Deleted))
    await editor.until(lambda status: status["files"] == 3, "codekin.status")


async def test_a_branch_switch_of_many_files_and_back_embeds_each_content_once(editor, workspace):
    files = [workspace / "many" / f"zoo_{at}.py" for at in range(200)]
    (workspace / "many").mkdir()
    before = (await editor.command("codekin.status"))["units_embedded"]

    def switch(suffix):
        for at, file in enumerate(files):
            file.write_text(f"def feed_penguins_{suffix}(fish):\n    return [fish] * {at % 7}\n")
        tell(editor, *((file, Kind.Changed) for file in files))

    async def settled(suffix):
        await editor.until(lambda answer: answer["results"][0]["name"] == f"feed_penguins_{suffix}", *ask)
        return (await editor.embedded())["units_embedded"]

    ask = ("codekin.search", "feed penguins", 1)
    switch("main")
    first = await settled("main")
    switch("branch")
    second = await settled("branch")
    switch("main")
    assert await settled("main") == second
    assert (first - before, second - first) == (8, 8)  # seven functions, and the heads of their modules


async def test_files_that_are_moved_in_the_editor_are_found_at_their_new_place_and_not_embedded(editor, workspace):
    before = (await editor.embedded())["units_embedded"]
    (workspace / "store").mkdir()
    old, new = workspace / "shop" / "report.py", workspace / "store" / "report.py"
    old.rename(new)
    renames = [types.FileRename(old.as_uri(), new.as_uri())]
    editor.client.workspace_did_rename_files(types.RenameFilesParams(renames))
    await editor.until(
        lambda answer: answer["results"][0]["path"] == "store/report.py", "codekin.search", "count_words", 1
    )
    assert (await editor.embedded())["units_embedded"] == before


async def test_a_folder_that_is_moved_in_the_editor_takes_its_files_along(editor, workspace):
    (workspace / "shop").rename(workspace / "store")
    renames = [types.FileRename((workspace / "shop").as_uri(), (workspace / "store").as_uri())]
    editor.client.workspace_did_rename_files(types.RenameFilesParams(renames))
    await editor.until(
        lambda answer: answer["results"][0]["path"] == "store/report.py", "codekin.search", "count_words", 1
    )
    assert (await editor.embedded())["files"] == 3


async def test_files_made_and_deleted_in_the_editor(editor, workspace):
    path = workspace / "zoo.py"
    path.write_text(ZOO)
    editor.client.workspace_did_create_files(types.CreateFilesParams([types.FileCreate(path.as_uri())]))
    await found(editor, "feed penguins", "zoo.py")
    path.unlink()
    editor.client.workspace_did_delete_files(types.DeleteFilesParams([types.FileDelete(path.as_uri())]))
    await found(editor, "feed penguins", None)


async def test_a_folder_deleted_in_the_editor(editor, workspace):
    shutil.rmtree(workspace / "shop")
    deletes = [types.FileDelete((workspace / "shop").as_uri())]
    editor.client.workspace_did_delete_files(types.DeleteFilesParams(deletes))
    await editor.until(lambda status: status["files"] == 0, "codekin.status")


async def test_without_watching_a_save_shows_what_else_was_written(connect, workspace):
    async with connect(workspace, watch=False) as editor:
        await editor.embedded()
        assert "workspace/didChangeWatchedFiles" not in {each.method for each in editor.registered}
        (workspace / "zoo.py").write_text(ZOO)
        uri = editor.open(workspace / "shop" / "orders.py")
        editor.client.text_document_did_save(types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(uri)))
        await found(editor, "feed penguins", "zoo.py")


async def test_a_file_of_a_folder_that_was_added_is_watched_too(connect, workspace, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "empty.py").write_text("x = 1\n")
    async with connect(workspace) as editor:
        await editor.embedded()
        event = types.WorkspaceFoldersChangeEvent([types.WorkspaceFolder(other.as_uri(), "other")], [])
        editor.client.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(event))
        await editor.until(lambda status: status.get("files") == 4, "codekin.status")
        (other / "zoo.py").write_text(ZOO)
        tell(editor, (other / "zoo.py", Kind.Created))
        await found(editor, "feed penguins", "zoo.py")
