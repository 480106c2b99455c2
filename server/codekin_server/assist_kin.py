"""Kin: what is like a function, a selection or pasted code; near-duplicates; the map.

In: places and code. Out: :mod:`codekin_server.answers` and :mod:`codekin_server.answers_kin`. Blocks until it has its
answer and may be called from any thread. Part of the API boundary, beside :mod:`codekin_server.assist`. Must not know
of editors, protocols or terminals.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from codekin_model.extracted import extract
from codekin_model.source.unit import CodeUnit, UnitKind
from codekin_server.answers import Place, Result, SimilarAnswer
from codekin_server.answers_kin import Copies, DuplicatesAnswer, MapAnswer
from codekin_server.assist_error import AssistError
from codekin_server.conversion import result_of, row_of
from codekin_server.copies import CopyFinder, words_of
from codekin_server.mapping import map_of
from codekin_server.pasted import PastedCode, pasted_code
from codekin_server.present_file import PresentFile
from codekin_server.search.engine import SearchEngine
from codekin_server.search.similarity import likeness
from codekin_server.store.records import UnitRecord
from codekin_server.store.store import Store
from codekin_server.store.vector_index import NearestNeighbours
from codekin_server.telling import told
from codekin_server.worker.client import ModelWorker

IsCancelled = Callable[[], bool]
_COMPARED = 60
"""Units near by meaning whose words are compared too, at least."""
_SPARE = 8
"""Results looked at beyond the limit, since some may lie inside the code that they would be like."""


class KinAssist:
    """``read`` gives a file as it is now, ``below`` says how the index names a folder, ``note`` what is missing."""

    def __init__(
        self,
        store: Store,
        worker: ModelWorker,
        nearest: NearestNeighbours,
        engine: SearchEngine,
        read: Callable[[Path], PresentFile],
        below: Callable[[Path | None], str],
        note: Callable[[], str | None],
    ) -> None:
        self._store = store
        self._worker = worker
        self._engine = engine
        self._read = read
        self._below = below
        self._note = note
        self._copies = CopyFinder(store, nearest)

    @told
    def similar(self, path: Path, line: int, limit: int) -> SimilarAnswer:
        """Functions like the one at ``line``, or classes like the class there."""
        file = self._read(path)
        unit = file.definition_at(line)
        if unit is None:
            raise AssistError(f"there is no function or class at {file.path}:{line}; give a line inside one")
        return self._similar_to(file, unit, limit)

    @told
    def similar_to_lines(self, path: Path, start_line: int, end_line: int, limit: int) -> SimilarAnswer:
        """Functions like the code in these lines: the longest definition that is whole in them, else their text."""
        file = self._read(path)
        whole = [unit for unit in file.units if start_line <= unit.start_line and unit.end_line <= end_line]
        definitions = [unit for unit in whole if unit.kind is not UnitKind.MODULE]
        if definitions:
            return self._similar_to(file, max(definitions, key=lambda unit: len(unit.source)), limit)
        code = _lines_of(file, start_line, end_line)
        around = file.definition_at(start_line)
        hits = self._near_code(pasted_code(code), limit + _SPARE)
        results = [each for each in hits if around is None or not _overlap(each, file.path, around)]
        target = _lines_as_place(file, around, start_line, end_line)
        return SimilarAnswer(target, tuple(results[:limit]), self._note(), file.version)

    @told
    def similar_to_code(self, code: str, limit: int) -> SimilarAnswer:
        """Functions like code that stands in no file."""
        pasted = pasted_code(code)
        results = tuple(self._near_code(pasted, limit))
        notes = [each for each in (pasted.note, self._note()) if each]
        return SimilarAnswer(None, results, "; ".join(notes) or None, None)

    @told
    def duplicates(
        self, folder: Path | None, limit: int, threshold: float, cancelled: IsCancelled | None = None
    ) -> DuplicatesAnswer:
        """Clusters of functions that are at least ``threshold`` alike, those first that say most twice."""
        clusters, every = self._copies.clusters(self._below(folder), threshold, cancelled)
        left = f"the largest {limit} of {len(clusters)} clusters" if len(clusters) > limit else None
        empty = None if every else "there are no embedded functions here yet"
        notes = [each for each in (left, empty, self._note()) if each]
        return DuplicatesAnswer(tuple(clusters[:limit]), "; ".join(notes) or None)

    @told
    def copies(self, path: Path, threshold: float) -> tuple[Sequence[Copies], int | None]:
        """The functions of a file that have near-duplicates, and the version of the document they were read from."""
        file = self._read(path)
        return self._copies.copies_in(file, threshold), file.version

    @told
    def map(self, folder: Path | None, threshold: float) -> MapAnswer:
        """The functions below ``folder``, or all, laid out by meaning; near-duplicates are linked."""
        answer = map_of(self._store, self._copies, self._below(folder), threshold)
        notes = [each for each in (answer.note, self._note()) if each]
        return replace(answer, note="; ".join(notes) or None)

    def _similar_to(self, file: PresentFile, unit: CodeUnit, limit: int) -> SimilarAnswer:
        results = self._alike(self.vector_of(unit), unit, self._record(file, unit), limit)
        return SimilarAnswer(file.place(unit), tuple(results), self._note(), file.version)

    def _near_code(self, pasted: PastedCode, limit: int) -> list[Result]:
        extracted = extract(pasted.unit, masked=not pasted.named)
        vector = self._worker.embed_units([extracted], urgent=True).result()[0]
        return self._alike(vector, pasted.unit, row_of(pasted.file, pasted.unit), limit)

    def _alike(self, vector: NDArray[np.float32], unit: CodeUnit, own: UnitRecord, limit: int) -> list[Result]:
        """The units most like ``unit``, of those that are nearest to its ``vector``; ``own`` is its row."""
        near = self._engine.similar(vector, own, max(limit, _COMPARED))
        words = self._store.code_words(hit.unit.id for hit in near)
        asked = words_of(unit).keys()
        # what left the index since it was found shares no word
        scores = [likeness(hit.score, asked, words.get(hit.unit.id, Counter()).keys()) for hit in near]
        best = sorted(range(len(near)), key=lambda at: -scores[at])[: max(0, limit)]
        return [result_of(replace(near[at], score=scores[at])) for at in best]

    @told
    def vector_of(self, unit: CodeUnit) -> NDArray[np.float32]:
        """What ``unit`` is found by: as it is stored, or as the model reads it now."""
        stored = self._store.vector_of(unit.fingerprint)
        return stored if stored is not None else self._worker.embed_units([extract(unit)], urgent=True).result()[0]

    def _record(self, file: PresentFile, unit: CodeUnit) -> UnitRecord:
        """The row that the store has of ``unit``; where it has none, one that equals no row."""
        rows = self._store.units_of_file(file.path)
        at = (unit.qualified_name, unit.start_line)
        return next((row for row in rows if (row.qualified_name, row.start_line) == at), row_of(file, unit))


def _lines_of(file: PresentFile, start_line: int, end_line: int) -> str:
    text = file.tree.text
    starts = [*text.line_starts, len(text.data)]
    last = len(text.line_starts)
    return text.data[starts[min(start_line, last) - 1] : starts[min(end_line, last)]].decode("utf-8", "replace")


def _lines_as_place(file: PresentFile, around: CodeUnit | None, start_line: int, end_line: int) -> Place:
    """The selected lines, by the name of what they stand in."""
    place = file.place(around if around is not None else file.units[0])
    return replace(place, start_line=start_line, end_line=end_line)


def _overlap(result: Result, path: str, unit: CodeUnit) -> bool:
    return result.path == path and result.start_line <= unit.end_line and unit.start_line <= result.end_line
