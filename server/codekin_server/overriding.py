"""Whether a method overrides one of a base class of the workspace, so that its name is not its own to change.

In: a file as it is now and a method in it. Out: the method above it, or None. Goes by the names of classes, which
needs no inference and errs on the quiet side where two classes share a name. Part of the API boundary, beside
:mod:`codekin_server.assist`. Must not know of models or editors.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from codekin_model.source.unit import CodeUnit, UnitKind
from codekin_server.assist_error import AssistError
from codekin_server.present_file import PresentFile
from codekin_server.refactoring.bases import bases_at, says_override
from codekin_server.store.records import UnitRecord
from codekin_server.store.store import Store

_DEPTH = 12
"""Classes above one another; real code has fewer, and cyclic code ends here."""


@dataclass(frozen=True, slots=True)
class Overriding:
    """``read`` gives a file of the workspace as it is now, by its path relative to the root."""

    store: Store
    read: Callable[[str], PresentFile]

    def is_bound(self, file: PresentFile, unit: CodeUnit) -> bool:
        """Whether ``unit`` overrides a method that is found in the workspace, or says that it overrides one."""
        if unit.kind is not UnitKind.METHOD or unit.name_span is None:
            return False
        if says_override(file.tree, unit.name_span):
            return True
        owner = unit.qualified_name.rpartition(".")[0]
        return self._is_above(bases_at(file.tree, unit.name_span), unit.name, (file.path, owner))

    def _is_above(self, bases: Iterable[str], method: str, below: tuple[str, str]) -> bool:
        """Whether a class named in ``bases``, or one above it, has ``method``; ``below`` is the class that asks."""
        seen, wanted = set[str](), set(bases)
        for _ in range(_DEPTH):
            wanted -= seen
            if not wanted:
                return False
            seen |= wanted
            named = self.store.units_named(wanted)
            classes = [each for each in named if each.kind is UnitKind.CLASS and _name(each) != below]
            if any(self._has(each, method) for each in classes):
                return True
            wanted = {base for each in classes for base in self._bases_of(each)}
        return False

    def _has(self, owner: UnitRecord, method: str) -> bool:
        name = f"{owner.qualified_name}.{method}"
        return any(unit.qualified_name == name for unit in self.store.units_of_file(owner.path))

    def _bases_of(self, record: UnitRecord) -> Iterator[str]:
        try:
            file = self.read(record.path)
        except AssistError:  # the file is gone since it was indexed
            return
        for unit in file.units:
            if unit.qualified_name == record.qualified_name and unit.name_span is not None:
                yield from bases_at(file.tree, unit.name_span)


def _name(record: UnitRecord) -> tuple[str, str]:
    return record.path, record.qualified_name
