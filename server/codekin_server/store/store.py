"""The index of one workspace: files, units, words and vectors. SQLite is the truth; everything else is a cache of it.

In: records, units with their words, vectors. Out: records, ids with scores, arrays. Safe to share between threads, and
the file between processes. Must not know where units and vectors come from.
"""

import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from codekin_model.extraction.company import Scope
from codekin_model.source.unit import CodeUnit, UnitKind
from codekin_server.store import (
    counting,
    scope_rows,
    sessions,
    unit_rows,
    vector_rows,
    vocabulary,
    wanted_rows,
    word_rows,
)
from codekin_server.store.backlog import Backlog
from codekin_server.store.counting import meta_number
from codekin_server.store.database import Database
from codekin_server.store.errors import StoreError
from codekin_server.store.lease import WriterLease
from codekin_server.store.opening import follow_database, open_database, take_over, unusable
from codekin_server.store.records import (
    FileRecord,
    ReplaceCounts,
    StoreCounts,
    Tier,
    UnitRecord,
    VectorChanges,
)
from codekin_server.store.unit_filter import EVERY_UNIT, UnitFilter

FloatVector = NDArray[np.floating]


class Store:
    """An open index. Use it as a context manager, or close it: closing removes what this session laid over the disk.

    Reads see what is on disk, except for files that this session has open documents of: of those, the open text.
    ``repaired`` says what had to be set right when the index was opened, for the user to read.

    With a lease one store at a time writes. The others follow: what they are told to write is dropped, their open
    documents too, and they see what the writer writes.
    """

    def __init__(
        self,
        database: Database,
        session: str,
        model_fingerprint: str,
        repaired: str | None,
        lease: WriterLease | None = None,
    ) -> None:
        self._lease = lease
        self._follows = lease is not None and not lease.held
        self._database = database
        self._guard = threading.Lock()
        self._backlog = Backlog(model_fingerprint, session)
        self._counts = counting.RecentCounts()
        self.session = session
        self.model_fingerprint = model_fingerprint
        self.repaired = repaired

    @classmethod
    def open(cls, path: Path, model_fingerprint: str, lease: WriterLease | None = None) -> Self:
        """Open the index at ``path``, and create, rebuild or repair it as needed; or follow who has the ``lease``.

        Raises:
            StoreError: it cannot be read or written; the message says what to do.

        """
        try:
            writes = lease is None or lease.take()
        except OSError as problem:
            raise unusable(path, problem) from problem
        try:
            opened = open_database(path) if writes else follow_database(path)
        except StoreError:
            if lease is not None:
                lease.release()
            raise
        return cls(opened.database, opened.session, model_fingerprint, opened.repaired, lease)

    @property
    def follows(self) -> bool:
        """Whether another process writes, and this one only reads."""
        return self._follows

    def take_over(self) -> bool:
        """Become the writer if there is none any more; False while there is one. To be called only when following."""
        with self._guard:
            if not self._follows:
                return True
            if self._database.closed or self._lease is None or not self._lease.take():
                return False
            try:
                take_over(self._database, self.session)
            except StoreError:
                self._lease.release()
                raise
            self._follows = False
            return True

    @property
    def writer(self) -> int | None:
        """The process that this store follows, where that can be told."""
        return self._lease.holder if self._lease is not None and self._follows else None

    @property
    def path(self) -> Path:
        """The SQLite file."""
        return self._database.path

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove this session's open documents and close. Closing twice is harmless."""
        with self._guard:
            if self._database.closed:
                return
            if self._follows:
                self._database.close()
                return
            try:
                with self._database.writing() as connection:
                    if unit_rows.delete_session(connection, self.session):
                        _count_up(connection)
            finally:
                sessions.end(self.session)
                self._database.close()
                if self._lease is not None:
                    self._lease.release()

    # --- writing

    def replace_file(self, record: FileRecord, units: Sequence[CodeUnit], *, overlay: bool = False) -> ReplaceCounts:
        """Make ``units`` the units of a file, on disk or as this session's open document."""
        return self.replace_cells(record, {record.path: units}, overlay=overlay)

    def replace_cells(
        self, record: FileRecord, cells: Mapping[str, Sequence[CodeUnit]], *, overlay: bool = False
    ) -> ReplaceCounts:
        """As :meth:`replace_file`, of a notebook: the units of each cell by the cell's path."""
        session = self.session if overlay else ""
        units = [unit for cell in cells.values() for unit in cell]
        if self._follows:
            return ReplaceCounts(len(units), (), 0)
        with self._database.writing() as connection:
            unit_rows.put_file(connection, record, session)
            unit_rows.replace_units(connection, record.path, session, cells)
            distinct = list(dict.fromkeys(unit.fingerprint for unit in units))
            stored = vector_rows.stored_among(connection, self.model_fingerprint, distinct)
            _count_up(connection)
        return ReplaceCounts(
            seen=len(units),
            new=tuple(each for each in distinct if each not in stored),
            reused=sum(unit.fingerprint in stored for unit in units),
        )

    def remove_file(self, path: str) -> bool:
        """Forget a file on disk; an open document of it stays. False if it was not there."""
        return self._remove(path, "")

    def remove_overlay(self, path: str) -> bool:
        """Forget this session's open document, so that the file on disk shows again. False if it was not open."""
        return self._remove(path, self.session)

    def put_vectors(self, vectors: Iterable[tuple[str, FloatVector]], tier: Tier = Tier.TEACHER) -> None:
        """Store vectors of the current model by the fingerprints of their units; the student's replace none.

        Raises:
            ValueError: a vector is zero, not finite, or of another width than the others.

        """
        if self._follows:
            return
        with self._database.writing() as connection:
            if vector_rows.put(connection, self.model_fingerprint, vectors, tier):
                _count_up(connection)

    def put_text_vectors(self, vectors: Mapping[str, NDArray[np.float32]]) -> None:
        """Store vectors of plain texts (module words) for the current model."""
        if self._follows:
            return
        with self._database.writing() as connection:
            vector_rows.put_texts(connection, self.model_fingerprint, vectors)

    def forget_unused_vectors(self, older_than: float) -> int:
        """Delete vectors that no unit uses, nor has used in the last ``older_than`` seconds."""
        if self._follows:
            return 0
        with self._database.writing() as connection:
            forgotten = vector_rows.forget_unused(connection, time.time() - older_than)
            if forgotten:
                _count_up(connection)
                connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'vector_epoch'")
        return forgotten

    # --- files and units

    def file_records(self) -> dict[str, FileRecord]:
        """The files on disk as they were last read, by path. Open documents are not among them."""
        with self._database.reading() as connection:
            return {record.path: record for record in unit_rows.file_records(connection)}

    def files_below(self, folder: str) -> list[str]:
        """The paths of files on disk below a folder of the workspace."""
        with self._database.reading() as connection:
            return unit_rows.files_below(connection, folder)

    def units(self, ids: Iterable[int]) -> list[UnitRecord]:
        """The visible units among ``ids``, in the order asked for."""
        wanted = list(dict.fromkeys(ids))
        with self._database.reading() as connection:
            found = {unit.id: unit for unit in unit_rows.units_where(connection, "id", wanted)}
        return [found[unit_id] for unit_id in wanted if unit_id in found]

    def wanted_units(self, wanted: UnitFilter) -> list[UnitRecord]:
        """The wanted visible units, in path order."""
        with self._database.reading() as connection:
            return wanted_rows.units(connection, wanted)

    def wanted_fingerprints(self, wanted: UnitFilter) -> set[str]:
        """The contents of the wanted visible units."""
        with self._database.reading() as connection:
            return wanted_rows.fingerprints(connection, wanted)

    def units_with_fingerprints(self, fingerprints: Iterable[str], wanted: UnitFilter = EVERY_UNIT) -> list[UnitRecord]:
        """The wanted visible units with these contents, in path order; there may be several of one."""
        contents = list(dict.fromkeys(fingerprints))
        with self._database.reading() as connection:
            found = list(unit_rows.units_where(connection, "fingerprint", contents, wanted))
        return sorted(found, key=lambda unit: (unit.path, unit.start_byte, unit.id))

    def units_named(
        self, names: Iterable[str], wanted: UnitFilter = EVERY_UNIT, most: int | None = None, first: Iterable[str] = ()
    ) -> list[UnitRecord]:
        """The wanted visible units with these bare names in path order; of more than ``most`` not all.

        Those that have a qualified name among ``first`` are never left out for others.
        """
        with self._database.reading() as connection:
            return wanted_rows.units_named(connection, list(dict.fromkeys(names)), wanted, most, list(first))

    def units_at(self, files: Iterable[str], names: Iterable[str], wanted: UnitFilter) -> list[UnitRecord]:
        """The wanted visible units in files called so, in whatever folder; of these bare names, if any are given."""
        with self._database.reading() as connection:
            return wanted_rows.units_at(connection, list(files), list(names), wanted)

    def units_of_file(self, path: str) -> list[UnitRecord]:
        """The visible units of a file: the module's head, then the others in source order."""
        with self._database.reading() as connection:
            found = list(unit_rows.units_where(connection, "path", [path]))
        return sorted(found, key=lambda unit: (unit.kind is not UnitKind.MODULE, unit.start_byte, unit.id))

    def scopes_with(self, names: Iterable[str]) -> dict[str, set[Scope]]:
        """The visible scopes that have a function of each of these bare names; a name that none has is left out."""
        with self._database.reading() as connection:
            return scope_rows.holders(connection, list(dict.fromkeys(names)))

    def names_in_scopes(self, scopes: Iterable[Scope]) -> dict[Scope, set[str]]:
        """The bare names of the visible functions of each scope."""
        with self._database.reading() as connection:
            return scope_rows.names_in(connection, frozenset(scopes))

    def modules(self) -> list[str]:
        """The distinct modules of visible units, sorted."""
        with self._database.reading() as connection:
            return unit_rows.modules(connection)

    def counts(self, *, lately: bool = False) -> StoreCounts:
        """How much is visible, and how much of it is still to be embedded.

        ``lately``: an answer that is half a second old will do while vectors come in, since counting takes
        longer than most answers do.
        """
        with self._database.reading() as connection:
            return self._counts.of(connection, self.session, self.model_fingerprint, lately=lately)

    # --- words

    def lexical(self, words: Sequence[str], limit: int, wanted: UnitFilter = EVERY_UNIT) -> list[tuple[int, float]]:
        """Ids of wanted units that hold any of ``words`` with their BM25 scores, best (biggest) first."""
        with self._database.reading() as connection:
            return word_rows.best_matches(connection, words, limit, wanted)

    def quotations(self, runs: Sequence[str], limit: int, wanted: UnitFilter = EVERY_UNIT) -> dict[int, float]:
        """Ids of wanted units whose text holds any of the ``runs`` of words, each with the share that it holds."""
        with self._database.reading() as connection:
            return word_rows.quotations(connection, runs, limit, wanted)

    def respelled(self, word: str, root: str) -> str | None:
        """The word of some unit that is spelled nearly like ``word``, or like its ``root``; None if it is there."""
        with self._database.reading() as connection:
            return vocabulary.respelled(connection, word, root)

    def code_words(self, ids: Iterable[int]) -> dict[int, Counter[str]]:
        """The words of units' code, docstrings left out, with how often each stands there."""
        with self._database.reading() as connection:
            return wanted_rows.code_words(connection, list(dict.fromkeys(ids)))

    # --- vectors

    def missing_vectors(self, limit: int) -> list[UnitRecord]:
        """Units that the teacher is to embed next, one for each content: open documents, then what changed last."""
        with self._database.reading() as connection:
            ids = self._backlog.first(connection, limit)
            found = {unit.id: unit for unit in unit_rows.units_where(connection, "id", ids)}
        return [found[unit_id] for unit_id in ids]

    def without_any_vector(self, limit: int) -> list[UnitRecord]:
        """Units that neither student nor teacher has embedded, in path order."""
        with self._database.reading() as connection:
            ids = vector_rows.units_without_any(connection, self.model_fingerprint, limit)
            found = {unit.id: unit for unit in unit_rows.units_where(connection, "id", ids)}
        return [found[unit_id] for unit_id in ids]

    def tiers_of(self, fingerprints: Iterable[str]) -> dict[str, Tier]:
        """Whose vectors are stored of ``fingerprints``; those that have none are left out."""
        with self._database.reading() as connection:
            return vector_rows.tiers(connection, self.model_fingerprint, list(dict.fromkeys(fingerprints)))

    def vector_of(self, fingerprint: str) -> NDArray[np.float32] | None:
        """The teacher's vector of a content, of length 1, if it is stored for the current model."""
        return self.teachers_vectors_of([fingerprint]).get(fingerprint)

    def teachers_vectors_of(self, fingerprints: Iterable[str]) -> dict[str, NDArray[np.float32]]:
        """Those vectors of ``fingerprints`` that the teacher made."""
        contents = list(dict.fromkeys(fingerprints))
        with self._database.reading() as connection:
            stored = vector_rows.stored_among(connection, self.model_fingerprint, contents)
            return vector_rows.find(connection, self.model_fingerprint, [each for each in contents if each in stored])

    def vectors_of(self, fingerprints: Iterable[str]) -> dict[str, NDArray[np.float32]]:
        """The vectors that are stored of ``fingerprints``, whosever they are."""
        with self._database.reading() as connection:
            return vector_rows.find(connection, self.model_fingerprint, list(dict.fromkeys(fingerprints)))

    def text_vectors(self) -> dict[str, NDArray[np.float32]]:
        """The vectors of plain texts stored for the current model."""
        with self._database.reading() as connection:
            return vector_rows.texts(connection, self.model_fingerprint)

    def vectors_after(self, key: int) -> VectorChanges:
        """Vectors stored after ``key`` (0: all), of visible units or not."""
        with self._database.reading() as connection:
            epoch = meta_number(connection, "vector_epoch")
            return vector_rows.after(connection, self.model_fingerprint, key, epoch)

    def vector_keys(self) -> dict[int, str]:
        """The fingerprint under each key of the current model's vectors."""
        with self._database.reading() as connection:
            return vector_rows.keys(connection, self.model_fingerprint)

    @property
    def vector_version(self) -> int:
        """Grows with every change that any process makes to the index."""
        with self._database.reading() as connection:
            return meta_number(connection, "version")

    @property
    def identity(self) -> str:
        """Names this database among all others, so that caches beside it cannot be mistaken for another's."""
        with self._database.reading() as connection:
            return str(connection.execute("SELECT value FROM meta WHERE key = 'identity'").fetchone()[0])

    def _remove(self, path: str, session: str) -> bool:
        if self._follows:
            return False
        with self._database.writing() as connection:
            removed = unit_rows.delete_file(connection, path, session)
            if removed:
                _count_up(connection)
        return removed


def _count_up(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'version'")
