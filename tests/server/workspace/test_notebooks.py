"""Notebooks in the index: on disk and open."""

import json

import pytest

from codekin_server.workspace.cells import NotebookCell


def notebook(*cells):
    made = [{"cell_type": "code", "source": source} for source in cells]
    return json.dumps({"cells": made, "metadata": {"language_info": {"name": "python"}}})


@pytest.fixture
def names_in(store):
    return lambda *cells: [[unit.name for unit in store.units_of_file(f"n.ipynb/cell-{cell}")] for cell in cells]


def test_every_cell_on_disk_has_units(indexer, write, names_in, store):
    write("n.ipynb", notebook("import os\n", "%time\ndef read(path):\n    return open(path)\n"))
    indexer.scan()
    assert names_in(1, 2) == [[""], ["", "read"]]
    assert store.units_of_file("n.ipynb/cell-2")[1].start_line == 2
    assert store.counts().files == 1


def test_cells_are_embedded_from_disk(indexer, write, store):
    write("n.ipynb", notebook("import os\n", "def read(path):\n    return open(path)\n"))
    indexer.scan()
    indexer.embed_missing()
    assert (store.counts().units, store.counts().vectors_missing) == (3, 0)


def test_a_cell_that_moves_is_not_embedded_again(indexer, write, model):
    read, other = "def read(path):\n    return open(path)\n", "x = 1\n"
    write("n.ipynb", notebook(read))
    indexer.scan()
    indexer.embed_missing()
    write("n.ipynb", notebook(other, read))
    indexer.scan()
    indexer.embed_missing()
    assert len(model.embedded) == 3


@pytest.mark.parametrize("content", ["", "{", "[]", '{"cells": 1}'])
def test_a_broken_notebook_is_a_skipped_file(indexer, write, store, content):
    write("n.ipynb", content)
    assert indexer.scan().skipped == 1
    assert "no notebook" in store.file_records()["n.ipynb"].problem


def test_pictures_do_not_make_a_notebook_too_large(indexer, write, store):
    content = json.loads(notebook("def draw():\n    pass\n"))
    content["cells"][0]["outputs"] = ["A" * (3 << 20)]
    write("n.ipynb", json.dumps(content))
    indexer.scan()
    assert store.counts().skipped_files == 0


def test_a_deleted_notebook_takes_its_cells_along(indexer, write, store, root):
    write("n.ipynb", notebook("x = 1\n"))
    indexer.scan()
    (root / "n.ipynb").unlink()
    indexer.file_deleted("n.ipynb")
    assert store.counts().units == 0


def test_left_out_by_setting(indexer, write, store):
    write("n.ipynb", notebook("x = 1\n"))
    indexer.scan()
    indexer.exclude(["*.ipynb"])
    indexer.scan()
    assert store.counts().files == 0


def cell(name, text, version=1):
    return NotebookCell(f"n.ipynb/cell-{name}", text, version)


def test_open_cells_count_before_the_file(indexer, write, names_in):
    write("n.ipynb", notebook("def on_disk():\n    pass\n"))
    indexer.scan()
    indexer.notebook_opened("n.ipynb", [cell("a", "def opened():\n    pass\n"), cell("b", "!ls\n")])
    assert names_in(1, "a", "b") == [[], ["", "opened"], [""]]


def test_an_edited_cell_extracts_and_embeds_one_unit(indexer, write):
    write("n.ipynb", notebook("x = 1\n"))
    indexer.scan()
    cells = [cell(at, f"def f{at}():\n    return {at}\n") for at in "abc"]
    indexer.notebook_opened("n.ipynb", cells)
    indexer.embed_missing()
    before = indexer.counters
    indexer.notebook_opened("n.ipynb", [cell("a", "def fa():\n    return 99\n", 2), *cells[1:]])
    indexer.embed_missing()
    after = indexer.counters
    changes = (after.units_extracted - before.units_extracted, after.units_embedded - before.units_embedded)
    assert changes == (1, 1)


def test_a_cell_that_is_taken_out_is_gone(indexer, names_in):
    indexer.notebook_opened("n.ipynb", [cell("a", "x = 1\n"), cell("b", "y = 1\n")])
    indexer.notebook_opened("n.ipynb", [cell("b", "y = 1\n")])
    assert names_in("a", "b") == [[], [""]]
    assert indexer.document("n.ipynb/cell-a") is None


def test_closing_without_saving_leaves_no_trace(indexer, write, names_in):
    write("n.ipynb", notebook("def on_disk():\n    pass\n"))
    indexer.scan()
    indexer.notebook_opened("n.ipynb", [cell("a", "def opened():\n    pass\n")])
    indexer.notebook_closed("n.ipynb")
    assert names_in(1, "a") == [["", "on_disk"], []]
    assert indexer.document("n.ipynb/cell-a") is None


def test_magics_move_nothing_in_an_open_cell(indexer, store):
    text = "%time\nfiles = !ls\n\ndef read():\n    return 'ü'\n"
    indexer.notebook_opened("n.ipynb", [cell("a", text)])
    unit = store.units_of_file("n.ipynb/cell-a")[-1]
    assert text.encode()[unit.start_byte : unit.end_byte].decode() == "def read():\n    return 'ü'"


def test_a_notebook_outside_stays_out_of_the_store(indexer, store):
    indexer.notebook_opened("/elsewhere/n.ipynb", [NotebookCell("/elsewhere/n.ipynb/cell-a", "x = 1\n", 1)])
    indexer.notebook_closed("/elsewhere/n.ipynb")
    assert store.counts().units == 0
