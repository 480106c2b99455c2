"""What a class's own code says of one of its attributes.

In: a file's tree and places that hold the attribute's name. Out: classes, and identifiers inside them. Must not know of
other files, of jedi or of editors.
"""

from collections.abc import Collection, Iterator

from tree_sitter import Node

from codekin_model.source.span import Span
from codekin_model.source.tree import SyntaxTree
from codekin_server.refactoring.bindings import binds, is_bare, parts_of
from codekin_server.refactoring.scopes import identifiers, scopes_around

_OURSELVES = (b"self", b"cls")
_SEVERAL = frozenset({"pattern_list", "tuple_pattern", "list_pattern", "expression_list"})
_ASSIGNMENTS = frozenset({"assignment", "augmented_assignment", "for_statement", "for_in_clause"})
_FIELD_DECORATORS = (b"dataclass", b"define", b"frozen", b"mutable", b"attr")
_FIELD_BASES = (b"NamedTuple", b"TypedDict", b"BaseModel")


def classes_of(tree: SyntaxTree, places: Collection[Span], name: str) -> list[Node]:
    """Classes that bind ``name`` at one of ``places``, or call it their own there (``self.name``)."""
    found: dict[int, Node] = {}
    for node in identifiers(tree.root, name):
        if Span(node.start_byte, node.end_byte) in places:
            owner = class_around(node) if is_own(node) else _class_binding(node)
            if owner is not None:
                found[owner.id] = owner
    return list(found.values())


def own_uses(owner: Node, name: str) -> Iterator[Node]:
    """``name`` where the class itself binds it, or writes ``self.name``; classes inside it are not looked into."""
    for node in identifiers(owner, name):
        holder = class_around(node) if is_own(node) else _class_binding(node)
        if holder == owner:
            yield node


def classes_binding(tree: SyntaxTree, places: Collection[Span], name: str) -> list[Node]:
    """Classes that have a member ``name`` because of what stands at one of ``places``."""
    return [
        owner
        for owner in classes_of(tree, places, name)
        if any(Span(node.start_byte, node.end_byte) in places for node in bindings_of(owner, name))
    ]


def bindings_of(owner: Node, name: str) -> Iterator[Node]:
    """Where the class itself makes ``name`` one of its members: ``def name``, ``name = ...`` or ``self.name = ...``."""
    return (node for node in own_uses(owner, name) if not is_own(node) or defines_attribute(node))


def class_around(node: Node) -> Node | None:
    """The innermost class whose body ``node`` stands in."""
    return next((scope for scope in scopes_around(node) if scope.type == "class_definition"), None)


def makes_constructor(owner: Node) -> bool | None:
    """Whether the fields of a class are what its constructor takes; None where its bases would have to be known."""
    body = owner.child_by_field_name("body")
    for each in identifiers(body, "__init__") if body is not None else ():
        if _class_binding(each) == owner:
            return False
    above = owner.parent
    decorators = parts_of(above)[:-1] if above is not None and above.type == "decorated_definition" else []
    superclasses = owner.child_by_field_name("superclasses")
    bases = parts_of(superclasses) if superclasses is not None else []
    if any(kind in (each.text or b"") for each in decorators for kind in _FIELD_DECORATORS):
        return True
    if not bases:
        return False
    return any((each.text or b"").endswith(_FIELD_BASES) for each in bases) or None


def is_attribute(node: Node) -> bool:
    """Whether an identifier stands behind a dot, outside of imports."""
    holder = node.parent
    return holder is not None and holder.type == "attribute" and holder.child_by_field_name("attribute") == node


def defines_attribute(node: Node) -> bool:
    """Whether this is the attribute in ``x.name = 1``."""
    part, above = _target(node)
    assigned = above is not None and above.type in _ASSIGNMENTS and above.child_by_field_name("left") == part
    return assigned and is_attribute(node)


def is_own(node: Node) -> bool:
    """Whether this is the attribute in ``self.name`` or ``cls.name``."""
    holder = node.parent
    receiver = holder.child_by_field_name("object") if holder is not None and is_attribute(node) else None
    return receiver is not None and receiver.text in _OURSELVES


def _target(node: Node) -> tuple[Node | None, Node | None]:
    """The whole left side that the attribute ``node`` is in, and what stands around that."""
    part = node.parent
    above = part.parent if part is not None else None
    while above is not None and above.type in _SEVERAL:
        part, above = above, above.parent
    return part, above


def _class_binding(node: Node) -> Node | None:
    """The class whose body binds ``node`` by name."""
    scope = next(scopes_around(node), None) if is_bare(node) and binds(node) else None
    return scope if scope is not None and scope.type == "class_definition" else None
