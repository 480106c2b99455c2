"""Notebooks: on disk, open cell by cell, edited, and closed."""

import json

import pytest
from lsprotocol import types

READ = "%matplotlib inline\n\ndef xx(path):\n    with open(path) as stream:\n        return stream.read()\n"


def on_disk(*cells) -> str:
    made = [{"cell_type": "code", "source": source} for source in cells]
    return json.dumps({"cells": made, "metadata": {"language_info": {"name": "python"}}, "nbformat": 4})


class Notebook:
    """A notebook that an editor holds; cells are named by letters."""

    def __init__(self, editor, path, **cells) -> None:
        self.client, self.path, self.version = editor.client, path, 1
        document = types.NotebookDocument(path.as_uri(), "jupyter-notebook", 1, [self.cell(name) for name in cells])
        items = [self.item(name, text) for name, text in cells.items()]
        self.client.notebook_document_did_open(types.DidOpenNotebookDocumentParams(document, items))

    def uri(self, name: str) -> str:
        return f"vscode-notebook-cell:{self.path.as_posix()}#{name}"

    def cell(self, name) -> types.NotebookCell:
        return types.NotebookCell(types.NotebookCellKind.Code, self.uri(name))

    def item(self, name, text) -> types.TextDocumentItem:
        return types.TextDocumentItem(self.uri(name), "python", 1, text)

    def _changed(self, **change) -> None:
        self.version += 1
        document = types.VersionedNotebookDocumentIdentifier(self.version, self.path.as_uri())
        cells = types.NotebookDocumentCellChanges(**change)
        self.client.notebook_document_did_change(
            types.DidChangeNotebookDocumentParams(document, types.NotebookDocumentChangeEvent(cells=cells))
        )

    def edit(self, name, line, start, end, text) -> None:
        place = types.Range(types.Position(line, start), types.Position(line, end))
        document = types.VersionedTextDocumentIdentifier(self.version + 1, self.uri(name))
        changes = [types.TextDocumentContentChangePartial(place, text)]
        self._changed(text_content=[types.NotebookDocumentCellContentChanges(document, changes)])

    def insert(self, at, name, text) -> None:
        array = types.NotebookCellArrayChange(at, 0, [self.cell(name)])
        self._changed(structure=types.NotebookDocumentCellChangeStructure(array, [self.item(name, text)]))

    def remove(self, at, name) -> None:
        array = types.NotebookCellArrayChange(at, 1)
        gone = [types.TextDocumentIdentifier(self.uri(name))]
        self._changed(structure=types.NotebookDocumentCellChangeStructure(array, did_close=gone))

    def close(self, *names) -> None:
        cells = [types.TextDocumentIdentifier(self.uri(name)) for name in names]
        document = types.NotebookDocumentIdentifier(self.path.as_uri())
        self.client.notebook_document_did_close(types.DidCloseNotebookDocumentParams(document, cells))


async def first(editor, words):
    found = (await editor.command("codekin.search", words, 1))["results"]
    return (
        {key: found[0].get(key) for key in ("path", "cell", "qualified_name", "uri", "start_line")} if found else None
    )


@pytest.fixture
async def editor(connect, workspace):
    (workspace / "zoo.ipynb").write_text(
        on_disk("import os", "%time\ndef feed_penguins(fish):\n    return [fish] * 3\n")
    )
    async with connect(workspace, notebooks=True) as editor:
        await editor.embedded()
        yield editor


async def test_the_server_asks_for_notebooks(editor):
    sync = editor.greeting.capabilities.notebook_document_sync
    assert sync.notebook_selector[0].cells[0].language == "python"


async def test_a_cell_on_disk_is_found_with_its_number(editor, workspace):
    assert await first(editor, "feed penguins") == {
        "path": "zoo.ipynb",
        "cell": 2,
        "qualified_name": "feed_penguins",
        "uri": (workspace / "zoo.ipynb").as_uri(),
        "start_line": 2,
    }


async def test_a_cell_on_disk_shows_the_line_that_answers(editor):
    (found, *_) = (await editor.command("codekin.search", "feed penguins"))["results"]
    assert (found["snippet"]["text"], found["snippet"]["line"]) == ("def feed_penguins(fish):", 2)


