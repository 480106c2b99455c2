"""Names that are looked up by a string in what Python keeps them in: ``globals()["name"]``, ``vars(x)["name"]``.

In: a string's content. Out: whose names it is looked up among. Must not know of other files, of jedi or of new names.
"""

from dataclasses import dataclass
from enum import Enum

from tree_sitter import Node

from codekin_server.refactoring.bindings import parts_of
from codekin_server.refactoring.scopes import scopes_around

_ASKING = (b"get", b"pop", b"setdefault", b"__getitem__", b"__setitem__", b"__contains__")
_THIS_MODULE = b"sys.modules[__name__]"


class Kind(Enum):
    """Whose names they are."""

    MODULE = "those of the module that the string stands in"
    LOCAL = "those of the function around it"
    OBJECT = "those of some object"


@dataclass(frozen=True, slots=True)
class Namespace:
    """Where a string is looked up; ``owner`` is the object, where it is one."""

    kind: Kind
    owner: Node | None = None


def namespace_with(content: Node) -> Namespace | None:
    """What the string is looked up in, as a whole."""
    string = content.parent
    place = looked_into(string) if string is not None else None
    if place is None:
        return None
    if place.type == "attribute":
        attribute, owner = place.child_by_field_name("attribute"), place.child_by_field_name("object")
        return _of_object(owner) if attribute is not None and attribute.text == b"__dict__" else None
    function = place.child_by_field_name("function") if place.type == "call" else None
    arguments = place.child_by_field_name("arguments") if function is not None else None
    if function is None or arguments is None:
        return None
    given = parts_of(arguments)
    if function.text == b"vars" and given:
        return _of_object(given[0])
    if function.text in (b"locals", b"vars"):
        return _around(content)
    return Namespace(Kind.MODULE) if function.text == b"globals" else None


def looked_into(string: Node) -> Node | None:
    """What a string is a key of: ``place`` of ``place["name"]``, ``place.get("name")`` and ``"name" in place``."""
    above = string.parent
    if above is None or above.type == "subscript":
        return above.child_by_field_name("value") if above is not None else None
    if above.type == "comparison_operator":
        left, *_, right = parts_of(above)
        asks = any(child.type in ("in", "not in") for child in above.children)
        return right if left == string and asks else None
    call = above.parent if above.type == "argument_list" and parts_of(above)[0] == string else None
    method = call.child_by_field_name("function") if call is not None else None
    name = method.child_by_field_name("attribute") if method is not None else None
    asks = method is not None and name is not None and name.text in _ASKING
    return method.child_by_field_name("object") if method is not None and asks else None


def _of_object(owner: Node | None) -> Namespace:
    is_this = owner is not None and owner.text == _THIS_MODULE
    return Namespace(Kind.MODULE) if is_this else Namespace(Kind.OBJECT, owner)


def _around(content: Node) -> Namespace:
    scope = next(scopes_around(content), None)
    if scope is None or scope.type == "module":
        return Namespace(Kind.MODULE)
    return Namespace(Kind.OBJECT) if scope.type == "class_definition" else Namespace(Kind.LOCAL)
