"""The base classes that a class names, read off the syntax tree alone.

In: a file's tree and the place of a class's or a method's name. Out: the bases' names as they are written
(``package.Base`` of ``package.Base[int]``), or their last parts, an import's alias undone. Must not know of other
files, of jedi or of editors.
"""

from collections.abc import Iterator

from tree_sitter import Node

from codekin_model.source.span import Span
from codekin_model.source.tree import SyntaxTree, node_text
from codekin_server.refactoring.bindings import parts_of

Dotted = tuple[str, ...]
"""The parts of a name with dots."""

_OVERRIDE = "override"


def bases_at(tree: SyntaxTree, name: Span) -> tuple[str, ...]:
    """Bases of the class whose name stands at ``name``, or of the class around the method whose name does."""
    return tuple(_imported_as(tree.root, base[-1]) for base in written_bases_at(tree, name))


def written_bases_at(tree: SyntaxTree, name: Span) -> tuple[Dotted, ...]:
    """The same bases as they are written there; what stands before a dot and is no name is empty."""
    definition = _definition(tree, name)
    if definition is not None and definition.type == "function_definition":
        definition = _class_around(definition)
    return written_bases(definition) if definition is not None else ()


def written_bases(definition: Node) -> tuple[Dotted, ...]:
    """Those of a class's definition."""
    bases = definition.child_by_field_name("superclasses")
    found = [_unsubscripted(base) for base in (bases.named_children if bases is not None else ())]
    return tuple(dotted(base) for base in found if base is not None and base.type in ("identifier", "attribute"))


def says_override(tree: SyntaxTree, name: Span) -> bool:
    """Whether the method's own decorator (``typing.override``) says that it overrides another."""
    definition = _definition(tree, name)
    above = definition.parent if definition is not None else None
    if above is None or above.type != "decorated_definition":
        return False
    return any(
        dotted(part)[-1] == _OVERRIDE
        for each in above.named_children
        if each.type == "decorator"
        for part in parts_of(each)[:1]
    )


def _definition(tree: SyntaxTree, name: Span) -> Node | None:
    node = tree.root.descendant_for_byte_range(name.start, name.end)
    above = node.parent if node is not None else None
    return above if above is not None and above.type in ("function_definition", "class_definition") else None


def _class_around(function: Node) -> Node | None:
    node = function.parent
    while node is not None and node.type not in ("class_definition", "function_definition", "lambda"):
        node = node.parent
    return node if node is not None and node.type == "class_definition" else None


def dotted(expression: Node) -> Dotted:
    """The parts of ``a.b.c``; one that is no name is empty."""
    parts: list[str] = []
    node: Node | None = expression
    while node is not None and node.type == "attribute":
        parts.append(node_text(node.child_by_field_name("attribute")))
        node = node.child_by_field_name("object")
    parts.append(node_text(node) if node is not None and node.type == "identifier" else "")
    return tuple(reversed(parts))


def _unsubscripted(base: Node) -> Node | None:
    return base.child_by_field_name("value") if base.type == "subscript" else base


def _imported_as(root: Node, name: str) -> str:
    """What ``name`` is called where it comes from."""
    for statement in _imports(root):
        for imported in statement.children_by_field_name("name"):
            alias = imported.child_by_field_name("alias")
            original = imported.child_by_field_name("name")
            if alias is not None and original is not None and node_text(alias) == name:
                return node_text(original).rpartition(".")[2]
    return name


def _imports(root: Node) -> Iterator[Node]:
    """Imports of the module's own level, those in its ``if`` and ``try`` among them."""
    stack = [root]
    while stack:
        for node in stack.pop().named_children:
            if node.type == "import_from_statement":
                yield node
            elif node.type in ("if_statement", "try_statement", "block", "else_clause", "except_clause"):
                stack.append(node)
