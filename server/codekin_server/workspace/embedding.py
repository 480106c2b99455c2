"""Giving every unit its vector, in the background.

In: the units that the store misses vectors of. Out: vectors in the store, by content. A unit's source is looked up and
extracted just before it goes to the model, and while one batch is with the model the next is prepared. Whatever changes
meanwhile does no harm: a vector belongs to a content, not to a place. Must not know of editors or of processes.
"""

import logging
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass
from typing import Protocol

from codekin_model.embedder import Vectors
from codekin_model.extracted import ExtractedUnit, extract
from codekin_model.source.unit import CodeUnit
from codekin_server.store.records import UnitRecord
from codekin_server.store.store import Store
from codekin_server.worker.errors import RequestRefused
from codekin_server.workspace.counters import Counters, Tally
from codekin_server.workspace.progress import IndexProgress, IsCancelled, OnProgress, Stage
from codekin_server.workspace.sketching import Sketching

_log = logging.getLogger(__name__)

_BATCH = 8
_WITH_THE_MODEL = 2
"""Batches under way at once: one being computed, one waiting for it."""

_MANY = 256
"""Missing vectors from which on they are counted, to show how far a run has come."""

_PATIENCE = 0.1
"""Seconds between two looks at whether to stop."""

_LOOK_AGAIN = 5.0
"""Seconds between two looks at whether the student has work."""


class UnitEmbedder(Protocol):
    """What is asked of the model here."""

    def embed_units(self, units: Sequence[ExtractedUnit], *, urgent: bool, soon: bool = False) -> Future[Vectors]:
        """One vector for each unit; ``soon``: before what else is asked for here."""
        ...


@dataclass(frozen=True, slots=True)
class _Batch:
    records: tuple[UnitRecord, ...]
    units: tuple[ExtractedUnit, ...]
    vectors: Future[Vectors]
    soon: bool


class Embedding:
    """Embeds what is missing; one run at a time, others wait for it."""

    def __init__(
        self,
        store: Store,
        model: UnitEmbedder,
        source_of: Callable[[UnitRecord], CodeUnit | None],
        tally: Tally,
        sketching: Sketching | None = None,
        is_open: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self._store = store
        self._sketching = sketching
        self._looked = -math.inf
        self._model = model
        self._source_of = source_of
        self._tally = tally
        self._is_open = is_open
        self._running = threading.Lock()
        self._refused: set[str] = set()
        """Contents that the model would only refuse again; a new session tries them once more."""

    def run(self, progress: OnProgress, cancelled: IsCancelled) -> int:
        """Embed until nothing is missing; the number of vectors stored. A failure of the model is the caller's."""
        while not self._running.acquire(timeout=_PATIENCE):
            if cancelled():
                return 0
        try:
            return self._run(progress, cancelled)
        finally:
            self._running.release()

    def _run(self, progress: OnProgress, cancelled: IsCancelled) -> int:
        self._looked = -math.inf
        self._sketch_backlog(progress, cancelled)
        total, done = self._total(), 0
        batches: deque[_Batch] = deque()
        lost: set[int] = set()
        try:
            while not cancelled():
                self._sketch_backlog(progress, cancelled)
                batch = self._next(batches, lost)
                if batch is not None:
                    (batches.appendleft if batch.soon else batches.append)(batch)
                if not batches:
                    break
                if batch is None or len(batches) == _WITH_THE_MODEL:
                    progress(
                        IndexProgress(
                            Stage.EMBEDDING, done, max(total, done + _waiting(batches)), batches[0].records[0].path
                        )
                    )
                    done += self._store_oldest(batches, cancelled)
        finally:
            for batch in batches:
                batch.vectors.cancel()
        progress(IndexProgress(Stage.EMBEDDING, done, max(total, done), ""))
        return done

    def _total(self) -> int:
        """How many vectors are missing; counting them takes as long as embedding a few."""
        few = len(self._store.missing_vectors(_MANY))
        return few if few < _MANY else self._store.counts().vectors_missing

    def _sketch_backlog(self, progress: OnProgress, cancelled: IsCancelled) -> None:
        """Let the student go first; looked at now and then, since thousands of files may change under way."""
        now = time.monotonic()
        if self._sketching is None or now - self._looked < _LOOK_AGAIN:
            return
        try:
            self._sketching.run(progress, cancelled)
        except RequestRefused as problem:
            _log.warning("going on without the student: %s", problem)
            self._sketching = None
        self._looked = time.monotonic()

    def _next(self, under_way: Iterable[_Batch], lost: set[int]) -> _Batch | None:
        """Extract the next units and hand them to the model; None when none is missing.

        ``lost`` keeps the ids of units whose source has changed under way: the next run finds what became of them.
        """
        busy = {record.fingerprint for batch in under_way for record in batch.records}
        while True:
            records = self._missing(busy, lost)
            sources = [(record, self._source_of(record)) for record in records]
            units = [(record, extract(source)) for record, source in sources if source is not None]
            lost.update(record.id for record, source in sources if source is None)
            if units:
                self._tally.add(Counters(units_extracted=len(units)))
                soon = self._is_open(records[0].path)
                found, extracted = zip(*units, strict=True)
                return _Batch(found, extracted, self._model.embed_units(extracted, urgent=False, soon=soon), soon)
            if not records:
                return None

    def _missing(self, busy: Collection[str], lost: Collection[int]) -> list[UnitRecord]:
        left_out = {*busy, *self._refused}
        records = self._store.missing_vectors(_BATCH + len(left_out) + len(lost))
        waiting = [each for each in records if each.fingerprint not in left_out and each.id not in lost][:_BATCH]
        opened = [record for record in waiting if self._is_open(record.path)]
        return opened or waiting

    def _store_oldest(self, batches: deque[_Batch], cancelled: IsCancelled) -> int:
        """Wait for the oldest batch and keep its vectors; none where the wait was cancelled."""
        batch = batches[0]
        if not _is_answered(batch.vectors, cancelled):
            return 0
        batches.popleft()
        try:
            return self._keep(batch.records, batch.vectors.result())
        except RequestRefused as problem:
            _log.debug("a batch was refused and goes unit by unit: %s", problem)
            return self._store_singly(batch, cancelled)

    def _store_singly(self, batch: _Batch, cancelled: IsCancelled) -> int:
        """Find what the model refuses of a batch, so that the others have their vectors all the same."""
        done = 0
        for record, unit in zip(batch.records, batch.units, strict=True):
            vectors = self._model.embed_units([unit], urgent=False, soon=batch.soon)
            if not _is_answered(vectors, cancelled):
                vectors.cancel()
                break
            try:
                done += self._keep([record], vectors.result())
            except RequestRefused as problem:
                self._refused.add(record.fingerprint)
                _log.warning("%s:%s gets no vector: %s", record.path, record.start_line, problem)
        return done

    def _keep(self, records: Sequence[UnitRecord], vectors: Vectors) -> int:
        self._store.put_vectors(zip((record.fingerprint for record in records), vectors, strict=True))
        self._tally.add(Counters(units_embedded=len(records)))
        return len(records)


def _is_answered(vectors: Future[Vectors], cancelled: IsCancelled) -> bool:
    """Wait for ``vectors``; False where the wait was cancelled."""
    while not wait([vectors], timeout=_PATIENCE).done:
        if cancelled():
            return False
    return True


def _waiting(batches: Iterable[_Batch]) -> int:
    return sum(len(batch.records) for batch in batches)
