"""The API boundary: everything codekin can do for a workspace, in plain data.

In: paths, lines, words. Out: :mod:`codekin_server.answers`. Blocks until it has its answer and may be called from any
thread. Must not know of editors, protocols or terminals; whoever shows the answers knows nothing below this module.
"""

import functools
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Concatenate, ParamSpec, Self, TypeVar

import numpy as np
import psutil
from numpy.typing import NDArray

from codekin_model.checkpoint.manifest import CheckpointError, Manifest, default_model_dir, read_manifest
from codekin_model.extracted import extract
from codekin_model.source.span import Edit
from codekin_model.source.unit import CodeUnit
from codekin_server.answers import (
    ExplainAnswer,
    IndexAnswer,
    IndexProgress,
    NamesAnswer,
    RenameAnswer,
    SearchAnswer,
    SimilarAnswer,
    SkippedFile,
    StatusAnswer,
    WorkerStatus,
)
from codekin_server.assist_error import AssistError
from codekin_server.conversion import result_of, row_of, text_change_of, worker_status_of
from codekin_server.explanation import weighted_contexts
from codekin_server.naming.advice import NameAdviser, NamingRequest
from codekin_server.naming.scope import names_taken
from codekin_server.present_file import PresentFile, present_file
from codekin_server.refactoring.rename import rename
from codekin_server.search.engine import SearchEngine
from codekin_server.store.errors import StoreError
from codekin_server.store.location import IndexLocation, create_index_folder, index_location
from codekin_server.store.records import UnitRecord
from codekin_server.store.store import Store
from codekin_server.store.vector_index import NearestNeighbours
from codekin_server.version import installed_version
from codekin_server.worker.client import ModelWorker, WorkerClient, WorkerError, WorkerState
from codekin_server.workspace.indexer import Indexer
from codekin_server.workspace.progress import IndexProgress as Progress
from codekin_server.workspace.scanning import WorkspaceMissing

OnProgress = Callable[[IndexProgress], None]
IsCancelled = Callable[[], bool]

_EXPLAINED_NAMES = 5
"""Names that an explanation of them shows."""

_P = ParamSpec("_P")
_T = TypeVar("_T")


def _told(method: Callable[Concatenate["Assist", _P], _T]) -> Callable[Concatenate["Assist", _P], _T]:
    """What the rooms below raise for the user becomes the one error that this module raises."""

    @functools.wraps(method)
    def wrapped(self: "Assist", *args: _P.args, **kwargs: _P.kwargs) -> _T:
        try:
            return method(self, *args, **kwargs)
        except (StoreError, WorkspaceMissing) as problem:
            raise AssistError(str(problem)) from problem
        except WorkerError as problem:
            raise AssistError(f"the model gave no answer: {problem}") from problem

    return wrapped


