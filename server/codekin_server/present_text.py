"""A file as it is on disk now, or a cell of a notebook.

In: a path, a cell's as :mod:`codekin_model.source.cell_path` makes it. Out: its text. Must not know of open documents.
"""

from pathlib import Path

from codekin_model.source.cell_path import cell_path, file_of, is_notebook
from codekin_model.source.notebook import read_notebook
from codekin_model.source.text import SourceText, UnreadableSource, decode_source


def present_text(path: Path) -> SourceText | None:
    """A file's text, or a cell's of a notebook; None where it cannot be read."""
    notebook = file_of(path.as_posix())
    try:
        if is_notebook(notebook):
            cells = read_notebook(Path(notebook).read_bytes())
            return next((cell.text for cell in cells if cell_path(notebook, cell.number) == path.as_posix()), None)
        return decode_source(path.read_bytes())
    except (OSError, UnreadableSource):
        return None
