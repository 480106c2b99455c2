"""The source of a unit that the store knows only by its place.

In: a unit's record. Out: the unit, from the open document or the file, but only with the content that was recorded.
Must not know of the model.
"""

import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from codekin_model.source.tree import parse
from codekin_model.source.unit import CodeUnit
from codekin_model.source.units import find_units
from codekin_server.store.records import UnitRecord
from codekin_server.workspace.documents import OpenDocument
from codekin_server.workspace.file_reading import LARGEST_FILE, read_text


class UnitSources:
    """Looks units up. The last file is kept, since units are asked for file by file."""

    def __init__(
        self, root: Path, document: Callable[[str], OpenDocument | None], largest_file: int = LARGEST_FILE
    ) -> None:
        self._root = root
        self._document = document
        self._largest_file = largest_file
        self._guard = threading.Lock()
        self._last: tuple[str, Mapping[str, CodeUnit]] = ("", {})

    def find(self, record: UnitRecord) -> CodeUnit | None:
        """The unit with the fingerprint of ``record``; None if neither document nor file holds it any more."""
        document = self._document(record.path)
        opened = (
            next((unit for unit in document.units if unit.fingerprint == record.fingerprint), None)
            if document
            else None
        )
        return opened or self._on_disk(record)

    def _on_disk(self, record: UnitRecord) -> CodeUnit | None:
        with self._guard:
            path, units = self._last
            if path != record.path or record.fingerprint not in units:
                units = self._read(record.path)
                self._last = (record.path, units)
            return units.get(record.fingerprint)

    def _read(self, path: str) -> dict[str, CodeUnit]:
        reading = read_text(self._root, path, self._largest_file)
        if reading is None or reading.text is None:
            return {}
        return {unit.fingerprint: unit for unit in find_units(parse(reading.text))}
