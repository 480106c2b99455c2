"""Whether a method overrides one of a base class, so that its name is not its own to change.

In: a file as it is now and a method in it. Out: yes or no. A base of the workspace goes by its name, which needs no
inference and errs on the quiet side where two classes share a name; one of the standard library or of an installed
package is looked up where the imports say. Part of the API boundary, beside :mod:`codekin_server.assist`. Must not know
of models or editors.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from codekin_model.source.span import Span
from codekin_model.source.tree import SyntaxTree
from codekin_model.source.unit import CodeUnit, UnitKind
from codekin_server.assist_error import AssistError
from codekin_server.present_file import PresentFile
from codekin_server.refactoring.bases import Dotted, bases_at, says_override, written_bases_at
from codekin_server.refactoring.installed import Installed
from codekin_server.refactoring.outline import outline_of_own
from codekin_server.store.records import UnitRecord
from codekin_server.store.store import Store

_DEPTH = 12
"""Classes above one another; real code has fewer, and cyclic code ends here."""

_KEPT = 4096
"""Classes of the workspace whose bases are kept: reading their files for every method takes a tenth of a second."""


@dataclass(frozen=True, slots=True)
class _Bases:
    """Those of a class of the workspace: by their last names, and by what these lead to outside of it."""

    inside: Collection[str]
    outside: Collection[Dotted]

    @classmethod
    def at(cls, tree: SyntaxTree, name: Span) -> Self:
        outline = outline_of_own(tree)
        outside = {each for base in written_bases_at(tree, name) for each in outline.leads_to(base)}
        return cls(bases_at(tree, name), outside)

    @classmethod
    def of(cls, file: PresentFile, qualified_name: str) -> Self:
        """Those of all classes called so in ``file``."""
        named = (unit.name_span for unit in file.units if unit.qualified_name == qualified_name)
        found = [cls.at(file.tree, span) for span in named if span is not None]
        return cls({name for each in found for name in each.inside}, {name for each in found for name in each.outside})


@dataclass(frozen=True, slots=True)
class Overriding:
    """``read`` gives a file of the workspace in ``root`` as it is now, by its path relative to that."""

    root: Path
    store: Store
    read: Callable[[str], PresentFile]
    kept: dict[UnitRecord, _Bases] = field(default_factory=dict[UnitRecord, _Bases], repr=False, compare=False)
    """By the class as the index knows it: what it is made from changes with it, or moves it."""

    def is_bound(self, file: PresentFile, unit: CodeUnit) -> bool:
        """Whether ``unit`` overrides a method that can be found, or says that it overrides one."""
        if unit.kind is not UnitKind.METHOD or unit.name_span is None:
            return False
        if says_override(file.tree, unit.name_span):
            return True
        owner = unit.qualified_name.rpartition(".")[0]
        return self._is_above(_Bases.at(file.tree, unit.name_span), unit.name, (file.path, owner))

    def _is_above(self, bases: _Bases, method: str, below: tuple[str, str]) -> bool:
        """Whether one of ``bases``, or one above them, has ``method``; ``below`` is the class that asks."""
        installed, seen, level = Installed.of(self.root), set[str](), [bases]
        having = {_name(each) for each in self.store.units_named({method})}
        for _ in range(_DEPTH):
            if installed.has((name for each in level for name in each.outside), method):
                return True
            wanted = {name for each in level for name in each.inside} - seen
            if not wanted:
                return False
            seen |= wanted
            named = self.store.units_named(wanted)
            classes = [each for each in named if each.kind is UnitKind.CLASS and _name(each) != below]
            if any((each.path, f"{each.qualified_name}.{method}") in having for each in classes):
                return True
            level = [self._bases_of(each) for each in classes]
        return False

    def _bases_of(self, record: UnitRecord) -> _Bases:
        kept = self.kept.get(record)
        if kept is not None:
            return kept
        try:
            file = self.read(record.path)
        except AssistError:  # the file is gone since it was indexed
            return _Bases((), ())
        if len(self.kept) >= _KEPT:
            self.kept.clear()
        self.kept[record] = found = _Bases.of(file, record.qualified_name)
        return found


def _name(record: UnitRecord) -> tuple[str, str]:
    return record.path, record.qualified_name
