"""Names that an editor shows without being asked: the light bulb's, and those completed after ``def``.

In: a file as it is now, a place in it, and what the user wants to see of names. Out: :mod:`codekin_server.answers`.
Blocks until it has its answer and may be called from any thread. Part of the API boundary, beside
:mod:`codekin_server.assist`. Must not know of editors, protocols or terminals.
"""

from collections.abc import Callable, Hashable, Sequence
from contextlib import suppress
from fnmatch import fnmatchcase
from pathlib import Path

from codekin_model.embedder import NameSuggestion
from codekin_model.source.span import Span
from codekin_model.source.unit import CodeUnit
from codekin_model.source.units import find_units
from codekin_server.answers import NameCompletion, NameHint, NameOffer, NamesAnswer
from codekin_server.naming.advice import NameAdviser, NamingRequest
from codekin_server.naming.contradiction import LISTED, Judgement, contradiction, may_contradict
from codekin_server.naming.convention import is_called_by_convention
from codekin_server.naming.gap import gap_at
from codekin_server.naming.place import IGNORE as IGNORE  # noqa: PLC0414 - whoever shows a hint offers it
from codekin_server.naming.place import is_left_alone, is_signature
from codekin_server.naming.scope import names_taken, siblings_of
from codekin_server.naming.style import is_dunder
from codekin_server.overriding import Overriding
from codekin_server.present_file import PresentFile
from codekin_server.refactoring.bases import bases_at
from codekin_server.settings.schema import NamesSettings
from codekin_server.store.store import Store
from codekin_server.store.test_code import is_test_code
from codekin_server.telling import told

_REMEMBERED = 4096


