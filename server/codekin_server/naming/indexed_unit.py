"""A unit that the index knows, and the code that it is.

In: a function as the index knows it, a file's text or a unit. Out: the function itself, without its docstring, or None
where the file has changed since; whether it is the unit. Must not know of disks, stores or models.
"""

from codekin_model.source.span import Span
from codekin_model.source.text import SourceText
from codekin_model.source.unit import CodeUnit
from codekin_model.source.units import fingerprint, function_source
from codekin_server.store.records import UnitRecord


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
