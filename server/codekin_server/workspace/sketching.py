"""First vectors, by the student: forty times faster than the teacher, and good enough to be found by.

In: units without any vector. Out: the student's vectors in the store, where the teacher's later take their place. Only
a backlog that the teacher would take seconds for is sketched: of a function that was just edited the teacher's vector
is there at once. The student runs in the model's process, extraction included, so that neither it nor its extraction
holds the interpreter of the process that answers the editor. Must not know of editors or of processes.
"""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from functools import partial
from typing import Protocol

from codekin_model.embedder import Vectors
from codekin_model.source.unit import CodeUnit
from codekin_server.store.records import Tier, UnitRecord
from codekin_server.store.store import Store
from codekin_server.workspace.progress import IndexProgress, IsCancelled, OnProgress, Stage

FROM = 64
"""Contents without any vector from which on they are sketched: the teacher needs a second or two for them."""

_WALK = 2048
"""Units looked up at a time: finding those that miss a vector means looking at all."""

_BATCH = 24
"""Units in one request, which an urgent one has to wait for; more at a time are no quicker."""

_WITH_THE_MODEL = 2
_PATIENCE = 0.1


class UnitSketcher(Protocol):
    """What is asked of the student here."""

    def sketch_units(self, units: Sequence[CodeUnit]) -> Future[Vectors]:
        """One vector for each unit."""
        ...


class Sketching:
    """Gives units their first vectors. Not thread-safe: :class:`Embedding` runs it."""

    def __init__(self, store: Store, student: UnitSketcher, source_of: Callable[[UnitRecord], CodeUnit | None]) -> None:
        self._store = store
        self._student = student
        self._source_of = source_of

    def run(self, progress: OnProgress, cancelled: IsCancelled) -> int:
        """Sketch until every unit has a vector, if there are many without; the number of vectors stored."""
        if not self._is_worth_it():
            return 0
        counts, done, lost = self._store.counts(), 0, set[int]()
        total = counts.vectors_missing - counts.by_student
        while not cancelled():
            records = [each for each in self._store.without_any_vector(_WALK + len(lost)) if each.id not in lost]
            if not records:
                break
            done += self._sketch(records, lost, partial(_tell, progress, done, total), cancelled)
        return done

    def _is_worth_it(self) -> bool:
        """What waits for the teacher is known at once; who has no vector at all takes a look at every unit."""
        missing = len(self._store.missing_vectors(FROM)) >= FROM
        return missing and len(self._store.without_any_vector(FROM)) >= FROM

    def _sketch(
        self, records: Sequence[UnitRecord], lost: set[int], told: Callable[[int], None], cancelled: IsCancelled
    ) -> int:
        under_way: deque[tuple[list[str], Future[Vectors]]] = deque()
        done = 0
        try:
            for start in range(0, len(records), _BATCH):
                if cancelled():
                    return done
                units = self._units(records[start : start + _BATCH], lost)
                under_way.append((list(units), self._student.sketch_units(list(units.values()))))
                if len(under_way) == _WITH_THE_MODEL:
                    done += self._store_oldest(under_way, cancelled)
                    told(done)
            while under_way and not cancelled():
                done += self._store_oldest(under_way, cancelled)
        finally:
            for _, vectors in under_way:
                vectors.cancel()
        return done

    def _units(self, records: Sequence[UnitRecord], lost: set[int]) -> dict[str, CodeUnit]:
        """The units by fingerprint; ``lost`` keeps the ids of those whose source has changed under way."""
        found = [(record, self._source_of(record)) for record in records]
        lost.update(record.id for record, unit in found if unit is None)
        return {unit.fingerprint: unit for _, unit in found if unit is not None}

    def _store_oldest(self, under_way: deque[tuple[list[str], Future[Vectors]]], cancelled: IsCancelled) -> int:
        fingerprints, vectors = under_way[0]
        while not wait([vectors], timeout=_PATIENCE).done:
            if cancelled():
                return 0
        under_way.popleft()
        self._store.put_vectors(zip(fingerprints, vectors.result(), strict=True), Tier.STUDENT)
        return len(fingerprints)


def _tell(progress: OnProgress, before: int, total: int, done: int) -> None:
    progress(IndexProgress(Stage.SKETCHING, before + done, max(total, before + done), ""))
