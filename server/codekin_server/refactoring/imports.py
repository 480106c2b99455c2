"""The places of a file at which a name would come from another module of the workspace.

In: a file's tree, a name, and the files that define or pass on that name. Out: identifiers. A module that is named from
the root (``from a.b import c``) may be another one of that name, so those are only likely. Must not know of jedi.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tree_sitter import Node

from codekin_model.source.tree import SyntaxTree, node_text
from codekin_server.refactoring.bindings import binds, is_bare, parts_of
from codekin_server.refactoring.scopes import identifiers

_IMPORT = b"import"
_IMPORTS = frozenset({"import_statement", "import_from_statement"})


@dataclass(frozen=True, slots=True)
class ImportedModule:
    """A module as an import writes it: dots before it, and its parts."""

    level: int
    parts: tuple[str, ...]

    def below(self, name: str) -> "ImportedModule":
        """What ``name`` is, where that is a module too."""
        return ImportedModule(self.level, (*self.parts, name))


def stands_in_import(node: Node) -> bool:
    """Whether ``node`` is part of an import."""
    above: Node | None = node
    while above is not None and above.type not in _IMPORTS:
        above = above.parent
    return above is not None


def imports_it_surely(tree: SyntaxTree, path: Path, name: str, homes: frozenset[Path]) -> Iterator[Node]:
    """``name`` in ``from .module import name``, where that module is one of ``homes``."""
    for statement, module in from_imports(tree):
        if module.level and _is_any(path, module, homes):
            yield from _imported(statement, name)


def imports_it_perhaps(tree: SyntaxTree, path: Path, name: str, homes: frozenset[Path]) -> Iterator[Node]:
    """``name`` where it is imported, by itself or with ``*``, or is an attribute of an imported module."""
    for statement, module in from_imports(tree):
        if _is_any(path, module, homes):
            yield from _imported(statement, name)
            if takes_all(statement):
                yield from _unbound(tree, name)
    modules = {called for called, module in modules_called(tree) if _is_any(path, module, homes)}
    for node in identifiers(tree.root, name):
        holder = node.parent
        if (
            holder is not None
            and holder.type == "attribute"
            and node_text(holder.child_by_field_name("object")) in modules
        ):
            yield node


def star_imports_of(tree: SyntaxTree, path: Path, homes: frozenset[Path]) -> Iterator[Node]:
    """``from module import *`` where that module is, or may be, one of ``homes``."""
    for statement, module in from_imports(tree):
        if takes_all(statement) and _is_any(path, module, homes):
            yield statement


def may_be_module(dotted: str, home: Path) -> bool:
    """Whether ``dotted``, as a whole, may be what the file ``home`` is imported by."""
    return tuple(dotted.split(".")) in _ends(package_of(home))


def package_of(home: Path) -> Path:
    """What an import of the file ``home`` spells: a module without ``.py``, a package's folder."""
    return home.parent if home.stem == "__init__" else home.with_suffix("")


def takes_all(statement: Node) -> bool:
    """Whether this is ``from module import *``."""
    return any(child.type == "wildcard_import" for child in statement.children)


def _imported(statement: Node, name: str) -> Iterator[Node]:
    for child in statement.children_by_field_name("name"):
        original = child.child_by_field_name("name") if child.type == "aliased_import" else child
        if original is not None and node_text(original) == name:
            yield parts_of(original)[-1]


def _unbound(tree: SyntaxTree, name: str) -> Iterator[Node]:
    bare = [node for node in identifiers(tree.root, name) if is_bare(node)]
    if not any(binds(node) for node in bare):
        yield from bare


def modules_called(tree: SyntaxTree) -> Iterator[tuple[str, ImportedModule]]:
    """What the file calls the modules that it imports; a name that is imported from one may be one too."""
    for statement, module in from_imports(tree):
        for child in statement.children_by_field_name("name"):
            called, original = _called(child)
            yield called, module.below(original)
    for statement in _statements(tree, "import_statement"):
        for child in statement.children_by_field_name("name"):
            called, original = _called(child)
            yield called, ImportedModule(0, tuple(original.split(".")))


def _called(imported: Node) -> tuple[str, str]:
    if imported.type != "aliased_import":
        return node_text(imported), node_text(imported)
    return node_text(imported.child_by_field_name("alias")), node_text(imported.child_by_field_name("name"))


def from_imports(tree: SyntaxTree) -> Iterator[tuple[Node, ImportedModule]]:
    """``from module import ...`` wherever it stands, with that module."""
    for statement in _statements(tree, "import_from_statement"):
        written = "".join(node_text(statement.child_by_field_name("module_name")).split())
        parts = written.lstrip(".")
        yield statement, ImportedModule(len(written) - len(parts), tuple(parts.split(".")) if parts else ())


def _statements(tree: SyntaxTree, kind: str) -> Iterator[Node]:
    """Looked up where the text has the keyword, as identifiers are."""
    data = tree.text.data
    at = data.find(_IMPORT)
    while at >= 0:
        word = tree.root.descendant_for_byte_range(at, at + len(_IMPORT))
        statement = word.parent if word is not None and word.type == "import" else None
        if statement is not None and statement.type == kind:
            yield statement
        at = data.find(_IMPORT, at + 1)


def _is_any(importer: Path, module: ImportedModule, homes: frozenset[Path]) -> bool:
    """Whether ``module`` is one of the files ``homes``, or may be."""
    packages = _packages(homes)
    if not module.level:
        return module.parts in packages.ends
    folder = importer.parent
    for _ in range(module.level - 1):
        folder = folder.parent
    return folder.joinpath(*module.parts) in packages.paths


@dataclass(frozen=True, slots=True)
class _Packages:
    """What files are imported by: their whole paths, and all that these may end in."""

    paths: frozenset[Path]
    ends: frozenset[tuple[str, ...]]


@lru_cache(maxsize=4)  # every import of every file is asked about the same few sets of files
def _packages(homes: frozenset[Path]) -> _Packages:
    paths = frozenset(map(package_of, homes))
    return _Packages(paths, frozenset(end for path in paths for end in _ends(path)))


def _ends(package: Path) -> Iterator[tuple[str, ...]]:
    return (package.parts[start:] for start in range(len(package.parts)))
