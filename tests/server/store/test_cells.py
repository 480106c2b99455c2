"""Notebooks: one file, whose cells have units of their own."""

from codekin_server.store.records import FileRecord


def test_the_cells_of_a_notebook_are_units_of_one_file(store, units_in):
    record = FileRecord("n.ipynb", 1, 1, "d", "utf-8")
    cells = {"n.ipynb/cell-1": units_in("import os\n"), "n.ipynb/cell-2": units_in("def f():\n    pass\n")}
    store.replace_cells(record, cells)
    assert list(store.file_records()) == ["n.ipynb"]
    assert [unit.name for unit in store.units_of_file("n.ipynb/cell-2")][1:] == ["f"]
    assert {unit.module for path in cells for unit in store.units_of_file(path)} == {"n"}
    assert store.remove_file("n.ipynb")
    assert store.counts().units == 0


def test_an_open_notebook_hides_every_cell_on_disk(store, units_in):
    disk, opened = FileRecord("n.ipynb", 1, 1, "d", "utf-8"), FileRecord("n.ipynb", 1, 0, "e", "utf-8")
    store.replace_cells(disk, {"n.ipynb/cell-1": units_in("a = 1\n"), "n.ipynb/cell-2": units_in("b = 1\n")})
    store.replace_cells(opened, {"n.ipynb/cell-x": units_in("c = 1\n")}, overlay=True)
    assert [len(store.units_of_file(f"n.ipynb/cell-{each}")) for each in (1, 2, "x")] == [0, 0, 1]
    store.remove_overlay("n.ipynb")
    assert [len(store.units_of_file(f"n.ipynb/cell-{each}")) for each in (1, 2, "x")] == [1, 1, 0]
