"""What a path says of its file, and the paths of a notebook's cells: ``analysis.ipynb/cell-3`` is the third code cell.

In: a path, with ``/``. Out: what it is and its parts, from the path alone. So a cell is a small Python file to
everything that knows paths, and only the rooms that read files know better.
"""

import re

PYTHON_SUFFIXES = (".py", ".pyw")
NOTEBOOK_SUFFIX = ".ipynb"
_CELL = re.compile(r"(.*\.ipynb)/(cell-[^/.]+)", re.IGNORECASE | re.DOTALL)


def is_python_text(path: str) -> bool:
    """Whether a file is Python's own text, by its name; upper and lower case are one, as in all that is told by it."""
    return path.lower().endswith(PYTHON_SUFFIXES)


def is_notebook(path: str) -> bool:
    """Whether a file is a notebook, by its name."""
    return path.lower().endswith(NOTEBOOK_SUFFIX)


def is_source(path: str) -> bool:
    """Whether a file may hold Python, by its name: text or a notebook."""
    return is_python_text(path) or is_notebook(path)


def cell_path(notebook: str, cell: str | int) -> str:
    """The path of a cell: code cells are counted from 1; those of an open notebook may have a name instead."""
    return f"{notebook}/cell-{cell}"


def is_cell(path: str) -> bool:
    """Whether ``path`` is that of a cell."""
    return _CELL.fullmatch(path) is not None


def file_of(path: str) -> str:
    """The file that ``path`` stands in: the notebook of a cell, else the path itself."""
    match = _CELL.fullmatch(path)
    return path if match is None else match[1]
