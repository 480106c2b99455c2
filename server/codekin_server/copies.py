"""Near-duplicates among the functions of an index.

In: a store with vectors, a threshold. Out: clusters of places; for a file, which of its functions have copies. What
says the same but for its name and docstring is a copy; of what differs only the teacher's vectors are compared: the
student's would say less of the same pair, and be told on the same scale. Part of the API boundary, beside
:mod:`codekin_server.assist_kin`. Must not know of editors or of the model.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from codekin_model.extraction.tokens import lexical_fields
from codekin_model.source.unit import CodeUnit
from codekin_server.answers_kin import Cluster, Copies
from codekin_server.conversion import place_of
from codekin_server.present_file import PresentFile
from codekin_server.search.duplicates import (
    LEAST_LINES,
    Group,
    Pair,
    grouped,
    is_substantial,
    near_pairs,
    said_by,
    share_words,
)
from codekin_server.search.similarity import cosine_of, similarity
from codekin_server.store.records import Matrix, Tier, UnitRecord
from codekin_server.store.store import Store
from codekin_server.store.unit_filter import FUNCTIONS, UnitFilter
from codekin_server.store.vector_index import NearestNeighbours
from codekin_server.store.wanted_rows import words_of_code

Words = Mapping[str, Counter[str]]
"""The words of code by the fingerprint of the function."""


_LOOKED_AT = 32
"""Nearest functions among which one is looked for that says the same under another name."""


@dataclass(frozen=True, slots=True)
class _Said:
    """What a function says, and what of it is not its name; nothing counts of one that is too small."""

    words: Counter[str]
    beside: frozenset[tuple[str, int]]
    counts: bool

    @classmethod
    def of(cls, unit: UnitRecord | CodeUnit, words: Counter[str]) -> Self:
        """``words`` are those of the unit's code."""
        counts = is_substantial(_lines(unit), words)
        return cls(words, said_by(words, unit.name) if counts else frozenset(), counts)

    def again(self, other: "_Said", *, alike: bool) -> bool:
        """Whether the ``other`` says the same again; ``alike``: by their vectors."""
        if not (self.counts and other.counts):
            return False
        return (alike and share_words(self.words, other.words)) or self.beside == other.beside


