"""What one call goes to at once: all definitions of a function with ``@overload``, both halves of a constructor.

In: one of them. Out: the others. Must not know of other files, of jedi or of new names.
"""

from collections.abc import Iterator

from tree_sitter import Node

from codekin_server.refactoring.scopes import scopes_around

_MARK = b"overload"
_HALVES = {b"__init__": b"__new__", b"__new__": b"__init__"}


def overloads_of(function: Node) -> Iterator[Node]:
    """The other definitions of the same function; none where nothing is overloaded."""
    alike = [each for each in _beside(function) if _name(each) == _name(function)]
    if any(map(_is_overload, alike)):
        yield from (each for each in alike if each != function)


def other_half(function: Node) -> Iterator[Node]:
    """``__new__`` of the class that has ``function`` as its ``__init__``, and the other way round."""
    wanted, owner = _HALVES.get(_name(function) or b""), next(scopes_around(function), None)
    if wanted is not None and owner is not None and owner.type == "class_definition":
        yield from (each for each in _beside(function) if _name(each) == wanted)


def _beside(function: Node) -> Iterator[Node]:
    """The functions of the same block."""
    block = _whole(function).parent
    for statement in block.named_children if block is not None else ():
        definition = statement.child_by_field_name("definition") or statement
        if definition.type == "function_definition":
            yield definition


def _is_overload(function: Node) -> bool:
    decorators = (each for each in _whole(function).named_children if each.type == "decorator")
    return any((each.text or b"").lstrip(b"@").split(b"#")[0].strip().split(b".")[-1] == _MARK for each in decorators)


def _whole(function: Node) -> Node:
    above = function.parent
    return above if above is not None and above.type == "decorated_definition" else function


def _name(function: Node) -> bytes | None:
    name = function.child_by_field_name("name")
    return name.text if name is not None else None
