"""The traits of units of the workspace, read from their code as it stands in the files now.

In: a way to a file's text, a unit as the index knows it. Out: :class:`Traits`, or None where the file has changed
since. They are kept by content. Must not know of disks, editors or models.
"""

from collections.abc import Callable, Sequence

from codekin_model.extraction.traits import Traits, traits_of
from codekin_model.source.text import SourceText
from codekin_model.source.unit_tree import unit_tree
from codekin_server.naming.indexed_unit import UnitReader
from codekin_server.store.records import UnitRecord


class TraitReader:
    """``text`` gives a file as it is now, by its path, or None where it cannot be read."""

    def __init__(self, text: Callable[[str], SourceText | None]) -> None:
        self._reader = UnitReader(text, lambda unit: traits_of(unit_tree(unit)))

    def __call__(self, records: Sequence[UnitRecord]) -> list[Traits | None]:
        """The traits of functions, in their order; a file is read once for all of them."""
        return list(self._reader.each(records))