class CopyFinder:
    """A content may stand in several places, under several names; contents are compared, places are counted."""

    def __init__(self, store: Store, nearest: NearestNeighbours) -> None:
        self._store = store
        self._nearest = nearest

    def clusters(
        self, folder: str, threshold: float, cancelled: Callable[[], bool] | None = None
    ) -> tuple[list[Cluster], int]:
        """Clusters, those first that say most twice, and the number of functions that were compared."""
        units = self.contents(self._store.wanted_units(UnitFilter(folder, FUNCTIONS.kinds)))
        contents, repeated = list(units), self.repeated(units)
        groups = grouped(self.pairs(units, threshold, cancelled))
        grown = {contents[at] for group in groups for at in group.members}
        alone = [Group((at,), 1.0) for at, content in enumerate(contents) if content in repeated - grown]
        found = [
            _cluster([unit for at in group.members for unit in units[contents[at]]], group)
            for group in [*groups, *alone]
        ]
        found.sort(key=lambda each: (-each.lines, -len(each.members), each.members[0].path, each.members[0].start_line))
        return found, len(units)

    def contents(self, units: Iterable[UnitRecord]) -> dict[str, list[UnitRecord]]:
        """Units that say the same, names and docstrings apart, under the fingerprint of the first of them."""
        contents = by_content(units)
        words = self._words(places[0] for places in contents.values() if _lines(places[0]) >= LEAST_LINES)
        first: dict[frozenset[tuple[str, int]], str] = {}
        found: defaultdict[str, list[UnitRecord]] = defaultdict(list)
        for content, places in contents.items():
            unit, own = places[0], words.get(content, Counter())
            same = first.setdefault(said_by(own, unit.name), content) if is_substantial(_lines(unit), own) else content
            found[same] += places
        return dict(found)

    def pairs(
        self,
        units: Mapping[str, Sequence[UnitRecord]],
        threshold: float,
        cancelled: Callable[[], bool] | None = None,
    ) -> list[Pair]:
        """Pairs of near-duplicates, as positions in the order of ``units``, nearest first."""
        contents = list(units)
        long = [at for at, each in enumerate(contents) if _lines(units[each][0]) >= LEAST_LINES]
        vectors = self._store.teachers_vectors_of(contents[at] for at in long)
        known = [at for at in long if contents[at] in vectors]
        if not known:
            return []
        matrix = np.stack([vectors[contents[at]] for at in known])
        near = [
            Pair(known[pair.first], known[pair.second], pair.cosine)
            for pair in near_pairs(matrix, cosine_of(threshold), cancelled)
        ]
        words = self._words(units[contents[at]][0] for pair in near for at in (pair.first, pair.second))
        return [pair for pair in near if _are_copies(units, contents[pair.first], contents[pair.second], words)]

    def copies_in(self, file: PresentFile, threshold: float) -> list[Copies]:
        """The functions of a file that have near-duplicates anywhere, as far as their vectors are there."""
        functions = [unit for unit in file.functions if unit.end_line - unit.start_line + 1 >= LEAST_LINES]
        vectors = self._store.teachers_vectors_of(unit.fingerprint for unit in functions)
        functions = [unit for unit in functions if unit.fingerprint in vectors]
        if not functions:
            return []
        near = self._near(np.stack([vectors[unit.fingerprint] for unit in functions]), threshold)
        candidates = by_content(
            self._store.units_with_fingerprints({content for each in near for content in each}, FUNCTIONS)
        )
        words = self._words(units[0] for units in candidates.values())
        theirs = {each: _Said.of(units[0], words[each]) for each, units in candidates.items()}
        found: list[Copies] = []
        for unit, near_it in zip(functions, near, strict=True):
            own = _Said.of(unit, words_of(unit))
            again = [each for each, alike in near_it.items() if each in theirs and own.again(theirs[each], alike=alike)]
            count = sum(_is_another(file.path, unit, each) for content in again for each in candidates[content])
            if count:
                name = unit.name_span or unit.span
                found.append(Copies(file.place(unit), name.start, count))
        return found

    def _near(self, matrix: Matrix, threshold: float) -> list[dict[str, bool]]:
        """For each row the contents near it, and whether their vectors make them near-duplicates."""
        near = [{content for content, _ in each} for each in self._nearest.within(matrix, cosine_of(threshold))]
        tiers = self._store.tiers_of(content for each in near for content in each)
        looked_at = [[content for content, _ in each] for each in self._nearest.search_each(matrix, _LOOKED_AT)]
        return [
            {content: content in close and tiers.get(content) is Tier.TEACHER for content in (*close, *others)}
            for close, others in zip(near, looked_at, strict=True)
        ]

    def repeated(self, units: Mapping[str, Sequence[UnitRecord]]) -> set[str]:
        """The contents that stand in several places and are large enough to count."""
        several = {content: places[0] for content, places in units.items() if len(places) > 1}
        words = self._words(several.values())
        return {content for content, unit in several.items() if is_substantial(_lines(unit), words[content])}

    def _words(self, units: Iterable[UnitRecord]) -> dict[str, Counter[str]]:
        chosen = {unit.id: unit.fingerprint for unit in units}
        found = self._store.code_words(chosen)
        return {fingerprint: found.get(unit_id, Counter()) for unit_id, fingerprint in chosen.items()}


def by_content(units: Iterable[UnitRecord]) -> dict[str, list[UnitRecord]]:
    """Units by their fingerprints, in the order given."""
    found: defaultdict[str, list[UnitRecord]] = defaultdict(list)
    for unit in units:
        found[unit.fingerprint].append(unit)
    return dict(found)


def _are_copies(units: Mapping[str, Sequence[UnitRecord]], one: str, other: str, words: Words) -> bool:
    first, second = units[one][0], units[other][0]
    if _is_inside(first.path, first, second.path, second):
        return False
    large = is_substantial(_lines(first), words[one]) and is_substantial(_lines(second), words[other])
    return large and share_words(words[one], words[other])


def _is_another(path: str, unit: CodeUnit, other: UnitRecord) -> bool:
    """Whether ``other`` is neither ``unit`` of the file ``path`` itself nor inside it, nor the other way round."""
    itself = other.path == path and other.fingerprint == unit.fingerprint
    return not itself and not _is_inside(path, unit, other.path, other)


def _is_inside(path: str, one: UnitRecord | CodeUnit, other_path: str, other: UnitRecord | CodeUnit) -> bool:
    """Whether one of two functions stands inside the other, and so repeats it of course."""
    return path == other_path and one.start_line <= other.end_line and other.start_line <= one.end_line


def words_of(unit: CodeUnit) -> Counter[str]:
    """The sub-tokens of a unit's code, its docstring left out, with how often each stands there."""
    fields = lexical_fields(unit)
    return words_of_code(fields.body, fields.docstring)


def _lines(unit: UnitRecord | CodeUnit) -> int:
    return unit.end_line - unit.start_line + 1


def _cluster(units: Sequence[UnitRecord], group: Group) -> Cluster:
    ordered = sorted(units, key=lambda unit: (unit.path, unit.start_line))
    lines = [_lines(unit) for unit in ordered]
    return Cluster(similarity(group.cosine), sum(lines) - max(lines), tuple(map(place_of, ordered)))
