"""A function whose name is being typed: ``def |(line):`` above a body.

In: a text and the byte that the cursor stands before. Out: :class:`NameGap`, with a tree in which the function has a
name, or None where there is no such function or nothing to name it by. Must not know of models or editors.
"""

import re
from dataclasses import dataclass

from tree_sitter import Node

from codekin_model.source.span import Span
from codekin_model.source.text import SourceText
from codekin_model.source.tree import SyntaxTree, parse
from codekin_model.source.unit import CodeUnit
from codekin_model.source.units import find_units
from codekin_server.naming.place import body_of

_BEFORE = re.compile(rb"[ \t]*(?:async[ \t]+)?def[ \t]+(?P<name>\w*)\Z", re.ASCII)
_WORD = re.compile(rb"[A-Za-z_0-9]*")
_BARE = re.compile(rb"[ \t]*(#.*)?\r?\Z")
_STAND_IN = b"unnamed"


@dataclass(frozen=True, slots=True)
class NameGap:
    """``span`` is what a name would replace: nothing, or what is typed of it. ``unit`` stands in ``tree``."""

    span: Span
    tree: SyntaxTree
    unit: CodeUnit


def gap_at(text: SourceText, offset: int) -> NameGap | None:
    """The function whose name belongs at ``offset``, where it has a body already."""
    span = _name_span(text, offset)
    if span is None:
        return None
    tree = parse(SourceText(_completed(text.data, span)))
    for unit in find_units(tree):
        if unit.name_span is not None and unit.name_span.start == span.start:
            return NameGap(span, tree, unit) if _has_body(tree, unit.name_span) else None
    return None


def _name_span(text: SourceText, offset: int) -> Span | None:
    start = text.line_starts[text.line_at(offset)]
    before = _BEFORE.match(text.data[start:offset])
    if before is None:
        return None
    rest = _WORD.match(text.data, offset)
    return Span(start + before.start("name"), rest.end() if rest is not None else offset)


def _completed(data: bytes, span: Span) -> bytes:
    """The text with a name in the gap, and with the parentheses and the colon where they are still missing."""
    end = data.find(b"\n", span.end)
    rest = data[span.end : end if end >= 0 else len(data)]
    name = data[span.start : span.end] or _STAND_IN
    if _BARE.match(rest):
        name += b"():"
    elif rest.lstrip().startswith(b":"):
        name += b"()"
    return data[: span.start] + name + data[span.end :]


def _has_body(tree: SyntaxTree, name: Span) -> bool:
    body = body_of(tree, name)
    return body is not None and any(_says_something(statement) for statement in body.named_children)


def _says_something(statement: Node) -> bool:
    if statement.type in ("comment", "pass_statement"):
        return False
    return not (statement.type == "expression_statement" and statement.text == b"...")