class Assist:
    """One workspace, its index and its model. Thread-safe; every method blocks until it has its answer.

    A ``path`` is absolute or relative to :attr:`root`; a ``line`` is 1-based. Every method raises
    :class:`AssistError` for input that it cannot answer, with a message that says what to do.
    """

    def __init__(
        self, root: Path, location: IndexLocation, store: Store, worker: ModelWorker, manifest: Manifest
    ) -> None:
        self.root = root
        self._location = location
        self._store = store
        self._worker = worker
        self._manifest = manifest
        self._indexer = Indexer(root, store, worker)
        self._nearest = NearestNeighbours(store)
        self._engine = SearchEngine(store, worker, self._nearest)
        self._adviser = NameAdviser(worker, self._near)

    @classmethod
    def open(
        cls,
        root: Path,
        *,
        model_dir: Path | None = None,
        cache_dir: Path | None = None,
        on_worker: Callable[[WorkerStatus], None] | None = None,
    ) -> Self:
        """Open the index of ``root``, creating it where there is none; nothing is read or embedded yet."""
        resolved = _folder(root)
        model = model_dir or default_model_dir()
        try:
            manifest = read_manifest(model)
            location = index_location(resolved, cache=cache_dir)
            create_index_folder(location)
            store = Store.open(location.database, manifest.fingerprint)
        except (CheckpointError, StoreError) as problem:
            raise AssistError(str(problem)) from problem

        def announce(state: WorkerState) -> None:
            if on_worker is not None:
                on_worker(worker_status_of(state))

        worker = WorkerClient(model, announce, fingerprint=manifest.fingerprint)
        return cls(resolved, location, store, worker, manifest)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop the model's process and release the index. Closing twice is harmless."""
        self._worker.close()
        self._store.close()

    # --- the index

    @_told
    def index(self, progress: OnProgress | None = None, cancelled: IsCancelled | None = None) -> IndexAnswer:
        """Bring the index up to date: read what changed, embed what is new."""
        start, before = time.monotonic(), self._indexer.counters
        stopped = cancelled or _never

        def report(step: Progress) -> None:
            if progress is not None:
                progress(IndexProgress(step.stage.value, step.done, step.total))

        scan = self._indexer.scan(report, stopped)
        note = self._embed(report, stopped)
        counts, after = self._store.counts(), self._indexer.counters
        return IndexAnswer(
            root=str(self.root),
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
        )

    def reindex(self, progress: OnProgress | None = None, cancelled: IsCancelled | None = None) -> IndexAnswer:
        """Read every file again, whatever the index believes; vectors of unchanged units are kept."""
        for path in self._store.file_records():
            if cancelled is not None and cancelled():
                break
            self._indexer.file_changed(path)
        return self.index(progress, cancelled)

    @_told
    def files(self, folder: Path | None = None) -> Sequence[Path]:
        """The indexed files of ``folder``, or of the whole workspace."""
        inside = self._relative(folder) if folder is not None else "."
        prefix = "" if inside == "." else f"{inside}/"
        records = self._store.file_records()
        return [self.root / path for path in sorted(records) if path.startswith(prefix) and not records[path].problem]

    def _embed(self, report: Callable[[Progress], None], cancelled: IsCancelled) -> str | None:
        """Embed what is missing; without the model the index is still good for words, and the user is told."""
        try:
            self._indexer.embed_missing(report, cancelled)
        except WorkerError as problem:
            return f"search goes by words alone, since the model gave no answer: {problem}"
        self._engine.prepare(cancelled)
        return None

    def _skipped(self) -> tuple[SkippedFile, ...]:
        records = self._store.file_records().values()
        return tuple(SkippedFile(each.path, each.problem) for each in records if each.problem is not None)

    # --- questions

    @_told
    def search(self, query: str, limit: int = 10) -> SearchAnswer:
        """Units that fit a description."""
        if not query.strip():
            raise AssistError("the query is empty; say what the code does, or a name")
        found = self._engine.answer(query, limit)
        return SearchAnswer(query, tuple(map(result_of, found.hits)), self._note(semantic=found.semantic))

    @_told
    def similar(self, path: Path, line: int, limit: int = 10) -> SimilarAnswer:
        """Functions like the one at ``line``, or classes like the class there."""
        file = self._file(path)
        unit = file.definition_at(line)
        if unit is None:
            raise AssistError(f"there is no function or class at {file.path}:{line}; give a line inside one")
        hits = self._engine.similar(self._vector(unit), self._record(file, unit), limit)
        return SimilarAnswer(file.place(unit), tuple(map(result_of, hits)), self._note(semantic=True), file.version)

    @_told
    def suggest_names(self, path: Path, line: int | None, limit: int = 5) -> tuple[NamesAnswer, ...]:
        """Names for the function at ``line`` (empty where there is none), or for every function of the file.

        The present name may be among them: the model finds it by itself or not at all.
        """
        file = self._file(path)
        at_line = file.function_at(line) if line is not None else None
        units = file.functions if line is None else [at_line] if at_line is not None else []
        requests = [NamingRequest(unit, file.path, names_taken(file.tree, unit)) for unit in units]
        answers = self._adviser.suggest(requests, limit)
        return tuple(
            NamesAnswer(file.place(unit), unit.name, unit.name_span or unit.span, suggestions, file.version)
            for unit, suggestions in zip(units, answers, strict=True)
        )

    @_told
    def explain(self, path: Path, line: int, *, naming: bool = False) -> ExplainAnswer:
        """The path contexts that carried the vector of the function at ``line``; with ``naming``, its names.

        Names are read from the function with its own name masked, so that is what is explained then.
        """
        file = self._file(path)
        unit = file.function_at(line)
        if unit is None:
            raise AssistError(f"there is no function at {file.path}:{line}; give a line inside one")
        extracted = extract(unit, masked=naming)
        explanation = self._worker.explain(extracted).result()
        names = self._worker.suggest_names(extracted, (), _EXPLAINED_NAMES).result() if naming else None
        text = file.tree.text
        return ExplainAnswer(
            target=file.place(unit),
            span=unit.span,
            contexts=weighted_contexts(unit, text, extracted.contexts, explanation.weights),
            structure_share=explanation.structure_share,
            names=names,
            source=text.data,
            version=file.version,
        )

    @_told
    def rename(self, path: Path, offset: int, new_name: str) -> RenameAnswer:
        """Rename what stands at byte ``offset`` and every reference to it in the workspace."""
        opened = {name: self._indexer.document(name) for name in (*self._store.overlay_records(), self._relative(path))}
        texts = {self.root / name: document.text for name, document in opened.items() if document is not None}
        renaming = rename(
            self.root, self.root / self._relative(path), offset, new_name, files=self.files(), open_texts=texts
        )
        edits = {self._relative(where): changes for where, changes in renaming.edits.items()}
        return RenameAnswer(edits, renaming.conflicts)

    @_told
    def status(self) -> StatusAnswer:
        """Counts, counters and the worker's state; never waits for the model."""
        counts, counters = self._store.counts(), self._indexer.counters
        return StatusAnswer(
            version=installed_version(),
            root=str(self.root),
            index_path=str(self._location.folder),
            index_mb=round(self._location.size / 1e6, 2),
            model=self._manifest.name,
            model_fingerprint=self._manifest.fingerprint,
            search="exact" if self._nearest.is_exact else "approximate",
            files=counts.files,
            units=counts.units,
            vectors_missing=counts.vectors_missing,
            skipped_files=counts.skipped_files,
            units_seen=counters.units_seen,
            units_extracted=counters.units_extracted,
            units_embedded=counters.units_embedded,
            units_reused=counters.units_reused,
            memory_mb=round(psutil.Process().memory_info().rss / 1e6, 1),
            worker=worker_status_of(self._worker.state),
            repaired=self._store.repaired,
        )

    # --- events

    @_told
    def document_opened(self, path: Path, text: str, version: int) -> None:
        """An editor holds this file now; its text is what counts until it is closed."""
        self._indexer.document_opened(self._relative(path), text, version)

    @_told
    def document_changed(self, path: Path, version: int, change: str | Sequence[tuple[Edit, bytes]]) -> None:
        """The open document's whole new text, or its edits in the order they were made."""
        changes = change if isinstance(change, str) else [text_change_of(edit, text) for edit, text in change]
        self._indexer.document_changed(self._relative(path), version, changes)

    @_told
    def document_closed(self, path: Path) -> None:
        """The file on disk counts again."""
        self._indexer.document_closed(self._relative(path))

    @_told
    def file_changed(self, path: Path) -> None:
        """A file was created or written on disk."""
        self._indexer.file_changed(self._relative(path))

    @_told
    def file_deleted(self, path: Path) -> None:
        """A file, or a folder with all that is in it, is gone."""
        self._indexer.file_deleted(self._relative(path))

    # --- parts of answers

    def _relative(self, path: Path) -> str:
        """The path below the root with ``/``; one outside stays absolute."""
        absolute = self.root / path
        if not absolute.is_relative_to(self.root):
            absolute = absolute.resolve()
        return (absolute.relative_to(self.root) if absolute.is_relative_to(self.root) else absolute).as_posix()

    def _file(self, path: Path) -> PresentFile:
        name = self._relative(path)
        return present_file(self.root, name, self._indexer.document(name))

    def _vector(self, unit: CodeUnit) -> NDArray[np.float32]:
        stored = self._store.vector_of(unit.fingerprint)
        return stored if stored is not None else self._worker.embed_units([extract(unit)], urgent=True).result()[0]

    def _record(self, file: PresentFile, unit: CodeUnit) -> UnitRecord:
        """The row that the store has of ``unit``; where it has none, one that equals no row."""
        rows = self._store.units_of_file(file.path)
        at = (unit.qualified_name, unit.start_line)
        return next((row for row in rows if (row.qualified_name, row.start_line) == at), row_of(file, unit))

    def _near(self, vector: NDArray[np.float32], limit: int) -> Sequence[tuple[UnitRecord, float]]:
        return [(hit.unit, hit.score) for hit in self._engine.similar(vector, None, limit)]

    def _note(self, *, semantic: bool) -> str | None:
        """What is missing from an answer. Counting is for the rare case: it takes longer than a search."""
        if not semantic and not self._store.counts().units:
            return f"the index of {self.root} holds no Python code yet"
        if not semantic:
            return "found by words alone: the model has not answered"
        if self._store.missing_vectors(1):
            return f"{self._store.counts().vectors_missing} units are not embedded yet"
        return None


def _never() -> bool:
    return False


def _folder(root: Path) -> Path:
    if not root.exists():
        raise AssistError(f"there is no folder {root}; give one that holds Python code")
    if not root.is_dir():
        raise AssistError(f"{root} is a file; give the folder that holds it")
    return root.resolve()
