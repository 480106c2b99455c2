"""Finding the units of a file.

In: a :class:`SyntaxTree`. Out: its :class:`CodeUnit` values in source order, for any input, however broken.
Must not know of paths of files (a unit is the same unit wherever its file moves), of models or of stores.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

from tree_sitter import Node, Query, QueryCursor

from codekin_model.source.docstring import docstring_of
from codekin_model.source.span import Span
from codekin_model.source.text import SourceText
from codekin_model.source.tree import SyntaxTree, node_text, python_language
from codekin_model.source.unit import CodeUnit, UnitKind

_OUTLINE_LIMIT = 16_000
"""Bytes of a class or module outline that are kept: tables of data would otherwise fill the index."""


@lru_cache(maxsize=1)
def _definitions_query() -> Query:
    return Query(
        python_language(),
        """(function_definition) @definition (class_definition) @definition
        (decorated_definition) @decorated""",
    )


@dataclass(frozen=True, slots=True)
class _Definition:
    """A ``def`` or ``class`` with its decorators (``outer``) and the definition around it."""

    node: Node
    outer: Node
    name: Node
    parent: "_Definition | None"

    @property
    def is_class(self) -> bool:
        return self.node.type == "class_definition"


def find_units(tree: SyntaxTree) -> tuple[CodeUnit, ...]:
    """The module's head, then every class and function, in source order."""
    definitions = _definitions(tree.root)
    members: dict[int | None, list[_Definition]] = {}
    for definition in definitions:
        members.setdefault(definition.parent.node.id if definition.parent else None, []).append(definition)
    outermost = members.get(None, [])
    first = min((each.outer.start_byte for each in outermost), default=len(tree.text.data))
    head = module_head(tree, first, list(map(_name, outermost)))
    units = [head] if outermost or head.span.end else []
    for definition in definitions:
        if definition.is_class:
            units.append(_class_unit(tree.text, definition, members.get(definition.node.id, [])))
        else:
            units.append(_function_unit(tree.text, definition))
    return tuple(units)


def _definitions(root: Node) -> list[_Definition]:
    captures = QueryCursor(_definitions_query()).captures(root)
    decorated = {_inner(node).id: node for node in captures.get("decorated", [])}
    found: list[_Definition] = []
    enclosing: list[_Definition] = []
    for node in sorted(captures.get("definition", []), key=lambda each: (each.start_byte, -each.end_byte)):
        name = node.child_by_field_name("name")
        if name is None or name.is_missing or not name.text:
            continue
        while enclosing and enclosing[-1].node.end_byte <= node.start_byte:
            enclosing.pop()
        definition = _Definition(node, decorated.get(node.id, node), name, enclosing[-1] if enclosing else None)
        found.append(definition)
        enclosing.append(definition)
    return found


def _inner(decorated: Node) -> Node:
    return decorated.child_by_field_name("definition") or decorated


def _name(definition: _Definition) -> str:
    return node_text(definition.name)


def _qualified_name(definition: _Definition | None) -> str:
    names: list[str] = []
    while definition is not None:
        names.append(_name(definition))
        definition = definition.parent
    return ".".join(reversed(names))


def _kind(definition: _Definition) -> UnitKind:
    if definition.is_class:
        return UnitKind.CLASS
    if definition.parent is None:
        return UnitKind.FUNCTION
    return UnitKind.METHOD if definition.parent.is_class else UnitKind.NESTED_FUNCTION


def _function_unit(text: SourceText, definition: _Definition) -> CodeUnit:
    span = Span(definition.outer.start_byte, definition.outer.end_byte)
    source, indent = function_source(text, span)
    return _unit(text, definition, span, source, indent)


def function_source(text: SourceText, span: Span) -> tuple[str, int]:
    """The text of a function with its own indentation taken off, and the width of that in bytes."""
    indent = _indentation(text, span.start)
    return dedent(text.data[span.start : span.end], indent).decode("utf-8", "replace"), len(indent)


def _class_unit(text: SourceText, definition: _Definition, members: Sequence[_Definition]) -> CodeUnit:
    span = Span(definition.outer.start_byte, definition.outer.end_byte)
    indent = _indentation(text, span.start)
    kept = _without(text.data, span, [Span(each.outer.start_byte, each.outer.end_byte) for each in members])
    return _unit(text, definition, span, _outline(dedent(kept, indent), list(map(_name, members))), len(indent))


def _unit(text: SourceText, definition: _Definition, span: Span, source: str, indent: int) -> CodeUnit:
    kind, qualified_name = _kind(definition), _qualified_name(definition)
    return CodeUnit(
        kind=kind,
        name=_name(definition),
        qualified_name=qualified_name,
        span=span,
        name_span=Span(definition.name.start_byte, definition.name.end_byte),
        start_line=text.line_at(span.start) + 1,
        end_line=text.line_at(max(span.start, span.end - 1)) + 1,
        source=source,
        docstring=docstring_of(definition.node.child_by_field_name("body")),
        fingerprint=fingerprint(kind, qualified_name, source),
        indent=indent,
    )


def module_head(tree: SyntaxTree, first: int, names: Sequence[str]) -> CodeUnit:
    """What stands above the ``first`` byte of the first definition, and the ``names`` that are defined below it."""
    text = tree.text
    head = text.data[:first]
    source = _outline(head, names)
    end = len(head.rstrip())
    return CodeUnit(
        kind=UnitKind.MODULE,
        name="",
        qualified_name="",
        span=Span(0, end),
        name_span=None,
        start_line=1,
        end_line=text.line_at(max(0, end - 1)) + 1,
        source=source,
        docstring=docstring_of(tree.root),
        fingerprint=fingerprint(UnitKind.MODULE, "", source),
    )


def _outline(head: bytes, names: Sequence[str]) -> str:
    """Text with blank runs closed, and the names defined below it as a last comment line."""
    kept = [line.removesuffix(b"\r") for line in head[:_OUTLINE_LIMIT].split(b"\n") if line.strip()]
    lines = [line.decode("utf-8", "ignore") for line in kept]
    public = [name for name in names if not name.startswith("__")]
    if public:
        lines.append("# defines " + ", ".join(public))
    return "\n".join(lines)


def _without(data: bytes, span: Span, holes: Sequence[Span]) -> bytes:
    kept, at = bytearray(), span.start
    for hole in holes:
        kept += data[at : hole.start]
        at = max(at, hole.end)
    return bytes(kept + data[at : span.end])


def _indentation(text: SourceText, offset: int) -> bytes:
    line = text.data[text.line_starts[text.line_at(offset)] : offset]
    return b"" if line.strip() else line


def dedent(block: bytes, indent: bytes) -> bytes:
    """``block`` with ``indent`` taken off every line after the first that starts with it."""
    return block.replace(b"\n" + indent, b"\n") if indent else block


def fingerprint(kind: UnitKind, qualified_name: str, source: str) -> str:
    """32 hexadecimal digits that name a unit's content."""
    digest = blake2b(digest_size=16)
    for part in (kind.value, qualified_name, source):
        digest.update(part.encode("utf-8", "surrogatepass"))
        digest.update(b"\0")
    return digest.hexdigest()
