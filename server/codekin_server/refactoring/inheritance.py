"""Whether a method belongs together with methods of other classes, so that it cannot be renamed alone.

In: the sources and a method's class. Out: reasons, for the user. A base class is followed by jedi, also into
installed packages; a subclass is any class of the workspace that names this one as a base. Must not know of editors.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tree_sitter import Node

from codekin_model.source.span import Span
from codekin_model.source.text import SourceText
from codekin_model.source.tree import SyntaxTree, parse
from codekin_server.refactoring.jedi_lookup import definition_of
from codekin_server.refactoring.scopes import scopes_around
from codekin_server.refactoring.sources import Sources

_DEPTH = 12
"""Classes above one another; real code has fewer, and cyclic code ends here."""


@dataclass(frozen=True, slots=True)
class Member:
    """A name that a class defines itself; ``path`` is None where the class is built in."""

    owner: str
    name: str
    path: Path | None


def enclosing_class(tree: SyntaxTree, definition: Span) -> Node | None:
    """The class whose method is defined at ``definition`` (the span of its name), if it is one."""
    name = tree.root.descendant_for_byte_range(definition.start, definition.end)
    function = name.parent if name is not None else None
    if function is None or function.type != "function_definition":
        return None
    scope = next(scopes_around(function), None)
    return scope if scope is not None and scope.type == "class_definition" else None


def relatives_with(sources: Sources, path: Path, owner: Node, names: Sequence[str]) -> Iterator[str]:
    """Classes above or below ``owner`` that have one of ``names``, as ``Class.name (file)``."""
    text = sources.read(path)
    if text is None:
        return
    for member in _inherited(sources, path, text, owner, depth=0):
        if member.name in names:
            yield f"{member.owner}.{member.name}" + (f" ({sources.shown(member.path)})" if member.path else "")
    yield from _overriding(sources, _name_of(owner), names)


def _inherited(sources: Sources, path: Path, text: SourceText, owner: Node, depth: int) -> Iterator[Member]:
    for base in _base_names(owner):
        found = definition_of(sources, path, text, base.start_byte)
        if found is None:
            continue
        yield from (Member(found.name, name, found.path) for name in found.members)
        above = sources.read(found.path) if found.path is not None else None
        node = _class_at(above, found.line, found.name) if above is not None else None
        if above is not None and node is not None and found.path is not None and depth < _DEPTH:
            yield from _inherited(sources, found.path, above, node, depth + 1)


def _overriding(sources: Sources, class_name: str, names: Sequence[str]) -> Iterator[str]:
    seen, wanted = {class_name}, [class_name]
    while wanted:
        base = wanted.pop()
        for path, node in _subclasses(sources, base):
            name = _name_of(node)
            if name not in seen:
                seen.add(name)
                wanted.append(name)
            for method in _methods(node):
                if method in names:
                    yield f"{name}.{method} ({sources.shown(path)})"


def _subclasses(sources: Sources, base: str) -> Iterator[tuple[Path, Node]]:
    header = re.compile(rf"\bclass\s+\w+\s*(\[[^\]]*\])?\s*\([^)]*\b{re.escape(base)}\b".encode())
    for path in sorted(sources.files):
        text = sources.read(path)
        if text is not None and base.encode() in text.data and header.search(text.data):
            for node in _classes(parse(text).root):
                if any(_last_part(each) == base for each in _base_names(node)):
                    yield path, node


def _classes(root: Node) -> Iterator[Node]:
    stack = [root]
    while stack:
        node = stack.pop()
        if node.type == "class_definition":
            yield node
        stack.extend(reversed(node.named_children))


def _class_at(text: SourceText, line: int, name: str) -> Node | None:
    nodes = [node for node in _classes(parse(text).root) if _name_of(node) == name]
    return min(nodes, key=lambda node: abs(node.start_point[0] + 1 - line), default=None)


def _base_names(owner: Node) -> list[Node]:
    """The last identifier of each base: ``c`` of ``a.b.c``, ``List`` of ``List[int]``."""
    bases = owner.child_by_field_name("superclasses")
    found: list[Node] = []
    for base in bases.named_children if bases is not None else ():
        node = base.child_by_field_name("value") if base.type == "subscript" else base
        if node is not None and node.type == "attribute":
            node = node.child_by_field_name("attribute")
        if node is not None and node.type == "identifier":
            found.append(node)
    return found


def _methods(owner: Node) -> Iterator[str]:
    body = owner.child_by_field_name("body")
    for child in body.named_children if body is not None else ():
        inner = child.child_by_field_name("definition") if child.type == "decorated_definition" else child
        if inner is not None and inner.type == "function_definition":
            yield _name_of(inner)


def _name_of(node: Node) -> str:
    return _last_part(node.child_by_field_name("name"))


def _last_part(node: Node | None) -> str:
    return ((node.text if node is not None else None) or b"").decode("utf-8", "replace")
