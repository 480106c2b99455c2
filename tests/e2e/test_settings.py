"""Settings of the project and of the person, through real messages."""

import asyncio

from lsprotocol import types

PROJECT = "[tool.codekin.index]\nexclude = [{patterns}]\n"


def shown(editor) -> list[str]:
    return [message.message for message in editor.client.messages]


def tell(editor, settings) -> None:
    editor.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings))


def wrote(editor, path) -> None:
    """As a client tells that watches files."""
    event = types.FileEvent(path.as_uri(), types.FileChangeType.Changed)
    editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))


async def files(editor, count) -> None:
    """Wait until the index holds so many files, all embedded."""
    await editor.until(lambda status: status["files"] == count and not status["vectors_missing"], "codekin.status")


async def test_the_project_says_what_is_left_out(connect, workspace):
    (workspace / "pyproject.toml").write_text(PROJECT.format(patterns='"report.py"'))
    async with connect(workspace) as editor:
        await files(editor, 2)
        assert shown(editor) == []


async def test_the_editor_overrides_the_project(connect, workspace):
    (workspace / "pyproject.toml").write_text(PROJECT.format(patterns='"report.py"'))
    async with connect(workspace, options={"settings": {"index": {"exclude": []}}}) as editor:
        await files(editor, 3)


async def test_what_the_project_excludes_from_now_on_leaves_the_index(connect, workspace):
    async with connect(workspace) as editor:
        await files(editor, 3)
        project = workspace / "pyproject.toml"
        project.write_text(PROJECT.format(patterns='"report.py"'))
        wrote(editor, project)
        await files(editor, 2)
        project.unlink()
        wrote(editor, project)
        await files(editor, 3)


async def test_a_broken_project_file_is_named_once_and_ignored(connect, workspace):
    project = workspace / "pyproject.toml"
    project.write_text("[tool.codekin\n")
    async with connect(workspace) as editor:
        await files(editor, 3)
        project.write_text("[tool.codekin]\nindex = [\n")
        wrote(editor, project)
        project.write_text(PROJECT.format(patterns='"report.py"'))
        wrote(editor, project)
        await files(editor, 2)
        assert len(shown(editor)) == 1
        assert f"{project} cannot be read" in shown(editor)[0]


async def test_settings_are_asked_of_a_client_that_answers(connect, workspace):
    async with connect(workspace, configuration={"index": {"exclude": ["orders.py"]}}) as editor:
        await files(editor, 2)
        (registered,) = editor.registered
        assert (registered.method, registered.register_options) == (
            "workspace/didChangeConfiguration",
            {"section": "codekin"},
        )
        editor.client.set_configuration({}, section="codekin")
        tell(editor, None)
        await files(editor, 3)


async def test_settings_are_taken_from_a_client_that_pushes_them(connect, workspace):
    async with connect(workspace) as editor:
        await files(editor, 3)
        tell(editor, {"codekin": {"index.exclude": ["shop/report.py"]}, "python": {"indent": 4}})
        await files(editor, 2)


async def test_what_is_wrong_is_named_once_in_a_line_each(connect, workspace):
    wrong = {"names": {"limt": 3, "limit": 50}}
    async with connect(workspace, options={"settings": wrong}) as editor:
        await files(editor, 3)
        tell(editor, {"codekin": {"index": {"exclude": ["report.py"]}}})
        await files(editor, 2)
        assert shown(editor) == [
            "initializationOptions: there is no setting 'names.limt'; did you mean 'names.limit'?",
            "initializationOptions: 'names.limit' takes a whole number from 1 to 10; 50 is ignored",
        ]


async def test_another_cache_folder_is_another_index(connect, workspace, tmp_path):
    async with connect(workspace) as editor:
        await files(editor, 3)
        tell(editor, {"codekin": {"cache": {"path": str(tmp_path / "elsewhere")}}})
        await asyncio.sleep(0)
        await editor.until(
            lambda status: status.get("index_path", "").startswith(str(tmp_path / "elsewhere")), "codekin.status"
        )
        await files(editor, 3)


async def test_a_project_may_not_choose_the_model_for_its_readers(connect, workspace):
    (workspace / "pyproject.toml").write_text('[tool.codekin]\nmodel.path = "model"\n')
    async with connect(workspace) as editor:
        await editor.embedded()
        assert len(shown(editor)) == 1
        assert shown(editor)[0].endswith("'model.path' is for the editor's settings, and is ignored here")
