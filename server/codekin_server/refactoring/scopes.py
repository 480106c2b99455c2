"""Whether a new name would change what some name in a file means.

In: a file's syntax tree, the places that are to be renamed, and the new name. Out: the byte offset of a name that
stands in the way, or None. Comprehensions count as part of the function around them, which errs on the safe side.
Must not know of other files, of jedi or of editors.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from tree_sitter import Node

from codekin_model.source.span import Span
from codekin_model.source.tree import SyntaxTree
from codekin_server.refactoring.bindings import binds, is_bare, parameter_list

_SCOPES = frozenset({"function_definition", "lambda", "class_definition", "module"})
_COMPREHENSIONS = frozenset(
    {"list_comprehension", "set_comprehension", "dictionary_comprehension", "generator_expression"}
)


@dataclass(frozen=True, slots=True)
class _Use:
    """One bare name: the scopes it is looked up in, inner first, and the one that binds it."""

    node: Node
    chain: tuple[Node, ...]
    home: Node


def name_in_the_way(tree: SyntaxTree, places: Iterable[Span], new_name: str) -> int | None:
    """The first place where ``new_name`` would collide or be captured once ``places`` carry it."""
    renamed = _uses([node for node in nodes_at(tree.root, sorted(places)) if is_bare(node)])
    existing = _uses([node for node in identifiers(tree.root, new_name) if is_bare(node)])
    for other in existing:
        if any(_collide(use, other) for use in renamed):
            return other.node.start_byte
    return None


def bound_alike(tree: SyntaxTree, places: Collection[Span], name: str) -> list[Node]:
    """Every bare ``name`` that is looked up in the same scope as one of those at ``places``."""
    bare = [node for node in identifiers(tree.root, name) if is_bare(node) and not _of_a_comprehension(node, name)]
    uses = _uses(bare)
    homes = {use.home.id for use in uses if Span(use.node.start_byte, use.node.end_byte) in places and _is_sure(use)}
    return [use.node for use in uses if use.home.id in homes and _is_sure(use)]


def is_looked_up_alike(tree: SyntaxTree, places: Collection[Span], name: str, other: Node) -> bool:
    """Whether ``name`` would mean at ``other``, which is no identifier, what it means at one of ``places``."""
    bare = [node for node in identifiers(tree.root, name) if is_bare(node) and not _of_a_comprehension(node, name)]
    *uses, asked = _uses([*bare, other])
    return any(use.home == asked.home and Span(use.node.start_byte, use.node.end_byte) in places for use in uses)


def _is_sure(use: _Use) -> bool:
    """A name read in a class's body may still be the one outside, as in ``@cached def cached(self)``."""
    if use.home.type != "class_definition" or binds(use.node):
        return True
    above = use.node.parent.parent if use.node.parent is not None else None
    return above is not None and above.type == "decorator"  # @name.setter


def _of_a_comprehension(node: Node, name: str) -> bool:
    """Whether a comprehension around ``node`` has a variable of its own called ``name``."""
    above = node.parent
    while above is not None and above.type not in _SCOPES:
        for clause in above.named_children if above.type in _COMPREHENSIONS else ():
            left = clause.child_by_field_name("left") if clause.type == "for_in_clause" else None
            if left is not None and any(identifiers(left, name)):
                return True
        above = above.parent
    return False


def binds_in_module(node: Node) -> bool:
    """Whether ``node`` is where the module, and no function or class in it, gives the name a meaning."""
    scope = next(scopes_around(node), None) if is_bare(node) and binds(node) else None
    return scope is not None and scope.type == "module"


def read_from_module(tree: SyntaxTree, name: str) -> Iterator[Node]:
    """Every bare ``name`` that is looked up in the module, bound there or not."""
    bare = [node for node in identifiers(tree.root, name) if is_bare(node)]
    return (use.node for use in _uses(bare) if use.home.type == "module")


def identifiers(root: Node, name: str) -> Iterator[Node]:
    """Every identifier ``name`` below ``root``, in source order.

    Looked up where the text has the name: a renaming asks a dozen times, and walking a tree of 3,000 lines takes 30 ms.
    """
    wanted, text = name.encode(), root.text or b""
    at = text.find(wanted) if wanted else -1
    while at >= 0:
        start = root.start_byte + at
        # the named one: `match` and other soft keywords are identifiers around a token
        node = root.named_descendant_for_byte_range(start, start + len(wanted))
        if node is not None and node.type == "identifier" and node.text == wanted:
            yield node
        at = text.find(wanted, at + 1)


def nodes_at(root: Node, places: Iterable[Span]) -> Iterator[Node]:
    """The identifiers that stand at ``places``."""
    for place in places:
        node = root.descendant_for_byte_range(place.start, place.end)
        if node is not None and node.type == "identifier":
            yield node


def scopes_around(node: Node) -> Iterator[Node]:
    """Functions, lambdas, classes and the module that ``node`` stands inside of, inner first.

    A definition's name, defaults, annotations and base classes stand outside of it.
    """
    part, above = node, node.parent
    while above is not None:
        if above.type in _SCOPES and _is_inside(above, part, node):
            yield above
        part, above = above, above.parent


def _is_inside(scope: Node, part: Node, node: Node) -> bool:
    if scope.type == "module" or part == scope.child_by_field_name("body"):
        return True
    return part == parameter_list(node)


def _collide(renamed: _Use, other: _Use) -> bool:
    """Both bound in one scope, or one of them bound between the other and the scope that binds that other."""
    if renamed.home == other.home:
        return True
    return other.home in _inside(renamed) or renamed.home in _inside(other)


def _inside(use: _Use) -> Sequence[Node]:
    return use.chain[: use.chain.index(use.home)]


def _uses(nodes: Sequence[Node]) -> list[_Use]:
    chains = [(node, tuple(_lookup_chain(node))) for node in nodes]
    declared = {(chain[0].id, _statement(node)) for node, chain in chains}
    binding = {chain[0].id for node, chain in chains if binds(node)}
    return [_Use(node, chain, _home(chain, binding, declared)) for node, chain in chains]


def _home(chain: Sequence[Node], binding: Collection[int], declared: Collection[tuple[int, str]]) -> Node:
    """The scope that binds a name looked up along ``chain``; the module where none does."""
    inner = chain[0].id
    if (inner, "global_statement") in declared:
        return chain[-1]
    candidates = chain[1:] if (inner, "nonlocal_statement") in declared else chain
    return next((scope for scope in candidates if scope.id in binding), chain[-1])


def _statement(node: Node) -> str:
    return node.parent.type if node.parent is not None else ""


def _lookup_chain(node: Node) -> Iterator[Node]:
    """The scopes Python looks ``node`` up in: a class body counts only for names directly in it."""
    for depth, scope in enumerate(scopes_around(node)):
        if depth == 0 or scope.type != "class_definition":
            yield scope