async def test_cells_are_asked_about_by_their_own_uris(editor, workspace):
    notebook = Notebook(editor, workspace / "zoo.ipynb", a="import os", b=READ)
    (function,) = (await editor.command("codekin.suggestNames", notebook.uri("b"), 3))["functions"]
    assert function["nameRange"] == {"start": {"line": 2, "character": 4}, "end": {"line": 2, "character": 6}}
    assert function["suggestions"]
    actions = await editor.actions(notebook.uri("b"), 2, 5)
    assert any(action.title.startswith("Rename to") for action in actions)


async def test_an_open_notebook_counts_before_its_file_and_its_cells_are_numbered(editor, workspace):
    notebook = Notebook(editor, workspace / "zoo.ipynb", a="x = 1", b="def gallop_zebra(zebra):\n    zebra.run()\n")
    found = await first(editor, "gallop zebra")
    assert (found["path"], found["cell"], found["uri"]) == ("zoo.ipynb", 2, notebook.uri("b"))
    assert (await first(editor, "feed penguins"))["qualified_name"] != "feed_penguins"


async def test_edits_of_a_cell_are_seen_and_magics_do_not_disturb_them(editor, workspace):
    notebook = Notebook(editor, workspace / "zoo.ipynb", a="!ls\n\ndef feed(x):\n    return x\n")
    notebook.edit("a", 2, 4, 8, "gallop_zebra")
    notebook.edit("a", 0, 0, 3, "%cd \U0001f40d")
    found = await first(editor, "gallop zebra")
    assert (found["qualified_name"], found["start_line"]) == ("gallop_zebra", 3)


async def test_cells_come_and_go(editor, workspace):
    notebook = Notebook(editor, workspace / "zoo.ipynb", a="x = 1")
    notebook.insert(0, "b", "def gallop_zebra(zebra):\n    zebra.run()\n")
    assert (await first(editor, "gallop zebra"))["cell"] == 1
    notebook.remove(0, "b")
    assert (await first(editor, "gallop zebra"))["qualified_name"] != "gallop_zebra"


async def test_closing_without_saving_leaves_no_trace(editor, workspace):
    notebook = Notebook(editor, workspace / "zoo.ipynb", a="def gallop_zebra(zebra):\n    zebra.run()\n")
    assert (await first(editor, "gallop zebra"))["qualified_name"] == "gallop_zebra"
    notebook.close("a")
    assert (await first(editor, "gallop zebra"))["qualified_name"] != "gallop_zebra"
    assert (await first(editor, "feed penguins"))["cell"] == 2


async def test_renaming_in_a_notebook_is_refused_with_a_reason(editor, workspace):
    notebook = Notebook(editor, workspace / "zoo.ipynb", a=READ)
    request = {"uri": notebook.uri("a"), "position": {"line": 2, "character": 5}, "newName": "read_text"}
    answer = await editor.command("codekin.rename", request)
    assert answer["edit"] is None
    assert "does not rename in notebooks" in answer["conflicts"][0]


async def test_notebooks_can_be_left_out(connect, workspace):
    (workspace / "zoo.ipynb").write_text(on_disk("def feed_penguins(fish):\n    return fish\n"))
    async with connect(workspace, options={"settings": {"index": {"notebooks": False}}}) as editor:
        assert (await editor.embedded())["files"] == 3


async def test_a_broken_notebook_is_told_as_a_skipped_file(connect, workspace):
    (workspace / "zoo.ipynb").write_text("{")
    async with connect(workspace) as editor:
        status = await editor.embedded()
        assert (status["files"], status["skipped_files"]) == (3, 1)


async def test_a_name_that_an_open_notebook_uses_is_not_renamed_without_it(editor, workspace):
    Notebook(editor, workspace / "new.ipynb", a="from shop.orders import total_price", b="total_price([1], 0)")
    place = {"uri": (workspace / "shop/orders.py").as_uri(), "position": {"line": 3, "character": 6}}
    answer = await editor.command("codekin.rename", {**place, "newName": "sum_prices"})
    assert answer["edit"] is None
    assert "the notebook new.ipynb" in answer["conflicts"][0]
