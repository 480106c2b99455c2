"""Which part of a function a line belongs to, and its body.

In: a file's tree, the place of a function's name, a line. Out: nodes, yes or no. Must not know of models or editors.
"""

import re

from tree_sitter import Node

from codekin_model.source.span import Span
from codekin_model.source.tree import SyntaxTree

IGNORE = "# codekin: ignore-name"
"""A comment on the line of a function's name that says to leave the name alone."""

_IGNORE = re.compile(rb"#\s*codekin:\s*ignore-name\b")


def body_of(tree: SyntaxTree, name: Span) -> Node | None:
    """The block of the definition whose name stands at ``name``."""
    node = tree.root.descendant_for_byte_range(name.start, name.end)
    definition = node.parent if node is not None else None
    return definition.child_by_field_name("body") if definition is not None else None


def is_signature(tree: SyntaxTree, name: Span, line: int) -> bool:
    """Whether a 1-based ``line`` of the function is above its body: decorators, name, parameters, return type."""
    body = body_of(tree, name)
    named_at = tree.text.line_at(name.start) + 1
    return line <= (max(named_at, body.start_point[0]) if body is not None else named_at)


def is_left_alone(tree: SyntaxTree, name: Span | None) -> bool:
    """Whether :data:`IGNORE` stands on the line of a function's name."""
    if name is None:
        return False
    end = tree.text.data.find(b"\n", name.end)
    return _IGNORE.search(tree.text.data, name.end, end if end >= 0 else len(tree.text.data)) is not None
