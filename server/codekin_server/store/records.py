"""What the store takes in and gives out: frozen plain data.

Must not know of SQL, of syntax trees, or of the model.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from codekin_model.source.unit import UnitKind

Matrix = NDArray[np.float32]
"""Shape (rows, width); in the store's answers every row has length 1."""


class Tier(StrEnum):
    """Whose vector it is: the student's is there at once, the teacher's takes its place. Both lie in one space."""

    STUDENT = "student"
    TEACHER = "teacher"


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file of the workspace as it was when it was read.

    ``path`` is relative to the workspace, with ``/``; ``digest`` is a hash of the raw bytes; ``problem`` says why a
    file is not indexed (too large, binary...), and is None for one that is.
    """

    path: str
    size: int
    mtime_ns: int
    digest: str
    encoding: str
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class UnitRecord:
    """A unit as the index knows it. Lines are 1-based and inclusive, bytes half-open; ``name_*`` is the name itself.

    ``id`` stays the same for as long as the unit's content and qualified name do.
    """

    id: int
    path: str
    module: str
    kind: UnitKind
    name: str
    qualified_name: str
    start_line: int
    end_line: int
    start_byte: int
    end_byte: int
    name_start: int | None
    name_end: int | None
    fingerprint: str
    is_test: bool


@dataclass(frozen=True, slots=True)
class ReplaceCounts:
    """What replacing a file's units amounted to.

    ``new`` are the distinct fingerprints that no vector of the current model is stored for: they need extraction and
    embedding. ``reused`` counts the units that do not.
    """

    seen: int
    new: tuple[str, ...]
    reused: int


@dataclass(frozen=True, slots=True)
class StoreCounts:
    """What is visible to this session. ``vectors_missing`` counts distinct units still to be embedded by the teacher.

    ``by_student`` of those have the student's vectors meanwhile.
    """

    files: int
    skipped_files: int
    open_documents: int
    units: int
    vectors: int
    vectors_missing: int
    by_student: int = 0


@dataclass(frozen=True, slots=True)
class VectorChanges:
    """Vectors stored after a mark, visible or not.

    ``keys`` are the rows' numbers: they only grow and are never used twice. ``epoch`` changes whenever vectors were
    taken away, and then what was read before must be compared with :meth:`Store.vector_keys`.
    """

    epoch: int
    keys: Sequence[int]
    fingerprints: Sequence[str]
    matrix: Matrix
