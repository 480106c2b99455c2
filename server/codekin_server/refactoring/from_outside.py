"""Whether a class gets an attribute from code outside of it, by ``x.name = 1``.

In: the sources, classes and a name. Out: the first reason against the name, for the user. Must not know of editors.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from tree_sitter import Node

from codekin_model.source.tree import SyntaxTree
from codekin_server.refactoring.attributes import PLACES_LIMIT
from codekin_server.refactoring.jedi_lookup import Place, receivers
from codekin_server.refactoring.known import known_of
from codekin_server.refactoring.members import defines_attribute, is_own
from codekin_server.refactoring.outside import starts_outside
from codekin_server.refactoring.scopes import identifiers
from codekin_server.refactoring.sources import Sources


def set_from_outside(sources: Sources, family: AbstractSet[Place], name: str) -> Iterator[str]:
    """Where ``name`` is given to an object of one of the classes of ``family``, or to one of which nobody knows."""
    known = known_of(sources)
    trees = {path: tree for path in sources.files_with(name) if (tree := sources.tree(path)) is not None}
    places = [(path, node) for path, tree in trees.items() for node in _assigned(tree, name, known.outside(path))]
    if len(places) > PLACES_LIMIT:
        yield f"'{name}' is given to objects at {len(places)} places, too many to tell which of them are of this class"
        return
    for path, node in places:
        answer = receivers(sources, path, trees[path].text, [node.start_byte], known.roots)[0]
        at = f"{sources.shown(path)}:{node.start_point[0] + 1}"
        if not answer:
            yield f"'{name}' is set at {at}, and it is not known of which class: it may be an attribute of this one"
            return
        if any(each.classes & family for each in answer):
            yield f"'{name}' is already an attribute of the class, at {at}"
            return


def _assigned(tree: SyntaxTree, name: str, outside: frozenset[str]) -> Iterator[Node]:
    """``x.name`` where it is assigned to; what a class gives itself is looked at elsewhere."""
    nodes = [node for node in identifiers(tree.root, name) if defines_attribute(node) and not is_own(node)]
    for node in nodes:
        if node.parent is not None and not starts_outside(node.parent.child_by_field_name("object"), outside):
            yield node
