"""The API boundary: everything codekin can do for a workspace, in plain data.

In: paths, lines, words. Out: :mod:`codekin_server.answers`. Blocks until it has its answer and may be called from any
thread. Must not know of editors, protocols or terminals; whoever shows the answers knows nothing below this module.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from codekin_model.checkpoint.manifest import CheckpointError, Manifest, default_model_dir, read_manifest
from codekin_model.embedder import Described, NameSuggestion, Surroundings
from codekin_model.extracted import ExtractedUnit, extract
from codekin_model.source.cell_path import cell_path, is_cell, is_notebook
from codekin_model.source.span import Edit
from codekin_model.source.text import SourceText
from codekin_model.source.unit import CodeUnit
from codekin_server.answers import (
    ExplainAnswer,
    IndexAnswer,
    NamesAnswer,
    RenameAnswer,
    SearchAnswer,
    SimilarAnswer,
    StatusAnswer,
    WorkerStatus,
)
from codekin_server.assist_error import AssistError
from codekin_server.assist_index import IndexAssist, IsCancelled, OnProgress
from codekin_server.assist_kin import KinAssist
from codekin_server.assist_names import NameAssist, request_for
from codekin_server.assist_search import SearchAssist
from codekin_server.assist_status import status_answer, words_alone_note
from codekin_server.background import Background
from codekin_server.conversion import IN_A_NOTEBOOK, left_out, missing_note, text_change_of, worker_status_of
from codekin_server.explanation import weighted_contexts
from codekin_server.naming.advice import NameAdviser
from codekin_server.naming.company_reader import CompanyReader
from codekin_server.naming.sentence_reader import SentenceReader
from codekin_server.naming.trait_reader import TraitReader
from codekin_server.present_file import PresentFile, present_file
from codekin_server.present_text import present_text
from codekin_server.refactoring.rename import rename
from codekin_server.search.engine import SearchEngine
from codekin_server.settings.project import project_settings
from codekin_server.settings.schema import Settings
from codekin_server.store.errors import StoreError
from codekin_server.store.lease import WriterLease
from codekin_server.store.location import IndexLocation, create_index_folder, index_location
from codekin_server.store.records import UnitRecord
from codekin_server.store.store import Store
from codekin_server.store.vector_index import NearestNeighbours
from codekin_server.summary import Summaries
from codekin_server.telling import told
from codekin_server.worker.client import ModelWorker, WorkerClient, WorkerManners, WorkerState
from codekin_server.worker.threads import multiply_on_one_thread
from codekin_server.workspace.cells import NotebookCell
from codekin_server.workspace.ignore import is_skipped_folder
from codekin_server.workspace.indexer import Indexer
from codekin_server.workspace_root import workspace_root

_BUILDING = 64
"""Units without a vector, from which on an index is being built and not kept up to date."""
_EXPLAINED_NAMES = 5
"""Names that an explanation of them shows."""


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
        self.background = Background()
        self._indexer = Indexer(root, store, worker, student=worker if manifest.student is not None else None)
        self._nearest = NearestNeighbours(store)
        self._engine = SearchEngine(store, worker, self._nearest)
        self._adviser = NameAdviser(worker, self._near, TraitReader(self._text), CompanyReader(store))
        self.names = NameAssist(root, store, self._adviser, self._file)
        background, model = self.background, manifest.name
        self.indexing = IndexAssist(root, store, self._indexer, self._engine, worker, background, model)
        self.finding = SearchAssist(self._engine, self._text, self._below, self._note)
        self.kin = KinAssist(store, worker, self._nearest, self._engine, self._file, self._below, self._note)
        self._sentences = SentenceReader(self.kin.vector_of, self._near, self._text)
        self.summaries = Summaries(worker, manifest, self._file, self._described)

    @classmethod
    def open(
        cls,
        root: Path,
        *,
        model_dir: Path | None = None,
        cache_dir: Path | None = None,
        on_worker: Callable[[WorkerStatus], None] | None = None,
        settings: Settings | None = None,
    ) -> Self:
        """Open the index of ``root``, creating it where there is none; nothing is read or embedded yet.

        Without ``settings`` the project says what is left out, and the model takes the cores that there are. An index
        that another process writes already is followed.
        """
        multiply_on_one_thread()
        resolved = workspace_root(root)
        model = model_dir or default_model_dir()
        try:
            manifest = read_manifest(model)
            location = index_location(resolved, cache=cache_dir)
            create_index_folder(location)
            store = Store.open(location.database, manifest.fingerprint, WriterLease(location.folder))
        except (CheckpointError, StoreError) as problem:
            raise AssistError(str(problem)) from problem

        def announce(state: WorkerState) -> None:
            if on_worker is not None:
                on_worker(worker_status_of(state))

        worker = WorkerClient(model, announce, fingerprint=manifest.fingerprint)
        opened = cls(resolved, location, store, worker, manifest)
        if settings is not None:
            opened.configure(settings)
        else:
            opened.leave_out(project_settings(resolved)[0])
        return opened

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @told
    def close(self) -> None:
        """Stop the model's process and release the index. Closing twice is harmless."""
        self._worker.close()
        self._store.close()

    @told
    def configure(self, settings: Settings) -> None:
        """Keep to ``settings`` from now on."""
        self.leave_out(settings)
        self.background.pause_on_battery = settings.index.pause_on_battery
        self._worker.behave(WorkerManners(settings.index.threads, settings.index.niceness))

    @told
    def leave_out(self, settings: Settings) -> None:
        """What ``settings`` exclude leaves the index when it is brought up to date."""
        self._indexer.exclude(left_out(settings))

    # --- the index

    @told
    def index(self, progress: OnProgress | None = None, cancelled: IsCancelled | None = None) -> IndexAnswer:
        """Bring the index up to date; see :class:`IndexAssist` for more."""
        return self.indexing.index(progress, cancelled)

    @told
    def reindex(self, progress: OnProgress | None = None, cancelled: IsCancelled | None = None) -> IndexAnswer:
        """Read every file again, whatever the index believes; vectors of unchanged units are kept."""
        return self.indexing.reindex(progress, cancelled)

    @told
    def files(self, folder: Path | None = None) -> Sequence[Path]:
        """The indexed files of ``folder``, or of the whole workspace, without notebooks."""
        prefix = f"{below}/" if (below := self._below(folder)) else ""
        records = self._store.file_records()
        usable = (path for path in sorted(records) if not records[path].problem and not is_notebook(path))
        return [self.root / path for path in usable if path.startswith(prefix)]

    # --- questions

    @told
    def search(self, query: str, limit: int = 10) -> SearchAnswer:
        """Units that fit a description; see :meth:`SearchAssist.search` for more."""
        return self.finding.search(query, limit)

    @told
    def similar(self, path: Path, line: int, limit: int = 10) -> SimilarAnswer:
        """Functions like the one at ``line``, or classes like the class there; see :class:`KinAssist` for more."""
        return self.kin.similar(path, line, limit)

    @told
    def suggest_names(self, path: Path, line: int | None, limit: int = 5) -> tuple[NamesAnswer, ...]:
        """Names for the function at ``line`` (empty where there is none), or for every function of the file.

        The present name may be among them: the model finds it by itself or not at all.
        """
        file = self._file(path)
        units = file.functions if line is None else list(filter(None, [file.function_at(line)]))
        requests = [request_for(file, unit) for unit in units]
        answers = self._adviser.suggest(requests, limit, dunders=line is not None)
        return tuple(
            NamesAnswer(file.place(unit), unit.name, unit.name_span or unit.span, suggestions, file.version)
            for unit, suggestions in zip(units, answers, strict=True)
        )

    @told
    def explain(self, path: Path, line: int, *, naming: bool = False) -> ExplainAnswer:
        """What path contexts carried the vector of the function at ``line``; with ``naming``, the first of its names.

        Names are read from the function with its own name masked, so that is what is explained then.
        """
        file = self._file(path)
        unit = file.function_at(line)
        if unit is None:
            raise AssistError(f"there is no function at {file.path}:{line}; give a line inside one")
        extracted = extract(unit, masked=naming)
        names = self._explained_names(file, unit, extracted) if naming else None
        explanation = self._worker.explain(extracted, names[0].name if names else None).result()
        return ExplainAnswer(
            target=file.place(unit),
            span=unit.span,
            contexts=weighted_contexts(unit, file.tree.text, extracted.contexts, explanation.weights),
            structure_share=explanation.structure_share,
            names=names,
            source=file.tree.text.data,
            version=file.version,
        )

    @told
    def rename(self, path: Path, offset: int, new_name: str) -> RenameAnswer:
        """Rename what stands at byte ``offset`` and every reference to it in the workspace."""
        file = self._relative(path)
        if is_cell(file):
            return RenameAnswer({}, (IN_A_NOTEBOOK,))
        texts = {self.root / name: text for name, text in self._indexer.open_texts(file).items()}
        held, listed = self._indexer.open_notebooks(), self._indexer.listed()
        files = [self.root / name for name in listed if not is_notebook(name)]
        books = {self.root / name: held.get(name) for name in (*listed, *held) if is_notebook(name)}
        at = (self.root, self.root / file, offset, new_name)
        renaming = rename(*at, files=files, open_texts=texts, notebooks=books, is_skipped=is_skipped_folder)
        edits = {self._relative(where): changes for where, changes in renaming.edits.items()}
        return RenameAnswer(edits, renaming.conflicts)

    @told
    def status(self) -> StatusAnswer:
        """Counts, counters and the worker's state; never waits for the model."""
        return status_answer(
            self.root,
            self._location,
            self._store,
            self._manifest,
            self._indexer.counters,
            self._worker.state,
            self.background,
            exact=self._nearest.is_exact,
        )

    # --- events

    @told
    def document_opened(self, path: Path, text: str, version: int) -> None:
        """An editor holds this file now; its text is what counts until it is closed."""
        self._indexer.document_opened(self._relative(path), text, version)

    @told
    def document_changed(self, path: Path, version: int, change: str | Sequence[tuple[Edit, bytes]]) -> None:
        """The open document's whole new text, or its edits in the order they were made."""
        changes = change if isinstance(change, str) else [text_change_of(edit, text) for edit, text in change]
        self._indexer.document_changed(self._relative(path), version, changes)

    @told
    def document_closed(self, path: Path) -> None:
        """The file on disk counts again."""
        self._indexer.document_closed(self._relative(path))

    @told
    def notebook_opened(self, path: Path, cells: Sequence[tuple[str, str, int]]) -> None:
        """An editor holds this notebook: name, text and version of its code cells as they are now, in order."""
        file = self._relative(path)
        self._indexer.notebook_opened(file, [NotebookCell(cell_path(file, name), text, at) for name, text, at in cells])

    @told
    def notebook_closed(self, path: Path) -> None:
        """The notebook on disk counts again."""
        self._indexer.notebook_closed(self._relative(path))

    @told
    def file_changed(self, path: Path) -> None:
        """A file was created or written on disk."""
        self._indexer.file_changed(self._relative(path))

    @told
    def rescan(self, cancelled: IsCancelled) -> None:
        """Many files were written at once, or a folder: read what changed, and embed nothing yet."""
        if not self._store.follows:
            self._indexer.scan(cancelled=cancelled)

    @told
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

    def _below(self, folder: Path | None) -> str:
        """What the paths of the index begin with below ``folder``; nothing for the whole workspace."""
        inside = self._relative(folder) if folder is not None else "."
        return "" if inside == "." else inside

    def _file(self, path: Path) -> PresentFile:
        return present_file(self.root, name := self._relative(path), self._indexer.document(name))

    def _text(self, name: str) -> SourceText | None:
        document = self._indexer.document(name)
        return present_text(self.root / name) if document is None else document.text

    def _near(self, vector: NDArray[np.float32], limit: int) -> Sequence[tuple[UnitRecord, float]]:
        return [(hit.unit, hit.score) for hit in self._engine.similar(vector, None, limit)]

    def _described(self, unit: CodeUnit, path: str) -> tuple[Described, ...]:
        """What functions near ``unit`` say; nothing while an index is built, when each vector would change it."""
        return () if self._is_building() else self._sentences.near(unit, path)

    def _explained_names(self, file: PresentFile, unit: CodeUnit, masked: ExtractedUnit) -> tuple[NameSuggestion, ...]:
        """As they are offered; by the function alone while an index is built, when each vector would change them."""
        if self._is_building():
            return self._worker.suggest_names(masked, Surroundings.alone(unit), _EXPLAINED_NAMES).result()
        (names,) = self._adviser.suggest([request_for(file, unit)], _EXPLAINED_NAMES, dunders=True)
        return names

    def _is_building(self) -> bool:
        return len(self._store.missing_vectors(_BUILDING)) == _BUILDING

    def _note(self, *, semantic: bool = True) -> str | None:
        """What is missing from an answer. Counting is for the rare case: it takes longer than a search."""
        if not semantic and not self._store.counts().units:
            return f"the index of {self.root} holds no Python code yet"
        if not semantic:
            return words_alone_note(self._worker.state)
        if self._store.missing_vectors(1):
            return missing_note(self._store.counts(lately=True))
        return None
