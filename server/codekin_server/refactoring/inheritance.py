"""Whether a member of a class belongs together with members of other classes, so that it cannot be renamed alone.

In: the sources, a class and names. Out: reasons, for the user. A base class is followed by jedi, also into installed
packages; a subclass is any class of the workspace that names this one as a base. Must not know of editors.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tree_sitter import Node

from codekin_model.source.span import Span
from codekin_model.source.tree import SyntaxTree
from codekin_server.refactoring.environments import installed_packages
from codekin_server.refactoring.jedi_lookup import Definition, definition_of
from codekin_server.refactoring.members import bindings_of
from codekin_server.refactoring.sources import Sources

_DEPTH = 12
"""Classes above one another; real code has fewer, and cyclic code ends here."""


@dataclass(frozen=True, slots=True)
class _Base:
    """A class above, and what jedi and the code say of it where it can be followed."""

    name: str
    found: Definition | None
    node: Node | None


@dataclass(frozen=True, slots=True)
class Family:
    """A class and what is asked about those above and below it; ``renamed`` are places that change their name too."""

    sources: Sources
    path: Path
    owner: Node
    renamed: Mapping[Path, Sequence[Span]]
    bases: tuple[_Base, ...]

    @classmethod
    def of(cls, sources: Sources, path: Path, owner: Node, renamed: Mapping[Path, Sequence[Span]]) -> "Family":
        """That of the class ``owner`` in ``path``."""
        return cls(sources, path, owner, renamed, tuple(_bases(sources, path, owner)))

    def members(self, names: Sequence[str]) -> Iterator[str]:
        """Classes above or below that have one of ``names`` and keep it, as ``Class.name (file)``."""
        for base in self.bases:
            if base.found is not None:
                file = f" ({self.sources.shown(base.found.path)})" if base.found.path else ""
                yield from (f"{base.name}.{name}{file}" for name in names if self._keeps(base.found, base.node, name))
        yield from self._members_below(names)

    def _members_below(self, names: Sequence[str]) -> Iterator[str]:
        seen, wanted = {_name_of(self.owner)}, [_name_of(self.owner)]
        while wanted:
            base = wanted.pop()
            for path, node in _subclasses(self.sources, base):
                name = _name_of(node)
                if name not in seen:
                    seen.add(name)
                    wanted.append(name)
                if (path, node.start_byte) != (self.path, self.owner.start_byte):
                    shown = self.sources.shown(path)
                    yield from (f"{name}.{each} ({shown})" for each in names if self._binds(path, node, each))

    def _keeps(self, found: Definition, node: Node | None, name: str) -> bool:
        if found.path is None or node is None:
            return name in found.members
        return self._binds(found.path, node, name)

    def _binds(self, path: Path, owner: Node, name: str) -> bool:
        renamed = self.renamed.get(path, ())
        return any(Span(node.start_byte, node.end_byte) not in renamed for node in bindings_of(owner, name))


def _bases(sources: Sources, path: Path, owner: Node, depth: int = 0) -> Iterator[_Base]:
    for base in _base_names(owner):
        found = _follow(sources, path, base.start_byte)
        above = sources.tree(found.path) if found is not None and found.path is not None else None
        node = _class_at(above, found.line, found.name) if found is not None and above is not None else None
        yield _Base(found.name if found is not None else _last_part(base), found, node)
        if node is not None and found is not None and found.path is not None and depth < _DEPTH:
            yield from _bases(sources, found.path, node, depth + 1)


def _follow(sources: Sources, path: Path, offset: int) -> Definition | None:
    """The project's own environment comes last: it may hold an older copy of the project."""
    text = sources.read(path)
    if text is None:
        return None
    found = definition_of(sources, path, text, offset)
    installed = installed_packages(sources.root) if found is None else ()
    return definition_of(sources, path, text, offset, installed) if installed else found


def _subclasses(sources: Sources, base: str) -> Iterator[tuple[Path, Node]]:
    header = re.compile(rf"\bclass\s+\w+\s*(\[[^\]]*\])?\s*\([^)]*\b{re.escape(base)}\b".encode())
    for path in sorted(sources.files):
        text = sources.read(path)
        if text is not None and base.encode() in text.data and header.search(text.data):
            tree = sources.tree(path)
            for node in _classes(tree.root) if tree is not None else ():
                if any(_last_part(each) == base for each in _base_names(node)):
                    yield path, node


def _classes(root: Node) -> Iterator[Node]:
    stack = [root]
    while stack:
        node = stack.pop()
        if node.type == "class_definition":
            yield node
        stack.extend(reversed(node.named_children))


def _class_at(tree: SyntaxTree, line: int, name: str) -> Node | None:
    nodes = [node for node in _classes(tree.root) if _name_of(node) == name]
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


def _name_of(node: Node) -> str:
    return _last_part(node.child_by_field_name("name"))


def _last_part(node: Node | None) -> str:
    return ((node.text if node is not None else None) or b"").decode("utf-8", "replace")
