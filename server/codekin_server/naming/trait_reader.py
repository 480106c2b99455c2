"""The traits of units of the workspace, read from their code as it stands in the files now.

In: a way to a file's text, a unit as the index knows it. Out: :class:`Traits`, or None where the file has changed
since. They are kept by content. Must not know of disks, editors or models.
"""

from collections.abc import Callable, Sequence
from functools import cache

from codekin_model.extraction.traits import Traits, traits_of
from codekin_model.source.text import SourceText
from codekin_model.source.unit_tree import unit_tree
from codekin_server.naming.indexed_unit import indexed_unit
from codekin_server.store.records import UnitRecord

_KEPT = 4096


class TraitReader:
    """``text`` gives a file as it is now, by its path, or None where it cannot be read."""

    def __init__(self, text: Callable[[str], SourceText | None]) -> None:
        self._text = text
        self._kept: dict[str, Traits] = {}

    def __call__(self, records: Sequence[UnitRecord]) -> list[Traits | None]:
        """The traits of functions, in their order; a file is read once for all of them."""
        text = cache(self._text)
        return [self._traits(record, text) for record in records]

    def _traits(self, record: UnitRecord, text: Callable[[str], SourceText | None]) -> Traits | None:
        known = self._kept.get(record.fingerprint)
        if known is not None:
            return known
        read = text(record.path)
        unit = None if read is None else indexed_unit(read, record)
        if unit is None:
            return None
        if len(self._kept) >= _KEPT:
            self._kept.clear()
        return self._kept.setdefault(record.fingerprint, traits_of(unit_tree(unit)))
