"""What a file takes from modules that are none of the workspace's.

In: the sources and a file's tree. Out: names that it binds by such imports alone, and whether an expression starts at
one of them. Must not know of jedi or of editors.
"""

from collections.abc import Iterator
from pathlib import Path

from tree_sitter import Node

from codekin_model.source.tree import SyntaxTree, node_text
from codekin_server.refactoring.bindings import binds, is_bare
from codekin_server.refactoring.imports import stands_in_import
from codekin_server.refactoring.scopes import identifiers
from codekin_server.refactoring.sources import Sources

_LITERALS = frozenset({"string", "concatenated_string", "integer", "float", "list", "dictionary", "tuple", "set"})
_CONTAINERS = frozenset({"module", "block", "if_statement", "try_statement", "else_clause", "except_clause"})
_INSIDE = _CONTAINERS | {"function_definition", "class_definition", "decorated_definition", "with_statement"}


def importable(sources: Sources) -> frozenset[str]:
    """First parts of the names by which the workspace's own modules can be imported.

    What lies in a package is imported through it: ``kombu/transport/redis.py`` is not what ``import redis`` means.
    """
    return frozenset(each.stem if each in sources.files else each.name for each in _first_parts(sources))


def import_roots(sources: Sources) -> tuple[Path, ...]:
    """Folders that imports start in, those further up first."""
    folders = {each.parent for each in _first_parts(sources)}
    return tuple(sorted(folders, key=lambda folder: (len(folder.parts), folder)))


def _first_parts(sources: Sources) -> set[Path]:
    """Modules, and folders with modules, that lie in no package."""
    packages = {path.parent for path in sources.files if path.stem == "__init__"}
    found = {each for path in sources.files for each in (path, *path.parents)}
    return {each for each in found if each != sources.root and each.parent not in packages and _is_in(each, sources)}


def _is_in(path: Path, sources: Sources) -> bool:
    return path.is_relative_to(sources.root)


def taken_from_outside(tree: SyntaxTree, own: frozenset[str]) -> frozenset[str]:
    """Names that the file has from modules other than its ``own``, and from nowhere else."""
    imported = list(_imported(tree.root))
    inside = {called for called, module in imported if not module or module in own}
    outside = {called for called, _ in imported}
    return frozenset(name for name in outside - inside if not _is_bound_otherwise(tree, name))


def starts_outside(node: Node | None, outside: frozenset[str]) -> bool:
    """Whether an expression is a literal, or a row of attributes that starts at one of the names ``outside``."""
    while node is not None and node.type == "attribute":
        node = node.child_by_field_name("object")
    if node is None or node.type in _LITERALS:
        return node is not None
    return node.type == "identifier" and node_text(node) in outside


def _is_bound_otherwise(tree: SyntaxTree, name: str) -> bool:
    return any(is_bare(node) and binds(node) and not stands_in_import(node) for node in identifiers(tree.root, name))


def _imported(root: Node) -> Iterator[tuple[str, str]]:
    """What is imported as which name, by the first part of its module; that is empty where the import is relative."""
    stack = [root]
    while stack:
        node = stack.pop()
        if node.type in ("import_statement", "import_from_statement"):
            yield from _names(node)
        elif node.type in _INSIDE or node.type.endswith(("_clause", "_statement")):
            stack.extend(node.named_children)


def _names(statement: Node) -> Iterator[tuple[str, str]]:
    module = statement.child_by_field_name("module_name")
    for child in statement.children_by_field_name("name"):
        original, alias = child.child_by_field_name("name") or child, child.child_by_field_name("alias")
        first = node_text(module if module is not None else original).partition(".")[0]
        yield node_text(alias) if alias is not None else node_text(original).partition(".")[0], first
