"""A unit that the index knows, and the code that it is.

In: a function as the index knows it, a file's text or a unit. Out: the function itself, without its docstring, or None
where the file has changed since; whether it is the unit; what is made of functions, kept by content. Must not know of
disks, stores or models.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Generic, TypeVar

from codekin_model.source.span import Span
from codekin_model.source.text import SourceText
from codekin_model.source.unit import CodeUnit
from codekin_model.source.units import fingerprint, function_source
from codekin_server.store.records import UnitRecord

T = TypeVar("T")

_KEPT = 4096


class UnitReader(Generic[T]):
    """What ``make`` makes of functions; ``text`` gives a file as it is now, or None where it cannot be read."""

    def __init__(self, text: Callable[[str], SourceText | None], make: Callable[[CodeUnit], T]) -> None:
        self._text, self._make = text, make
        self._kept: dict[str, T] = {}

    def each(self, records: Sequence[UnitRecord]) -> Iterator[T | None]:
        """One after the other, as they are asked for, None where a file has changed; a file is read once for all."""
        text = cache(self._text)
        return (self._made(record, text) for record in records)

    def _made(self, record: UnitRecord, text: Callable[[str], SourceText | None]) -> T | None:
        if record.fingerprint in (kept := self._kept):
            return kept[record.fingerprint]
        read = text(record.path)
        unit = None if read is None else indexed_unit(read, record)
        if unit is None:
            return None
        if len(kept) >= _KEPT:
            self._kept = kept = {}  # a new one: another thread may look into the old
        return kept.setdefault(record.fingerprint, self._make(unit))


def indexed_unit(text: SourceText, record: UnitRecord) -> CodeUnit | None:
    """The function that ``record`` tells of, if it still stands where the index saw it."""
    span = Span(record.start_byte, record.end_byte)
    source, indent = function_source(text, span)
    if fingerprint(record.kind, record.qualified_name, source) != record.fingerprint:
        return None
    return CodeUnit(
        kind=record.kind,
        name=record.name,
        qualified_name=record.qualified_name,
        span=span,
        name_span=None,
        start_line=record.start_line,
        end_line=record.end_line,
        source=source,
        docstring=None,
        fingerprint=record.fingerprint,
        indent=indent,
    )


def is_itself(record: UnitRecord, unit: CodeUnit, path: str) -> bool:
    """Whether ``record`` tells of ``unit`` of the file ``path``, as it is or as the index last saw it."""
    if record.fingerprint == unit.fingerprint:
        return True
    return record.path == path and record.qualified_name == unit.qualified_name
