"""The index of one workspace, kept true to its files and open documents.

In: events of the disk and of an editor, in any thread. Out: a store that is up to date, and figures of what that took.
Must not know of LSP, of search, or of the process that holds the model.
"""

import logging
import threading
from collections.abc import Sequence
from pathlib import Path

from codekin_model.source.cell_path import file_of
from codekin_model.source.text import SourceText
from codekin_model.source.unit import CodeUnit
from codekin_server.store.records import UnitRecord
from codekin_server.store.store import Store
from codekin_server.workspace.cells import NotebookCell, opened_cell
from codekin_server.workspace.counters import Counters, Tally
from codekin_server.workspace.discovery import discover
from codekin_server.workspace.documents import OpenDocument, TextChange, edited, open_document
from codekin_server.workspace.embedding import Embedding, UnitEmbedder
from codekin_server.workspace.file_index import FileIndex
from codekin_server.workspace.file_reading import LARGEST_FILE
from codekin_server.workspace.progress import IsCancelled, OnProgress, never, unobserved
from codekin_server.workspace.scanning import ScanCounts, scan_files
from codekin_server.workspace.sketching import Sketching, UnitSketcher
from codekin_server.workspace.unit_sources import UnitSources

_KEPT = 30 * 24 * 3600.0
"""Seconds that the vector of code that is gone is kept at least: it may come back with an undo or a branch."""

_log = logging.getLogger(__name__)


class Indexer:
    """Paths are relative to the root, with ``/``. Every method may be called from any thread.

    Documents that do not belong to the workspace (outside it, ignored, not Python) are kept up to date all the same,
    but stay out of the store.
    """

    def __init__(
        self,
        root: Path,
        store: Store,
        model: UnitEmbedder,
        *,
        student: UnitSketcher | None = None,
        largest_file: int = LARGEST_FILE,
    ) -> None:
        self.root = root.resolve()
        self._store = store
        self._largest_file = largest_file
        self._tally = Tally()
        self._files = FileIndex(self.root, store, self._tally, largest_file)
        self._sources = UnitSources(self.root, self.document, largest_file)
        sketching = Sketching(store, student, self._source_of) if student is not None else None
        self._embedding = Embedding(store, model, self._source_of, self._tally, sketching, self._is_open)
        self._documents: dict[str, OpenDocument] = {}
        self._notebooks: dict[str, dict[str, OpenDocument]] = {}
        self._stored: set[str] = set()
        self._document_order = threading.RLock()
        self._scanning = threading.Lock()
        self._forgot = False

    def exclude(self, patterns: Sequence[str]) -> None:
        """Leave out what fits ``patterns``, written as in ``.gitignore``; the next scan removes what is stored."""
        self._files.exclude = tuple(patterns)

    @property
    def counters(self) -> Counters:
        """What was done since the indexer was made."""
        return self._tally.total

    def scan(self, progress: OnProgress = unobserved, cancelled: IsCancelled = never) -> ScanCounts:
        """Bring words and units up to date with the disk, without the model. One scan at a time, others wait.

        Raises:
            WorkspaceMissing: the root is not a folder.

        """
        with self._scanning:
            return scan_files(self._store, self._files, progress, cancelled)

    def embed_missing(self, progress: OnProgress = unobserved, cancelled: IsCancelled = never) -> int:
        """Embed until every visible unit has a vector, open documents first; the number of vectors stored."""
        stored = self._embedding.run(progress, cancelled)
        if not self._forgot:
            self._forgot = True
            self._store.forget_unused_vectors(_KEPT)
        return stored

    def lay_documents_again(self) -> None:
        """Put the open documents into a store that has not taken them so far."""
        with self._document_order:
            for path in self._stored:
                if path in self._notebooks:
                    self._files.put_notebook(path, list(self._notebooks[path].values()))
                else:
                    self._files.put_document(self._documents[path])

    def open_texts(self, *also: str) -> dict[str, SourceText]:
        """What editors hold of the workspace's files and of those named, by path; notebooks are left out."""
        with self._document_order:
            return {path: self._documents[path].text for path in (*self._stored, *also) if path in self._documents}

    def listed(self) -> list[str]:
        """The workspace's files on disk, whether they were read yet or not."""
        return [found.path for found in discover(self.root, self._files.exclude)]

    def open_notebooks(self) -> dict[str, Sequence[SourceText]]:
        """The code cells of the workspace's notebooks that editors hold, by the notebook's path."""
        with self._document_order:
            held = {path: cells for path, cells in self._notebooks.items() if path in self._stored}
            return {path: [cell.text for cell in cells.values()] for path, cells in held.items()}

    def document(self, path: str) -> OpenDocument | None:
        """The document as it is now; None if it is not open."""
        return self._documents.get(path)

    def document_opened(self, path: str, content: str, version: int) -> OpenDocument:
        """An editor shows a file, perhaps with text that was never saved."""
        with self._document_order:
            if self._files.belongs(path):
                self._stored.add(path)
            return self._keep(open_document(path, content, version, self._largest_file))

    def document_changed(self, path: str, version: int, changes: str | Sequence[TextChange]) -> OpenDocument | None:
        """The document after ``changes``; None, and nothing done, if it is not open or ``version`` is not newer."""
        with self._document_order:
            document = self._documents.get(path)
            if document is None or version <= document.version:
                _log.debug("change to version %s of %s dropped", version, path)
                return None
            return self._keep(edited(document, version, changes))

    def document_closed(self, path: str) -> None:
        """What was not saved is forgotten, and the file on disk shows again."""
        with self._document_order:
            self._documents.pop(path, None)
            self._show_file(path)

    def notebook_opened(self, path: str, cells: Sequence[NotebookCell]) -> None:
        """A notebook's code cells as its editor holds them now, whatever was known of them before."""
        with self._document_order:
            before = self._notebooks.get(path, {})
            if self._files.belongs(path):
                self._stored.add(path)
            opened = {cell.path: opened_cell(cell, before.get(cell.path), self._largest_file) for cell in cells}
            self._notebooks[path] = opened
            for gone in before.keys() - opened.keys():
                self._documents.pop(gone, None)
            self._documents.update(opened)
            if path in self._stored:
                self._files.put_notebook(path, list(opened.values()))

    def notebook_closed(self, path: str) -> None:
        """What was not saved is forgotten, and the file on disk shows again."""
        with self._document_order:
            for cell in self._notebooks.pop(path, {}):
                self._documents.pop(cell, None)
            self._show_file(path)

    def file_changed(self, path: str) -> None:
        """A file was saved, made, or changed from outside."""
        self._files.refresh(path)

    def file_deleted(self, path: str) -> None:
        """A file, or a folder with all that is in it, is gone."""
        self._files.remove(path)
        self._files.remove_folder(path)

    def _show_file(self, path: str) -> None:
        if path in self._stored:
            self._stored.discard(path)
            self._files.remove_document(path)
            self._files.refresh(path)

    def _keep(self, document: OpenDocument) -> OpenDocument:
        self._documents[document.path] = document
        if document.path in self._stored:
            self._files.put_document(document)
        return document

    def _is_open(self, path: str) -> bool:
        return file_of(path) in self._stored

    def _source_of(self, record: UnitRecord) -> CodeUnit | None:
        unit = self._sources.find(record)
        if unit is None:
            self._files.refresh(record.path)  # changed on disk since the scan
        return unit
