"""The syntax of one unit, parsed from the unit's own text.

In: a :class:`CodeUnit`. Out: :class:`UnitTree`, from which every extraction starts; so extraction depends on a unit's
content alone, never on the file around it.
"""

from dataclasses import dataclass

from tree_sitter import Node

from codekin_model.source.docstring import docstring_node
from codekin_model.source.text import SourceText, text_of
from codekin_model.source.tree import parse
from codekin_model.source.unit import CodeUnit, UnitKind


@dataclass(frozen=True, slots=True)
class UnitTree:
    """``node`` is the definition with its decorators, or the whole parse where no single definition stands."""

    unit: CodeUnit
    text: SourceText
    node: Node
    docstring: Node | None


def unit_tree(unit: CodeUnit) -> UnitTree:
    """Parse ``unit.source``; broken code gives a tree all the same."""
    text = text_of(unit.source)
    root = parse(text).root
    if unit.kind is UnitKind.MODULE:
        return UnitTree(unit, text, root, docstring_node(root))
    node = next((child for child in root.named_children if child.type != "comment"), root)
    definition = node.child_by_field_name("definition") if node.type == "decorated_definition" else node
    body = definition.child_by_field_name("body") if definition is not None else None
    if body is None:
        return UnitTree(unit, text, root, None)
    return UnitTree(unit, text, node, docstring_node(body))
