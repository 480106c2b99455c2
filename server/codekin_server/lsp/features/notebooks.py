"""``notebookDocument/did…``: what happens to open notebooks, passed on to the folders that hold them.

In: notifications. Out: documents for the cells that hold Python, and events in the folders' queues. A cell is asked
about as any other document is, by its own URI. Must not know what the folders make of them.
"""

from collections.abc import Iterable

from lsprotocol import types

from codekin_server.lsp.features.indexing import refresh_soon
from codekin_server.lsp.notebooks import Notebook
from codekin_server.lsp.server import CodekinServer
from codekin_server.lsp.uris import path_of

_PYTHON = "python"


def register(server: CodekinServer) -> None:
    """Add this feature to ``server``."""
    server.feature(types.NOTEBOOK_DOCUMENT_DID_OPEN)(opened)
    server.feature(types.NOTEBOOK_DOCUMENT_DID_CHANGE)(changed)
    server.feature(types.NOTEBOOK_DOCUMENT_DID_SAVE)(saved)
    server.feature(types.NOTEBOOK_DOCUMENT_DID_CLOSE)(closed)


def opened(ls: CodekinServer, params: types.DidOpenNotebookDocumentParams) -> None:
    """The editor's cells count from now on."""
    _open_cells(ls, params.cell_text_documents)
    _tell(ls, ls.notebooks.open(params.notebook_document.uri, params.notebook_document.cells))


def changed(ls: CodekinServer, params: types.DidChangeNotebookDocumentParams) -> None:
    """Cells were edited, put in, taken out or moved."""
    notebook, cells = ls.notebooks.get(params.notebook_document.uri), params.change.cells
    if notebook is None:
        ls.log(f"{params.notebook_document.uri} was changed but never opened", types.MessageType.Warning)
        return
    if cells is None:
        return
    if cells.structure is not None:
        _open_cells(ls, cells.structure.did_open or ())
        for gone in cells.structure.did_close or ():
            ls.documents.close(gone.uri)
        notebook = ls.notebooks.rearrange(notebook, cells.structure.array)
    for edit in cells.text_content or ():
        ls.documents.change(types.DidChangeTextDocumentParams(edit.document, edit.changes), ls.encoding)
    _tell(ls, notebook)


def saved(ls: CodekinServer, params: types.DidSaveNotebookDocumentParams) -> None:
    """The file on disk is new."""
    for folder, path in ls.holding(path_of(params.notebook_document.uri)):
        folder.on_disk(path, gone=False)
        refresh_soon(ls, folder, told=True)


def closed(ls: CodekinServer, params: types.DidCloseNotebookDocumentParams) -> None:
    """The file on disk counts again."""
    for cell in params.cell_text_documents:
        ls.documents.close(cell.uri)
    notebook = ls.notebooks.close(params.notebook_document.uri)
    for folder, path in ls.holding(notebook.path if notebook is not None else None):
        folder.notebook_closed(path)
        refresh_soon(ls, folder, told=True)


def _open_cells(ls: CodekinServer, items: Iterable[types.TextDocumentItem]) -> None:
    for item in items:
        if item.language_id == _PYTHON:
            ls.documents.open(item)


def _tell(ls: CodekinServer, notebook: Notebook) -> None:
    for folder, path in ls.holding(notebook.path):
        folder.notebook(path, notebook.texts(ls.documents))
        refresh_soon(ls, folder, told=True)
