import pytest

from codekin_model.source.cell_path import cell_path, file_of, is_cell, is_notebook, is_python_text, is_source


def test_a_cell_knows_its_notebook():
    path = cell_path("a/b.ipynb", 3)
    assert (path, file_of(path), is_cell(path)) == ("a/b.ipynb/cell-3", "a/b.ipynb", True)


@pytest.mark.parametrize("path", ["a.py", "a.ipynb", "x.ipynb/cell.py", "x.ipynb/cell-1.py", "x.ipynb/cell-1/a.py", ""])
def test_other_paths_are_their_own_file(path):
    assert file_of(path) == path
    assert not is_cell(path)


def test_notebooks_are_told_by_their_names():
    assert [is_notebook(path) for path in ("a.ipynb", "A.IPYNB", "a.py", "a.ipynb/cell-1")] == [
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("path", "text", "source"),
    [
        ("a.py", True, True),
        ("a/b.PYW", True, True),
        ("A.IPYNB", False, True),
        ("a.ipynb/cell-1", False, False),
        ("a.pyi", False, False),
        ("py", False, False),
    ],
)
def test_files_of_python_are_told_by_their_names(path, text, source):
    assert (is_python_text(path), is_source(path)) == (text, source)
