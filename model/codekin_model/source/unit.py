"""The unit of everything codekin does: a function, a method, a class, or the head of a module.

Plain data. Must not know of syntax trees, models or workspaces.
"""

from dataclasses import dataclass
from enum import StrEnum

from codekin_model.source.span import Span


class UnitKind(StrEnum):
    """What a unit is; the values are what users and clients see."""

    FUNCTION = "function"
    METHOD = "method"
    NESTED_FUNCTION = "nested function"
    CLASS = "class"
    MODULE = "module"

    @property
    def is_function(self) -> bool:
        """Whether a unit of this kind has a body that a name can be suggested for."""
        return self in (UnitKind.FUNCTION, UnitKind.METHOD, UnitKind.NESTED_FUNCTION)


@dataclass(frozen=True, slots=True)
class CodeUnit:
    """One unit of one file.

    ``span`` covers decorators; ``start_line`` and ``end_line`` are its first and last line, 1-based. ``source`` is
    the unit's text with its own indentation taken off; a class is its outline (header, docstring, attributes,
    names of members), so that editing a method leaves its class alone; a module is the text above its first definition.
    ``fingerprint`` is a hash of kind, qualified name and ``source``: equal fingerprints are the same unit to
    every model, wherever they stand. ``indent`` is the width in bytes of the indentation taken off.
    """

    kind: UnitKind
    name: str
    qualified_name: str
    span: Span
    name_span: Span | None
    start_line: int
    end_line: int
    source: str
    docstring: str | None
    fingerprint: str
    indent: int = 0
