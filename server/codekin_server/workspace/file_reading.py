"""One file of the workspace, read.

In: a found file. Out: its record and its text, or the problem that keeps it out of the index. Nothing is raised for
what a file may hold, and no more of a file is read than may be indexed.
"""

from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from codekin_model.source.text import SourceText, UnreadableSource, decode_source
from codekin_server.store.records import FileRecord
from codekin_server.workspace.discovery import FoundFile

LARGEST_FILE = 1 << 20
"""Bytes. Larger files are tables of data or generated; one of them would cost more than all the others."""


@dataclass(frozen=True, slots=True)
class FileReading:
    """``text`` is None exactly where ``record.problem`` says why."""

    record: FileRecord
    text: SourceText | None


def read_file(root: Path, found: FoundFile, largest: int = LARGEST_FILE) -> FileReading | None:
    """Read one file; None if it is gone."""
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
        text = decode_source(raw)
    except UnreadableSource as problem:
        return _refused(found, digest(raw), str(problem))
    return FileReading(FileRecord(found.path, found.size, found.mtime_ns, digest(raw), text.encoding), text)


def _refused(found: FoundFile, content: str, problem: str) -> FileReading:
    return FileReading(FileRecord(found.path, found.size, found.mtime_ns, content, "", problem), None)


def too_large(largest: int) -> str:
    """Why a file or document of more than ``largest`` bytes is not indexed."""
    return f"larger than {largest:,} bytes"
