"""What a module gives names to, read off the syntax tree alone: classes, imports, other names for either.

In: a module's tree and its name. Out: the members and bases of its classes, and what a name leads to elsewhere. All
branches of an ``if`` and a ``try`` count at once. Must not know of files, of jedi or of editors.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tree_sitter import Node

from codekin_model.source.tree import SyntaxTree, node_text
from codekin_server.refactoring.bases import Dotted, dotted, written_bases
from codekin_server.refactoring.imports import ImportedModule, from_imports, modules_called, takes_all

_BUILTINS = "builtins"
_NAMES = ("identifier", "attribute")
_BLOCKS = frozenset({"block", "if_statement", "try_statement", "with_statement", "ERROR"})


@dataclass(frozen=True, slots=True)
class Module:
    """``name`` is that of the module, ``package`` what its relative imports start from."""

    name: Dotted
    package: Dotted


@dataclass(frozen=True, slots=True)
class Outline:
    """``module`` is None for a file of the workspace, whose own names lead nowhere outside of it."""

    module: Module | None
    members: Mapping[Dotted, Collection[str]]
    bases: Mapping[Dotted, Collection[Dotted]]
    imports: Mapping[str, Sequence[Dotted]]
    aliases: Mapping[str, Dotted]
    stars: Sequence[Dotted]

    def above(self, name: Dotted) -> Iterator[Dotted]:
        """What the class ``name`` of this module is made from, as names from the root of all modules."""
        return (each for base in self.bases[name] for each in self.leads_to(base))

    def leads_to(self, name: Dotted) -> Iterator[Dotted]:
        """What ``name``, as it is written in this module, may be: names from the root of all modules, in its order."""
        name = self._without_alias(name)
        is_own = name[:1] in self.bases
        yield from ((*target, *name[1:]) for target in self.imports.get(name[0], ()))
        if is_own and self.module is not None:
            yield *self.module.name, *name
        if not is_own and name[0] not in self.imports:
            yield from ((*star, *name) for star in self.stars)
            yield _BUILTINS, *name

    def _without_alias(self, name: Dotted) -> Dotted:
        seen = set[str]()
        while name[0] in self.aliases and name[0] not in self.imports and name[0] not in seen:
            seen.add(name[0])
            name = (*self.aliases[name[0]], *name[1:])
        return name


@lru_cache(maxsize=8)  # one file's methods are asked about one after the other
def outline_of_own(tree: SyntaxTree) -> Outline:
    """That of a file of the workspace."""
    return outline_of(tree, None)


def outline_of(tree: SyntaxTree, module: Module | None) -> Outline:
    """That of a module; imports inside of functions count as its own."""
    members: defaultdict[Dotted, set[str]] = defaultdict(set)
    bases: defaultdict[Dotted, set[Dotted]] = defaultdict(set)
    for name, definition in _classes(tree.root):
        bases[name].update(written_bases(definition))
        members[name].update(_members(definition))
    return Outline(module, members, bases, _imports(tree, module), dict(_aliases(tree.root)), _stars(tree, module))


def _classes(scope: Node, around: Dotted = ()) -> Iterator[tuple[Dotted, Node]]:
    for statement in _statements(scope):
        if statement.type == "class_definition":
            name = *around, _name(statement)
            yield name, statement
            yield from _classes(statement, name)


def _members(definition: Node) -> Iterator[str]:
    for statement in _statements(definition):
        if statement.type == "assignment":
            yield from _assigned(statement)
        else:
            yield _name(statement)


def _assigned(assignment: Node | None) -> Iterator[str]:
    """``a`` and ``b`` of ``a = b = 1`` and of ``a, b = 1, 2``."""
    while assignment is not None and assignment.type == "assignment":
        left = assignment.child_by_field_name("left")
        for target in (left, *(left.named_children if left is not None else ())):
            if target is not None and target.type == "identifier":
                yield node_text(target)
        assignment = assignment.child_by_field_name("right")


def _aliases(root: Node) -> Iterator[tuple[str, Dotted]]:
    for statement in _statements(root):
        left, right = statement.child_by_field_name("left"), statement.child_by_field_name("right")
        if left is not None and right is not None and left.type == "identifier" and right.type in _NAMES:
            yield node_text(left), dotted(right)


def _statements(scope: Node) -> Iterator[Node]:
    """Definitions and assignments of a module or a class itself, in source order."""
    stack = [scope.child_by_field_name("body") or scope]
    while stack:
        node = stack.pop()
        if node.type in ("class_definition", "function_definition", "assignment"):
            yield node
        elif node.type in ("expression_statement", "decorated_definition"):
            stack.append(node.named_children[-1])
        elif node.type in _BLOCKS or node.type.endswith("_clause") or node == scope:
            stack.extend(reversed(node.named_children))


def _imports(tree: SyntaxTree, module: Module | None) -> Mapping[str, Sequence[Dotted]]:
    found: defaultdict[str, list[Dotted]] = defaultdict(list)
    for called, imported in modules_called(tree):
        first, *below = called.split(".")
        found[first].extend((imported.parts[:1],) if below else _from_root(imported, module))
    return found


def _stars(tree: SyntaxTree, module: Module | None) -> Sequence[Dotted]:
    return [root for statement, each in from_imports(tree) if takes_all(statement) for root in _from_root(each, module)]


def _from_root(imported: ImportedModule, module: Module | None) -> Iterator[Dotted]:
    """A relative import of the workspace leads to the workspace."""
    if not imported.level:
        yield imported.parts
    elif module is not None and imported.level <= len(module.package):
        yield *module.package[: len(module.package) - imported.level + 1], *imported.parts


def _name(definition: Node) -> str:
    return node_text(definition.child_by_field_name("name"))
