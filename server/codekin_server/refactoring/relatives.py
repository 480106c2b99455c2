"""Members of classes that may belong together with no class naming the other: made at run time, or told by a Protocol.

In: a class with its family, and a member's name. Out: reasons, for the user. Must not know of editors.
"""

from collections.abc import Iterator
from pathlib import Path

from tree_sitter import Node

from codekin_server.refactoring.inheritance import Family
from codekin_server.refactoring.known import known_of
from codekin_server.refactoring.subclasses import base_names, bases_that_cannot_be_told, name_of

_PROTOCOL = b"Protocol"
_TYPING = ("typing", "typing_extensions")
_TWO = "the two would no longer fit together"


def relatives(family: Family, name: str) -> Iterator[str]:
    """Every reason why ``name`` of the family's class may not be renamed alone."""
    yield from _made_at_run_time(family, name)
    yield from _of_protocols(family, name)


def _made_at_run_time(family: Family, name: str) -> Iterator[str]:
    """``class Sub(base)`` in a function with the parameter ``base``, which may be given this class."""
    own = _untold(family, family.path, family.owner)
    for path, node in family.namesakes(name):
        base = own or _untold(family, path, node)
        if base is not None:
            told = f"what '{(base.text or b'').decode('utf-8', 'replace')}' is, a base, cannot be told"
            yield f"'{_shown(family, path, node, name)}' may belong to a class above or below this one: {told}"
            return


def _untold(family: Family, path: Path, owner: Node) -> Node | None:
    return next(iter(bases_that_cannot_be_told(family.sources, path, owner)), None)


def _of_protocols(family: Family, name: str) -> Iterator[str]:
    """A Protocol describes any class with the same members, whether that class says so or not."""
    if _is_protocol(family, family.path, family.owner):
        members = _members_of(family.owner)
        for path, node in family.namesakes(name):
            if Family.of(family.sources, path, node, family.renamed).fits(members):
                yield f"'{_shown(family, path, node, name)}' is what this Protocol may describe: {_TWO}"
        return
    for path, node in family.namesakes(name):
        if _is_protocol(family, path, node) and family.fits(_members_of(node)):
            yield f"'{_shown(family, path, node, name)}' is of a Protocol that may describe this class: {_TWO}"


def _is_protocol(family: Family, path: Path, owner: Node) -> bool:
    """Whether a class is one of typing's; other packages have a ``Protocol`` of their own."""
    known = known_of(family.sources)
    named = (known.class_at(path, base.start_byte) for base in base_names(owner) if base.text == _PROTOCOL)
    return any(each is not None and each.path is not None and each.path.stem in _TYPING for each in named)


def _members_of(protocol: Node) -> list[str]:
    """Methods and annotated names that stand in its body."""
    body = protocol.child_by_field_name("body")
    found: list[str] = []
    for each in body.named_children if body is not None else ():
        inner = each.child_by_field_name("definition") if each.type == "decorated_definition" else each
        if inner is not None and inner.type == "expression_statement":
            inner = inner.named_children[0]
        node = inner.child_by_field_name("name") or inner.child_by_field_name("left") if inner is not None else None
        if node is not None and node.type == "identifier":
            found.append((node.text or b"").decode("utf-8", "replace"))
    return found


def _shown(family: Family, path: Path, node: Node, name: str) -> str:
    return f"{name_of(node)}.{name} ({family.sources.shown(path)})"
