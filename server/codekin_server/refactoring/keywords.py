"""Keyword arguments by the names of what is called, as a tree alone shows them.

In: nodes. Out: nodes and names. Must not know of files, of jedi or of new names.
"""

from collections.abc import Collection, Iterator

from tree_sitter import Node

from codekin_server.refactoring.bindings import parts_of
from codekin_server.refactoring.scopes import identifiers, scopes_around

_UNNAMED = (b"_replace", b"replace", b"evolve")
"""What makes a changed copy of an object: its keywords are the fields of that object's class."""
_THEIRS = (b"dataclasses", b"copy", b"attr", b"attrs")


def names_to_call(function: Node) -> Iterator[bytes]:
    """Last parts of what may stand before the brackets of a call of ``function``."""
    name = function.child_by_field_name("name")
    text = (name.text if name is not None else None) or b""
    owner = next(scopes_around(function), None)
    class_name = owner.child_by_field_name("name") if owner is not None else None
    if text in (b"__init__", b"__new__") and class_name is not None:
        yield from (class_name.text or b"", b"cls")
    yield text


def takes_any(function: Node) -> bool:
    """Whether the function has a ``**`` that takes keywords of any name."""
    parameters = function.child_by_field_name("parameters")
    return any(map(_is_double_star, parameters.named_children if parameters is not None else ()))


def callee(node: Node) -> Node | None:
    """The last part of what is called, where ``node`` is the name of one of its keyword arguments."""
    call = call_with(node)
    called = call.child_by_field_name("function") if call is not None else None
    return last_part(called) if called is not None else None


def call_with(node: Node) -> Node | None:
    """The call that ``node`` is the name of a keyword argument of."""
    argument = node.parent
    if argument is None or argument.type != "keyword_argument" or argument.child_by_field_name("name") != node:
        return None
    call = argument.parent.parent if argument.parent is not None else None
    return call if call is not None and call.type == "call" else None


def last_part(expression: Node) -> Node | None:
    """``c`` of ``a.b.c``; None of what is neither a name nor an attribute."""
    last = expression.child_by_field_name("attribute") if expression.type == "attribute" else expression
    return last if last is not None and last.type == "identifier" else None


def passes_on(call: Node, called: set[bytes]) -> bool:
    """Whether one of the call's own arguments is a function of those names, as in ``partial(f, x=1)``."""
    arguments = call.child_by_field_name("arguments")
    for argument in arguments.named_children if arguments is not None else ():
        value = argument.child_by_field_name("value") if argument.type == "keyword_argument" else argument
        last = last_part(value) if value is not None else None
        if last is not None and last.text in called:
            return True
    return False


def copies_with_changes(call: Node, root: Node) -> bool:
    """``replace(x, name=1)``, ``dataclasses.replace(x, name=1)`` or ``x._replace(name=1)``; ``root`` is the file."""
    function = call.child_by_field_name("function")
    last = last_part(function) if function is not None else None
    if function is None or last is None:
        return False
    receiver = function.child_by_field_name("object")
    if receiver is None:
        return _is_any(last, root, _UNNAMED)
    return last.text == b"_replace" or (last.text in _UNNAMED and _is_any(receiver, root, _THEIRS))


def _is_double_star(parameter: Node) -> bool:
    inner = parts_of(parameter)[0] if parameter.type == "typed_parameter" else parameter
    return inner.type == "dictionary_splat_pattern"


def _is_any(name: Node, root: Node, names: Collection[bytes]) -> bool:
    """Whether it is one of ``names``, or an alias that the file gives to one of them."""
    return name.text in names or any(
        alias.parent is not None
        and alias.parent.type == "aliased_import"
        and alias.parent.child_by_field_name("alias") == alias
        and (original := alias.parent.child_by_field_name("name")) is not None
        and original.text in names
        for alias in identifiers(root, (name.text or b"").decode("utf-8", "replace"))
    )