class NameAssist:
    """``read`` gives a file of ``root`` as it is now, by its path.

    Every method raises :class:`AssistError`, as ``Assist`` does.
    """

    def __init__(self, root: Path, store: Store, adviser: NameAdviser, read: Callable[[Path], PresentFile]) -> None:
        self._adviser = adviser
        self._read = read
        self._store = store
        self._judgements: dict[Hashable, Judgement | None] = {}
        self._overriding = Overriding(root, store, lambda name: read(Path(name)))

    @told
    def offer(self, path: Path, line: int, wanted: NamesSettings) -> NameOffer | None:
        """Names that may be offered unasked for the innermost function around ``line``; None where none may be.

        None may be where Python, a base class or a convention gives the present one its meaning, where the user wants
        it to be left alone, and where the model is not sure enough of any other.
        """
        file = self._read(path)
        unit = file.function_at(line)
        if unit is None or unit.name_span is None:
            return None
        inside = not is_signature(file.tree, unit.name_span, line)
        if (inside and not wanted.inside) or not self._may_change(file, unit, wanted):
            return None
        suggestions = self._better(request_for(file, unit), wanted)
        names = NamesAnswer(file.place(unit), unit.name, unit.name_span, suggestions, file.version)
        return NameOffer(names, inside) if suggestions else None

    @told
    def complete(self, path: Path, offset: int, wanted: NamesSettings) -> NameCompletion | None:
        """Names for the function whose name belongs at byte ``offset``; None where there is no such, or no body yet."""
        file = self._read(path)
        gap = gap_at(file.tree.text, offset)
        if gap is None or (gap.span.start < gap.span.end and is_dunder(gap.unit.name)):
            return None
        suggestions = self._better(
            NamingRequest(
                gap.unit, file.path, names_taken(gap.tree, gap.unit), siblings_of(gap.unit, find_units(gap.tree))
            ),
            wanted,
        )
        return NameCompletion(gap.span, suggestions, file.version)

    @told
    def judged_functions(self, path: Path) -> tuple[CodeUnit, ...]:
        """The functions of a file whose names are judged: their own to change, no test's, not left alone in place."""
        return self._judged_functions(self._read(path), NamesSettings())

    def _judged_functions(self, file: PresentFile, rules: NamesSettings) -> tuple[CodeUnit, ...]:
        return tuple(
            unit
            for unit in file.functions
            if self._may_change(file, unit, rules)
            and not is_test_code(file.path, unit.qualified_name)
            and not is_left_alone(file.tree, unit.name_span)
        )

    @told
    def hints(self, path: Path, wanted: NamesSettings, stopped: Callable[[], bool]) -> tuple[NameHint, ...]:
        """Names of a file that strongly contradict their bodies; one function at a time, until ``stopped``."""
        found: list[NameHint] = []
        file, grown = self._read(path), self._store.counts(lately=True).vectors.bit_length()
        for unit in self._judged_functions(file, wanted):
            if stopped():
                break
            judged = self._judged(file, unit, grown)
            if judged is not None and unit.name_span is not None:
                found.append(NameHint(unit.name, unit.name_span, judged.own, judged.best))
        return tuple(found)

    @told
    def listed(self, path: Path, unit: CodeUnit) -> tuple[NameSuggestion, ...]:
        """What the model lists for ``unit`` of ``path``, names that are taken among them."""
        file = self._read(path)
        return self._listed(file, unit, siblings_of(unit, file.units))

    @told
    def nearness(self, unit: CodeUnit, name: str) -> float:
        """How near ``name`` is to ``unit``: the share of authors' names that are farther from their functions."""
        return self._adviser.nearness(unit, name)

    def _listed(self, file: PresentFile, unit: CodeUnit, siblings: frozenset[str]) -> tuple[NameSuggestion, ...]:
        (found,) = self._adviser.suggest([NamingRequest(unit, file.path, (), siblings)], LISTED)
        return found

    @told
    def line_of_name(self, path: Path, offset: int) -> tuple[int, Span] | None:
        """The 1-based line and the span of the function's name that byte ``offset`` touches; None for anything else."""
        file = self._read(path)
        for unit in file.functions:
            if unit.name_span is not None and unit.name_span.contains(offset):
                return file.tree.text.line_at(unit.name_span.start) + 1, unit.name_span
        return None

    def _judged(self, file: PresentFile, unit: CodeUnit, grown: int) -> Judgement | None:
        """Remembered by content and siblings: a keystroke changes one function, and all of the file are asked about.

        Neighbours count, too, but change a little with every keystroke: they are looked at again whenever the index
        has ``grown`` to twice its vectors, so that nothing stays that was judged while it was being built.
        """
        if not may_contradict(unit):
            return None
        siblings = siblings_of(unit, file.units)
        key = unit.fingerprint, siblings, grown
        with suppress(KeyError):  # not asked first: another thread may clear them in between
            return self._judgements[key]
        judged = contradiction(
            unit, self._listed(file, unit, siblings), lambda: self._adviser.nearness(unit, unit.name)
        )
        if len(self._judgements) >= _REMEMBERED:
            self._judgements.clear()
        self._judgements[key] = judged
        return judged

    def _may_change(self, file: PresentFile, unit: CodeUnit, wanted: NamesSettings) -> bool:
        if is_dunder(unit.name) or any(fnmatchcase(unit.name, pattern) for pattern in wanted.ignore):
            return False
        return not (self._is_conventional(file, unit) or self._overriding.is_bound(file, unit))

    def _is_conventional(self, file: PresentFile, unit: CodeUnit) -> bool:
        bases = bases_at(file.tree, unit.name_span) if unit.name_span is not None else ()
        return is_called_by_convention(unit, file.path, bases, file.units)

    def _better(self, request: NamingRequest, wanted: NamesSettings) -> tuple[NameSuggestion, ...]:
        """Other names than the present one that the model is sure enough of."""
        (found,) = self._adviser.suggest([request], wanted.limit + 1)
        return _sure(found, request.unit.name, wanted)


def request_for(file: PresentFile, unit: CodeUnit) -> NamingRequest:
    """What the model is asked about a function of a file."""
    return NamingRequest(unit, file.path, names_taken(file.tree, unit), siblings_of(unit, file.units))


def _sure(found: Sequence[NameSuggestion], present: str, wanted: NamesSettings) -> tuple[NameSuggestion, ...]:
    better = [each for each in found if each.name != present and each.probability >= wanted.minimum_confidence]
    return tuple(better[: wanted.limit])
