"""The places of a file at which a name would come from another module of the workspace.

In: a file's tree, a name, and the files that define or pass on that name. Out: identifiers. A module that is named from
the root (``from a.b import c``) may be another one of that name, so those are only likely. Must not know of jedi.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from tree_sitter import Node

from codekin_model.source.tree import SyntaxTree
from codekin_server.refactoring.bindings import binds, is_bare
from codekin_server.refactoring.scopes import identifiers

_IMPORTS = frozenset({"import_statement", "import_from_statement"})


@dataclass(frozen=True, slots=True)
class _Module:
    """A module as an import writes it: dots before it, and its parts."""

    level: int
    parts: tuple[str, ...]

    def below(self, name: str) -> "_Module":
        return _Module(self.level, (*self.parts, name))


def stands_in_import(node: Node) -> bool:
    """Whether ``node`` is part of an import."""
    above: Node | None = node
    while above is not None and above.type not in _IMPORTS:
        above = above.parent
    return above is not None


def imports_it_surely(tree: SyntaxTree, path: Path, name: str, homes: Collection[Path]) -> Iterator[Node]:
    """``name`` in ``from .module import name``, where that module is one of ``homes``."""
    for statement, module in _from_imports(tree.root):
        if module.level and any(_is(path, module, home) for home in homes):
            yield from _imported(statement, name)


def imports_it_perhaps(tree: SyntaxTree, path: Path, name: str, homes: Collection[Path]) -> Iterator[Node]:
    """``name`` where it is imported, by itself or with ``*``, or is an attribute of an imported module."""
    for statement, module in _from_imports(tree.root):
        if any(_is(path, module, home) for home in homes):
            yield from _imported(statement, name)
            if _takes_all(statement):
                yield from _unbound(tree, name)
    modules = {called for called, module in _modules(tree.root) if any(_is(path, module, home) for home in homes)}
    for node in identifiers(tree.root, name):
        holder = node.parent
        if holder is not None and holder.type == "attribute" and _text(holder.child_by_field_name("object")) in modules:
            yield node


def star_imports_of(tree: SyntaxTree, path: Path, homes: Collection[Path]) -> Iterator[Node]:
    """``from module import *`` where that module is, or may be, one of ``homes``."""
    for statement, module in _from_imports(tree.root):
        if _takes_all(statement) and any(_is(path, module, home) for home in homes):
            yield statement


def may_be_module(dotted: str, home: Path) -> bool:
    """Whether ``dotted``, as a whole, may be what the file ``home`` is imported by."""
    return _is(home, _Module(0, tuple(dotted.split("."))), home)


def _takes_all(statement: Node) -> bool:
    return any(child.type == "wildcard_import" for child in statement.children)


def _imported(statement: Node, name: str) -> Iterator[Node]:
    for child in statement.children_by_field_name("name"):
        original = child.child_by_field_name("name") if child.type == "aliased_import" else child
        if original is not None and _text(original) == name:
            yield original.named_children[-1]


def _unbound(tree: SyntaxTree, name: str) -> Iterator[Node]:
    bare = [node for node in identifiers(tree.root, name) if is_bare(node)]
    if not any(binds(node) for node in bare):
        yield from bare


def _modules(root: Node) -> Iterator[tuple[str, _Module]]:
    """What the file calls the modules that it imports; a name that is imported from one may be one too."""
    for statement, module in _from_imports(root):
        for child in statement.children_by_field_name("name"):
            called, original = _called(child)
            yield called, module.below(original)
    for statement in _statements(root, "import_statement"):
        for child in statement.children_by_field_name("name"):
            called, original = _called(child)
            yield called, _Module(0, tuple(original.split(".")))


def _called(imported: Node) -> tuple[str, str]:
    if imported.type != "aliased_import":
        return _text(imported), _text(imported)
    return _text(imported.child_by_field_name("alias")), _text(imported.child_by_field_name("name"))


def _from_imports(root: Node) -> Iterator[tuple[Node, _Module]]:
    for statement in _statements(root, "import_from_statement"):
        written = "".join(_text(statement.child_by_field_name("module_name")).split())
        parts = written.lstrip(".")
        yield statement, _Module(len(written) - len(parts), tuple(parts.split(".")) if parts else ())


def _statements(root: Node, kind: str) -> Iterator[Node]:
    stack = [root]
    while stack:
        node = stack.pop()
        if node.type == kind:
            yield node
        stack.extend(reversed(node.named_children))


def _is(importer: Path, module: _Module, home: Path) -> bool:
    """Whether ``module`` is the file ``home``, or may be."""
    package = home.parent if home.stem == "__init__" else home.with_suffix("")
    if not module.level:
        return bool(module.parts) and package.parts[-len(module.parts) :] == module.parts
    folder = importer.parent
    for _ in range(module.level - 1):
        folder = folder.parent
    return folder.joinpath(*module.parts) == package


def _text(node: Node | None) -> str:
    return ((node.text if node is not None else None) or b"").decode("utf-8", "replace")
