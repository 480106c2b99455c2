"""One file of the workspace, read.

In: a found file. Out: its record and its text (of a notebook: its cells'), or the problem that keeps it out of the
index. Nothing is raised for what a file may hold, and no more of a file is read than may be indexed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

from codekin_model.source.cell_path import cell_path, file_of, is_notebook
from codekin_model.source.notebook import read_notebook
from codekin_model.source.text import SourceText, UnreadableSource, decode_source
from codekin_server.store.records import FileRecord
from codekin_server.workspace.discovery import FoundFile, find_file

LARGEST_FILE = 1 << 20
"""Bytes. Larger files are tables of data or generated; one of them would cost more than all the others."""


_NOTEBOOK_FACTOR = 16
"""A notebook may be so much larger: most of it are pictures, not source."""


@dataclass(frozen=True, slots=True)
class FileReading:
    """``text`` is None where ``record.problem`` says why, and of a notebook, which has ``cells`` by their paths."""

    record: FileRecord
    text: SourceText | None
    cells: Mapping[str, SourceText] = field(default_factory=dict[str, SourceText])

    @property
    def texts(self) -> Mapping[str, SourceText]:
        """All text there is, by path."""
        return self.cells if self.text is None else {self.record.path: self.text}


def read_file(root: Path, found: FoundFile, largest: int = LARGEST_FILE) -> FileReading | None:
    """Read one file; None if it is gone."""
    if is_notebook(found.path):
        largest *= _NOTEBOOK_FACTOR
    if found.size > largest:
        return _refused(found, "", too_large(largest))
    try:
        with (root / found.path).open("rb") as file:
            raw = file.read(largest + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as problem:
        return _refused(found, "", f"cannot be read: {problem.strerror or problem}")
    if len(raw) > largest:
        return _refused(found, "", too_large(largest))
    return _decoded(found, raw)


def read_text(root: Path, path: str, largest: int = LARGEST_FILE) -> FileReading | None:
    """The file at ``path``, or the cell; its ``text`` is that of the cell. None if it is gone."""
    found = find_file(root, file_of(path))
    reading = read_file(root, found, largest) if found is not None else None
    if reading is None or path == file_of(path):
        return reading
    text = reading.cells.get(path)
    return None if text is None else FileReading(reading.record, text)


def digest(raw: bytes) -> str:
    """Names a file's content."""
    return blake2b(raw, digest_size=16).hexdigest()


def is_unchanged(found: FoundFile, known: FileRecord | None) -> bool:
    """Whether size and time say that ``known`` still holds; what could not be read is tried again."""
    if known is None or not known.digest:
        return False
    return (known.size, known.mtime_ns) == (found.size, found.mtime_ns)


def _decoded(found: FoundFile, raw: bytes) -> FileReading:
    try:
        if is_notebook(found.path):
            cells = {cell_path(found.path, each.number): each.text for each in read_notebook(raw)}
            return FileReading(_record(found, raw, "utf-8"), None, cells)
        text = decode_source(raw)
    except UnreadableSource as problem:
        return _refused(found, digest(raw), str(problem))
    return FileReading(_record(found, raw, text.encoding), text)


def _record(found: FoundFile, raw: bytes, encoding: str) -> FileRecord:
    return FileRecord(found.path, found.size, found.mtime_ns, digest(raw), encoding)


def _refused(found: FoundFile, content: str, problem: str) -> FileReading:
    return FileReading(FileRecord(found.path, found.size, found.mtime_ns, content, "", problem), None)


def too_large(largest: int) -> str:
    """Why a file or document of more than ``largest`` bytes is not indexed."""
    return f"larger than {largest:,} bytes"
