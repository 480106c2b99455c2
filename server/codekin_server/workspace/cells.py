"""Cells of open notebooks, as small documents of their own.

In: a cell's text as its editor has it, with IPython's own syntax. Out: :class:`OpenDocument` of what Python reads of
it, byte for byte in the same places. Must not know of stores or of LSP.
"""

from dataclasses import dataclass

from codekin_model.source.ipython import as_python
from codekin_model.source.text import text_of
from codekin_server.workspace.documents import OpenDocument, edited, open_document


@dataclass(frozen=True, slots=True)
class NotebookCell:
    """A code cell that an editor holds: its path (see :mod:`codekin_model.source.cell_path`), text and version."""

    path: str
    text: str
    version: int


def opened_cell(cell: NotebookCell, before: OpenDocument | None, largest: int) -> OpenDocument:
    """The document of ``cell``; what it shares with the one ``before`` is not looked at again."""
    text = as_python(text_of(cell.text)).data.decode("utf-8", "replace")
    if before is None:
        return open_document(cell.path, text, cell.version, largest)
    return edited(before, cell.version, text)
