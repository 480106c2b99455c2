"""Indexing: an index brought up to date with the disk and with what was typed.

In: the word to begin, and to stop. Out: :class:`IndexAnswer` and :class:`RefreshAnswer`. Blocks until it is done and
may be called from any thread. Part of the API boundary, beside :mod:`codekin_server.assist`. Must not know of editors,
protocols or terminals.
"""

import time
from collections.abc import Callable
from pathlib import Path

from codekin_server.answers import IndexAnswer, IndexProgress, RefreshAnswer, SkippedFile
from codekin_server.assist_status import following_note, tier_of
from codekin_server.background import Background
from codekin_server.search.engine import SearchEngine
from codekin_server.store.store import Store
from codekin_server.telling import told
from codekin_server.worker.client import ModelWorker, WorkerError
from codekin_server.workspace.indexer import Indexer
from codekin_server.workspace.progress import IndexProgress as Progress
from codekin_server.workspace.progress import never
from codekin_server.workspace.scanning import NOTHING_SCANNED, ScanCounts

OnProgress = Callable[[IndexProgress], None]
IsCancelled = Callable[[], bool]


class IndexAssist:
    """``model`` is the name of the worker's model. Every method raises :class:`AssistError`, as ``Assist`` does."""

    def __init__(
        self,
        root: Path,
        store: Store,
        indexer: Indexer,
        engine: SearchEngine,
        worker: ModelWorker,
        background: Background,
        model: str,
    ) -> None:
        self._root = root
        self._store = store
        self._indexer = indexer
        self._engine = engine
        self._worker = worker
        self._background = background
        self._model = model

    @told
    def index(self, progress: OnProgress | None = None, cancelled: IsCancelled | None = None) -> IndexAnswer:
        """Bring the index up to date: read what changed, embed what is new."""
        start, before = time.monotonic(), self._indexer.counters
        stopped = cancelled or never
        scan, note = self._bring_up_to_date(_reporter(progress), stopped, look=True)
        counts, after = self._store.counts(), self._indexer.counters
        return IndexAnswer(
            root=str(self._root),
            files=counts.files,
            units=counts.units,
            vectors_missing=counts.vectors_missing,
            files_read=scan.indexed + scan.skipped,
            units_extracted=after.units_extracted - before.units_extracted,
            units_embedded=after.units_embedded - before.units_embedded,
            units_reused=after.units_reused - before.units_reused,
            seconds=round(time.monotonic() - start, 3),
            cancelled=stopped(),
            skipped=self._skipped(),
            note=note or self._store.repaired,
            tier=tier_of(counts),
            model=self._model,
            waiting=self._waits_for(),
        )

    @told
    def reindex(self, progress: OnProgress | None = None, cancelled: IsCancelled | None = None) -> IndexAnswer:
        """Read every file again, whatever the index believes; vectors of unchanged units are kept."""
        for path in self._store.file_records():
            if cancelled is not None and cancelled():
                break
            self._indexer.file_changed(path)
        return self.index(progress, cancelled)

    @told
    def refresh(
        self, progress: OnProgress | None = None, cancelled: IsCancelled | None = None, *, look: bool = True
    ) -> RefreshAnswer:
        """As :meth:`index`, after a small change: nothing is counted, and the disk is left alone unless to ``look``.

        A few functions are embedded in less time than the files and units of a large workspace are gone through.
        """
        _, note = self._bring_up_to_date(_reporter(progress), cancelled or never, look=look)
        return RefreshAnswer(self._tier(), self._model, note or self._store.repaired, self._waits_for())

    def _bring_up_to_date(
        self, report: Callable[[Progress], None], stopped: IsCancelled, *, look: bool
    ) -> tuple[ScanCounts, str | None]:
        """Read and embed, or leave that to whoever writes this index; a writer that is gone is replaced."""
        if self._store.follows:
            if not self._store.take_over():
                return NOTHING_SCANNED, following_note(self._store.writer)
            self._indexer.lay_documents_again()
            look = True  # what changed since the writer was gone, nobody has read
        scan = self._indexer.scan(report, stopped) if look else NOTHING_SCANNED
        return scan, self._background.reason or self._embed(report, self._background.stopping(stopped))

    def _waits_for(self) -> str | None:
        if self._store.follows:
            return "writer"
        return "model" if self._worker.state.status == "failed" else self._background.waits_for

    def _embed(self, report: Callable[[Progress], None], cancelled: IsCancelled) -> str | None:
        """Embed what is missing; without the model the index is still good for words, and the user is told."""
        try:
            self._indexer.embed_missing(report, cancelled)
        except WorkerError as problem:
            return f"search goes by words alone, since the model gave no answer: {problem}"
        self._engine.prepare(cancelled)
        return None

    def _tier(self) -> str:
        """As :func:`tier_of` says it of counts."""
        if not self._store.missing_vectors(1):
            return "teacher"
        return "words" if self._store.without_any_vector(1) else "student"

    def _skipped(self) -> tuple[SkippedFile, ...]:
        records = self._store.file_records().values()
        return tuple(SkippedFile(each.path, each.problem) for each in records if each.problem is not None)


def _reporter(progress: OnProgress | None) -> Callable[[Progress], None]:
    def report(step: Progress) -> None:
        if progress is not None:
            progress(IndexProgress(step.stage.value, step.done, step.total))

    return report
