"""Which classes are made from which: what a class is written to be made from, and every class below another.

In: the sources and a class. Out: classes with their files. A base is followed by jedi where the same name may be that
of several things; what jedi cannot follow counts by its name. Must not know of members or of editors.
"""

from collections.abc import Iterator
from pathlib import Path

from tree_sitter import Node

from codekin_model.source.tree import SyntaxTree, node_text
from codekin_server.refactoring.bindings import binds, is_bare, parameter_list, parts_of
from codekin_server.refactoring.known import Known, known_of
from codekin_server.refactoring.outside import starts_outside
from codekin_server.refactoring.scopes import identifiers, scopes_around
from codekin_server.refactoring.sources import Sources

Class = tuple[Path, Node]

_BLOCKS = frozenset({"module", "block", "ERROR", "class_definition", "function_definition", "decorated_definition"}) | {
    f"{kind}_statement" for kind in ("if", "try", "with", "for", "while", "match")
}
_WRAPPERS = frozenset({"parenthesized_expression", "conditional_expression", "tuple", "list", "boolean_operator"})


def subclasses(sources: Sources, path: Path, owner: Node) -> Iterator[Class]:
    """Every class of the workspace below ``owner``, over any number of steps."""
    known = known_of(sources)
    seen, waiting = {(path, owner.start_byte)}, [(path, owner)]
    while waiting:
        above, node = waiting.pop()
        key = above, node.start_byte
        if key not in known.below:
            known.below[key] = tuple(_directly_below(known, above, node))
        for where, each in known.below[key]:
            if (where, each.start_byte) not in seen:
                seen.add((where, each.start_byte))
                waiting.append((where, each))
                yield where, each


def base_names(owner: Node) -> list[Node]:
    """The last identifier of each base: ``c`` of ``a.b.c``, ``List`` of ``List[int]``, ``A`` of ``with_meta(M, A)``."""
    bases = owner.child_by_field_name("superclasses")
    return [name for base in (bases.named_children if bases is not None else ()) for name in _names_in(base)]


def bases_that_cannot_be_told(sources: Sources, path: Path, owner: Node) -> list[Node]:
    """Bases that only running the code would tell: parameters, starred ones, and results of the workspace's own calls.

    A call with a class among its arguments counts as told: it makes a class of that one.
    """
    bases = owner.child_by_field_name("superclasses")
    written = bases.named_children if bases is not None else []
    outside = known_of(sources).outside(path) if written else frozenset[str]()
    return [base for base in written if _cannot_be_told(base, outside)]


def classes_in(root: Node) -> Iterator[Node]:
    """Every class below ``root``, in source order."""
    stack = [root]
    while stack:
        node = stack.pop()
        if node.type == "class_definition":
            yield node
        if node.type in _BLOCKS or node.type.endswith("_clause"):  # no class stands in an expression
            stack.extend(reversed(node.named_children))


def name_of(node: Node) -> str:
    """That of a definition."""
    return node_text(node.child_by_field_name("name"))


def _cannot_be_told(base: Node, outside: frozenset[str]) -> bool:
    if base.type == "list_splat":
        return True
    if base.type == "identifier":
        return _is_given(base)
    if base.type != "call" or any(_names_in(base)):
        return False
    called = base.child_by_field_name("function")
    # a name that the file does not bind at all is Python's own: `type`, for one
    return not starts_outside(called, outside) and called is not None and called.type != "call" and _is_made(called)


def _is_made(called: Node) -> bool:
    if called.type != "identifier":
        return True
    root = called
    while root.parent is not None:
        root = root.parent
    return any(is_bare(node) and binds(node) for node in identifiers(root, node_text(called)))


def _is_given(name: Node) -> bool:
    """Whether ``name`` is a parameter of a function around it."""
    around = [scope for scope in scopes_around(name) if scope.type == "function_definition"]
    for function in around:
        parameters = function.child_by_field_name("parameters")
        if parameters is not None and any(
            parameter_list(node) == parameters for node in identifiers(parameters, node_text(name))
        ):
            return True
    return False


def _names_in(base: Node) -> Iterator[Node]:
    if base.type == "subscript":
        base = base.child_by_field_name("value") or base
    if base.type == "identifier":
        yield base
    elif base.type == "attribute":
        yield from filter(None, [base.child_by_field_name("attribute")])
    elif base.type == "call":
        yield from (name for each in _class_arguments(base) for name in _names_in(each))
    elif base.type in _WRAPPERS:
        yield from (name for each in base.named_children for name in _names_in(each))


def _class_arguments(call: Node) -> list[Node]:
    """What a call that makes a base is given; a metaclass, which comes first, is none of the bases."""
    arguments = call.child_by_field_name("arguments")
    given = parts_of(arguments) if arguments is not None else []
    called = node_text(call.child_by_field_name("function"))
    return given[1:] if called.endswith("metaclass") else given


def _directly_below(known: Known, path: Path, owner: Node) -> Iterator[Class]:
    waiting, seen = [name_of(owner)], {name_of(owner)}
    while waiting:
        name = waiting.pop()
        for where in sorted(known.sources.files):
            tree = known.sources.tree(where) if known.mentions(where, name) else None
            if tree is None:
                continue
            called = _aliases(tree, name)
            waiting.extend(called - seen)
            seen |= called
            if where not in known.made_from:
                known.made_from[where] = tuple((node, base_names(node)) for node in classes_in(tree.root))
            for node, written in known.made_from[where]:
                bases = [base for base in written if node_text(base) in called]
                if any(_leads_to(known, where, base, (path, owner), name) for base in bases):
                    yield where, node


def _leads_to(known: Known, path: Path, base: Node, above: Class, name: str) -> bool:
    """Whether ``base`` is the class ``above``, which was looked for by ``name``."""
    holder = base.parent if base.parent is not None and base.parent.type == "attribute" else base
    if starts_outside(holder, known.outside(path)):
        return False
    home, own = above[0], name_of(above[1])
    tree = known.sources.tree(path)
    if path == home and holder == base and tree is not None and _is_bound_once(tree, base):
        return node_text(base) == own
    found = known.class_at(path, base.start_byte)
    if found is None:  # by its name, then; another file's alias for it says too little
        return name == own
    return found.path == home and found.name == own


def _is_bound_once(tree: SyntaxTree, base: Node) -> bool:
    binding = [node for node in identifiers(tree.root, node_text(base)) if is_bare(node) and binds(node)]
    above = binding[0].parent if len(binding) == 1 else None
    return above is not None and above.type == "class_definition"


def _aliases(tree: SyntaxTree, name: str) -> set[str]:
    """``name`` and what else the file calls it, by import or by assignment."""
    called, waiting = {name}, [name]
    while waiting:
        for node in identifiers(tree.root, waiting.pop()):
            alias = _alias_of(node)
            if alias and alias not in called:
                called.add(alias)
                waiting.append(alias)
    return called


def _alias_of(node: Node) -> str:
    above, part = node.parent, node
    while above is not None and above.type in ("dotted_name", "attribute", *_WRAPPERS):
        above, part = above.parent, above
    if above is None:
        return ""
    if above.type == "aliased_import":
        return node_text(above.child_by_field_name("alias")) if above.child_by_field_name("name") == part else ""
    left = above.child_by_field_name("left") if above.type == "assignment" else None
    is_value = left is not None and left.type == "identifier" and above.child_by_field_name("right") == part
    return node_text(left) if is_value and part.end_byte == node.end_byte else ""
