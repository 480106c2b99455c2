"""Keyword arguments that jedi leaves out: of functions, of classes that make their constructors, and of copies.

In: a search. Out: more places; or an error that names the first argument of which it cannot be told what it means. Must
not know of new names or of editors.
"""

from collections.abc import Iterator
from pathlib import Path

from tree_sitter import Node

from codekin_server.refactoring.bindings import parameter_list, parts_of
from codekin_server.refactoring.inheritance import Family
from codekin_server.refactoring.jedi_lookup import definition_of, owners
from codekin_server.refactoring.judging import judge
from codekin_server.refactoring.keywords import (
    call_with,
    callee,
    copies_with_changes,
    names_to_call,
    passes_on,
    takes_any,
)
from codekin_server.refactoring.members import bindings_of, class_around, makes_constructor
from codekin_server.refactoring.overloads import other_half, overloads_of
from codekin_server.refactoring.scopes import identifiers, scopes_around
from codekin_server.refactoring.searching import Place, Search, classes_found, doubt, span_of
from codekin_server.refactoring.subclasses import base_names, name_of, subclasses

_STARRED = frozenset({"list_splat_pattern", "dictionary_splat_pattern"})
_CONSTRUCTORS = ("__init__", "__new__")
_OWN_CLASS = (b"self.__class__", b"type(self)")


def ask_about_arguments(search: Search) -> None:
    """Those of a parameter, or of a class's field."""
    functions = [
        (path, function) for path in search.found if path in search.trees for function in _with_parameter(search, path)
    ]
    for path, function in functions:
        _check_stands_alone(search, path, function)
        _check_is_not_collected(search, path, function)
        for each in (*overloads_of(function), *other_half(function)):
            search.add(path, _parameters(each, search.name))
        search.add(path, _for_its_own_class(search, path, function))
    called = {called for _, function in functions for called in names_to_call(function)}
    meant: set[Place] = {
        (path, each.start_point[0] + 1)
        for path, function in functions
        for each in (function, *scopes_around(function))
        if each == function or each.type == "class_definition"
    }
    meant |= {place for path, function in functions for place in _taking_over(search, path, function)}
    for path in search.trees if functions else ():
        arguments = [node for node in search.left(path) if callee(node) is not None]
        judge(search, path, arguments, callee, meant, lambda callee: callee.text in called)
        _check_not_passed_on(search, path, called)
    _ask_about_fields(search)


def _with_parameter(search: Search, path: Path) -> Iterator[Node]:
    """Functions that can be given the name by keyword."""
    for node in search.nodes(path):
        parameters = parameter_list(node)
        function = parameters.parent if parameters is not None else None
        if function is not None and function.type == "function_definition" and not _is_starred(node):
            yield function


def _is_starred(parameter: Node) -> bool:
    return parameter.parent is not None and parameter.parent.type in _STARRED


def _parameters(function: Node, name: str) -> Iterator[Node]:
    """Its own parameter of that name."""
    given = function.child_by_field_name("parameters")
    nodes = identifiers(given, name) if given is not None else ()
    return (node for node in nodes if parameter_list(node) == given and not _is_starred(node))


def _check_stands_alone(search: Search, path: Path, function: Node) -> None:
    """A method of the same name above or below would be called with the keyword of this one."""
    name = function.child_by_field_name("name")
    owner = next(scopes_around(function), None)
    if name is None or owner is None or owner.type != "class_definition":
        return
    text = (name.text or b"").decode()
    if text.startswith("__") or _is_receiver(search, path, function):
        return
    for relative in Family.of(search.sources, path, owner, {}).members((text,)):
        raise doubt(search, path, name, f"is a parameter of a method that {relative} has too: they may be called alike")


def _check_is_not_collected(search: Search, path: Path, function: Node) -> None:
    """An overload's parameter may be what the function itself takes by ``**``, under that name."""
    for each in overloads_of(function):
        if not any(_parameters(each, search.name)) and takes_any(each):
            for node in _parameters(function, search.name):
                raise doubt(search, path, node, "is taken by the ** of the function that is overloaded")


