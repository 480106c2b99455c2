"""Files and open documents, put into the store.

In: found files, open documents. Out: rows in the store and figures in the tally. One file is read and stored at a time,
so that the later reading of a file is also the one that stays. Must not know of the model.
"""

import threading
from collections.abc import Sequence
from enum import Enum, auto
from pathlib import Path

from codekin_model.source.cell_path import file_of
from codekin_model.source.tree import parse
from codekin_model.source.units import find_units
from codekin_server.store.records import FileRecord
from codekin_server.store.store import Store
from codekin_server.workspace.counters import Counters, Tally
from codekin_server.workspace.discovery import FoundFile, belongs, find_file
from codekin_server.workspace.documents import OpenDocument
from codekin_server.workspace.file_reading import FileReading, digest, is_unchanged, read_file, too_large


class Outcome(Enum):
    """What became of a file."""

    UNCHANGED = auto()
    INDEXED = auto()
    SKIPPED = auto()
    REMOVED = auto()


class FileIndex:
    """Writes a workspace's files to its store."""

    def __init__(self, root: Path, store: Store, tally: Tally, largest_file: int) -> None:
        self.root = root
        self._store = store
        self._tally = tally
        self._largest_file = largest_file
        self._one_at_a_time = threading.Lock()
        self.exclude: Sequence[str] = ()

    def belongs(self, path: str) -> bool:
        """Whether the file at ``path`` is one of the workspace's."""
        return belongs(self.root, path, self.exclude)

    def put(self, found: FoundFile, known: FileRecord | None) -> Outcome:
        """Index ``found`` unless ``known`` says that nothing changed."""
        if is_unchanged(found, known):
            return Outcome.UNCHANGED
        with self._one_at_a_time:
            reading = read_file(self.root, found, self._largest_file)
            if reading is not None:
                return self._put(reading)
            self._store.remove_file(found.path)
            return Outcome.REMOVED

    def refresh(self, path: str) -> None:
        """Look at one file again, whatever is known of it; one that is gone or left out is removed."""
        path = file_of(path)
        found = find_file(self.root, path) if self.belongs(path) else None
        if found is None:
            self.remove(path)
        else:
            self.put(found, None)

    def remove(self, path: str) -> None:
        """Forget a file on disk; an open document of it stays searchable."""
        with self._one_at_a_time:
            self._store.remove_file(path)

    def remove_folder(self, path: str) -> None:
        """Forget every file below a folder."""
        for known in self._store.files_below(path):
            self.remove(known)

    def put_document(self, document: OpenDocument) -> None:
        """Lay an open document over its file."""
        data = document.text.data
        problem = too_large(document.largest) if document.is_too_large else None
        record = FileRecord(document.path, len(data), 0, digest(data), document.text.encoding, problem)
        counts = self._store.replace_file(record, document.units, overlay=True)
        self._tally.add(Counters(units_seen=counts.seen, units_reused=counts.reused))

    def put_notebook(self, path: str, cells: Sequence[OpenDocument]) -> None:
        """Lay an open notebook's cells over its file."""
        data = b"".join(cell.text.data for cell in cells)
        record = FileRecord(path, len(data), 0, digest(data), "utf-8")
        counts = self._store.replace_cells(record, {cell.path: cell.units for cell in cells}, overlay=True)
        self._tally.add(Counters(units_seen=counts.seen, units_reused=counts.reused))

    def remove_document(self, path: str) -> None:
        """The file shows again as it is on disk."""
        self._store.remove_overlay(path)

    def _put(self, reading: FileReading) -> Outcome:
        if reading.record.problem is not None:
            self._store.replace_file(reading.record, [])
            return Outcome.SKIPPED
        units = {path: find_units(parse(text)) for path, text in reading.texts.items()}
        counts = self._store.replace_cells(reading.record, units)
        self._tally.add(Counters(units_seen=counts.seen, units_reused=counts.reused))
        return Outcome.INDEXED
