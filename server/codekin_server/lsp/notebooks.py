"""Open notebooks: which cells they have, in which order. The cells' texts are documents like any other.

In: the notifications of an editor. Out: :class:`Notebook` values. Must not know of indexes. Used from the event loop
only.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lsprotocol import types

from codekin_server.lsp.documents import Document, Documents
from codekin_server.lsp.uris import path_of

CellText = tuple[str, str, int]
"""A cell's name within its notebook, its text, and the version of that."""


@dataclass(frozen=True, slots=True)
class Notebook:
    """``cells`` are the URIs of all its cells, in order; ``path`` is None where the notebook is no file."""

    uri: str
    path: Path | None
    cells: tuple[str, ...]

    def code(self, documents: Documents) -> Sequence[Document]:
        """The cells that hold Python, in order."""
        found = [documents.get(uri) for uri in self.cells]
        return [document for document in found if document is not None]

    def texts(self, documents: Documents) -> list[CellText]:
        """The same, as the analysis takes them."""
        return [
            (each.path.name.removeprefix("cell-"), each.text.data.decode(), each.version)
            for each in self.code(documents)
            if each.path is not None
        ]


class Notebooks:
    """The notebooks that are open now."""

    def __init__(self) -> None:
        self._open: dict[str, Notebook] = {}

    def all(self) -> tuple[Notebook, ...]:
        """Every open notebook."""
        return tuple(self._open.values())

    def get(self, uri: str) -> Notebook | None:
        """The open notebook with this URI."""
        return self._open.get(uri)

    def open(self, uri: str, cells: Iterable[types.NotebookCell]) -> Notebook:
        """A notebook was opened."""
        notebook = self._open[uri] = Notebook(uri, path_of(uri), tuple(cell.document for cell in cells))
        return notebook

    def rearrange(self, notebook: Notebook, change: types.NotebookCellArrayChange) -> Notebook:
        """Cells were put in, taken out, or moved."""
        cells, added = list(notebook.cells), [cell.document for cell in change.cells or ()]
        cells[change.start : change.start + change.delete_count] = added
        changed = self._open[notebook.uri] = replace(notebook, cells=tuple(cells))
        return changed

    def close(self, uri: str) -> Notebook | None:
        """A notebook was closed; None where it was never opened."""
        return self._open.pop(uri, None)


def numbered(notebooks: Iterable[Notebook], documents: Documents) -> Mapping[Path, int]:
    """The number of each open code cell by its path, counted from 1."""
    return {
        cell.path: number
        for notebook in notebooks
        for number, cell in enumerate(notebook.code(documents), start=1)
        if cell.path is not None
    }