def _for_its_own_class(search: Search, path: Path, function: Node) -> Iterator[Node]:
    """``self.__class__(name=1)`` in the class whose constructor this is."""
    owner = class_around(function)
    for node in search.left(path) if name_of(function) in _CONSTRUCTORS and owner is not None else ():
        call = call_with(node)
        called = call.child_by_field_name("function") if call is not None else None
        if called is not None and called.text in _OWN_CLASS and class_around(node) == owner:
            yield node


def _taking_over(search: Search, path: Path, function: Node) -> Iterator[Place]:
    """Classes below that are made by this constructor: none of their own, and no other base's, stands before it."""
    name, owner = name_of(function), next(scopes_around(function), None)
    if name not in _CONSTRUCTORS or owner is None or owner.type != "class_definition":
        return
    below = list(subclasses(search.sources, path, owner))
    others = [(where, each) for where, each in below if len(base_names(each)) > 1 or any(bindings_of(each, name))]
    left_out = {*others, *(each for where, other in others for each in subclasses(search.sources, where, other))}
    yield from ((where, each.start_point[0] + 1) for where, each in below if (where, each) not in left_out)


def _is_receiver(search: Search, path: Path, function: Node) -> bool:
    """Whether the name is that of ``self``, which nobody gives by keyword."""
    above = function.parent
    if above is not None and above.type == "decorated_definition" and b"@staticmethod" in (above.text or b""):
        return False
    parameters = function.child_by_field_name("parameters")
    first = parts_of(parameters)[:1] if parameters is not None else []
    return any(span_of(each) in search.found[path] for each in first)


def _check_not_passed_on(search: Search, path: Path, called: set[bytes]) -> None:
    for node in search.left(path):
        call = call_with(node)
        if call is not None and passes_on(call, called):
            raise doubt(search, path, node, "may be for the function that stands beside it")


def _ask_about_fields(search: Search) -> None:
    """``P(name=1)`` of a class that makes its constructor from its fields, and copies with other fields."""
    fields = {place: owner for place, owner in classes_found(search).items() if makes_constructor(owner) is not False}
    for path in search.trees if fields else ():
        _judge_constructors(search, path, fields)
        for node in search.left(path):
            call = call_with(node)
            if call is not None and copies_with_changes(call, search.trees[path].root):
                _judge_copy(search, path, node, call, set(fields))


def _judge_constructors(search: Search, path: Path, fields: dict[Place, Node]) -> None:
    sure: set[Place] = {place for place, owner in fields.items() if makes_constructor(owner)}
    named = {_name(owner) for owner in fields.values()}
    arguments = [node for node in search.left(path) if callee(node) is not None]
    judge(search, path, arguments, callee, sure, lambda callee: callee.text in named)
    for node in search.left(path):
        called = callee(node)
        relative = _field_of(search, path, called, fields) if called is not None else None
        if relative is not None:
            raise doubt(search, path, node, f"may be that of {relative}, if its constructor is made of its fields")


def _field_of(search: Search, path: Path, called: Node, fields: dict[Place, Node]) -> str | None:
    """Which of the classes ``called`` is, or is below of."""
    found = definition_of(search.sources, path, search.trees[path].text, called.start_byte)
    tree = search.sources.tree(found.path) if found is not None and found.path is not None else None
    if found is None or found.path is None or tree is None:
        return None
    named = {_name(owner).decode() for owner in fields.values()}
    for name in identifiers(tree.root, found.name):
        owner = name.parent
        if owner is None or owner.type != "class_definition" or owner.child_by_field_name("name") != name:
            continue
        if (found.path, owner.start_point[0] + 1) in fields:
            return found.name
        relatives = Family.of(search.sources, found.path, owner, {}).members((search.name,))
        return next((each for each in relatives if each.partition(".")[0] in named), None)
    return None


def _judge_copy(search: Search, path: Path, node: Node, call: Node, meant: set[Place]) -> None:
    function = call.child_by_field_name("function")
    if function is not None and (function.text or b"").endswith(b"._replace"):
        attribute = function.child_by_field_name("attribute") or function
        text = search.trees[path].text
        answer = owners(search.sources, path, text, [attribute.start_byte], search.roots())[0]
        if answer & meant:
            search.add(path, [node])
        if answer:
            return
    raise doubt(search, path, node, "may be the same, but it is not known what is copied")


def _name(owner: Node) -> bytes:
    name = owner.child_by_field_name("name")
    return (name.text if name is not None else None) or b""
