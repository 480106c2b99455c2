"""pytest's fixtures, which are found by the names of parameters and by names in strings.

In: a search. Out: more places; or an error that names the first place of which it cannot be told which fixture it
means. A fixture is seen in its class, in its module and where that is imported from; one of a ``conftest.py`` is seen
in the folders below, too. Must not know of jedi, of new names or of editors.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tree_sitter import Node

from codekin_model.source.span import Span
from codekin_server.refactoring.bindings import parameter_list
from codekin_server.refactoring.imports import stands_in_import
from codekin_server.refactoring.scopes import binds_in_module, identifiers, scopes_around
from codekin_server.refactoring.searching import Search, doubt, span_of
from codekin_server.refactoring.strings import argument_with, name_in_strings

_ASKING = (b"usefixtures", b"getfixturevalue")
_GIVING = (None, b"argnames", b"indirect")
_TEST_MODULE = re.compile(r"test_.*\.py|.*_test\.py|conftest\.py")


@dataclass(frozen=True, slots=True)
class _Fixture:
    """Its name where it is defined or imported, and the class it is defined in."""

    path: Path
    node: Node
    owner: Node | None

    def is_seen(self, path: Path, node: Node) -> bool:
        """Whether what ``node`` stands in may ask for this one; a fixture asks for the one that it stands before."""
        if self.node.parent in (_function(node), node.parent):
            return False
        if self.owner is not None:
            return path == self.path and any(scope == self.owner for scope in scopes_around(node))
        return path == self.path or (self.path.name == "conftest.py" and path.is_relative_to(self.path.parent))

    def is_found(self, search: Search) -> bool:
        return span_of(self.node) in search.found.get(self.path, ())


def ask_about_fixtures(search: Search) -> None:
    """Fixtures with everything that asks for them, and the arguments of tests that have them given."""
    defined = [each for path in search.trees for each in _defined(search, path)]
    fixtures = [*defined, *(each for path in search.trees if defined for each in _imported(search, path))]
    _check_none_stands_before(search, defined)
    for path in search.trees:
        for node, span in _uses(search, path):
            _decide(search, path, node, span, fixtures)
        _add_given(search, path)


def _decide(search: Search, path: Path, node: Node, span: Span, fixtures: list[_Fixture]) -> None:
    seen = [each for each in fixtures if each.is_seen(path, node)]
    is_asked = span in search.found.get(path, ())
    if not seen:
        is_renamed = is_asked or any(each.is_found(search) for each in fixtures)
        if is_renamed and not _is_given(node, search.name) and (fixtures or _TEST_MODULE.fullmatch(path.name)):
            raise doubt(search, path, node, "may be a fixture, but it cannot be told which")
    elif is_asked or any(each.is_found(search) for each in seen):
        if len(seen) > 1:
            raise doubt(search, path, node, "may be any of several fixtures, one in place of another")
        if stands_in_import(seen[0].node) and not seen[0].is_found(search):
            raise doubt(search, path, node, "is a fixture from elsewhere: rename it where it is defined")
        search.add(seen[0].path, [seen[0].node])
        search.found.setdefault(path, set()).add(span)


def _check_none_stands_before(search: Search, defined: list[_Fixture]) -> None:
    """What asks for a fixture gets one of the same name that is nearer, which a renaming would part from it."""
    for renamed in [each for each in defined if each.is_found(search)]:
        for other in defined:
            if other.is_found(search):
                continue
            if renamed.is_seen(other.path, other.node) or other.is_seen(renamed.path, renamed.node):
                raise doubt(search, other.path, other.node, "may be any of several fixtures, one in place of another")


def _defined(search: Search, path: Path) -> Iterator[_Fixture]:
    for node in identifiers(search.trees[path].root, search.name):
        function = node.parent
        if function is not None and function.child_by_field_name("name") == node and fixture_mark(function):
            if _goes_by_another_name(function):
                raise doubt(search, path, node, "is a fixture that goes by another name")
            owner = next(scopes_around(function), None)
            yield _Fixture(path, node, owner if owner is not None and owner.type == "class_definition" else None)


def _imported(search: Search, path: Path) -> Iterator[_Fixture]:
    for node in identifiers(search.trees[path].root, search.name):
        if stands_in_import(node) and binds_in_module(node):
            yield _Fixture(path, node, None)


def _uses(search: Search, path: Path) -> Iterator[tuple[Node, Span]]:
    """Parameters and strings that ask for a fixture of the name."""
    root = search.trees[path].root
    for node in identifiers(root, search.name):
        function = _function(node) if _is_plain_parameter(node) else None
        if function is not None and _asks(function):
            yield node, span_of(node)
    for node, span in name_in_strings(root, search.name):
        argument = argument_with(node)
        if argument is not None and argument.called in _ASKING and span == span_of(node):
            yield node, span


def _add_given(search: Search, path: Path) -> None:
    """The names in ``parametrize("name, other", ...)`` over a test whose parameter is renamed."""
    spans = search.found.get(path, set())
    for node, span in _given(search.trees[path].root, search.name):
        definition = _decorated(node)
        if definition is None or definition.type != "function_definition":
            if any(_is_plain_parameter(each) for each in search.nodes(path)):
                raise doubt(search, path, node, "is given to several tests at once")
        elif any(_is_plain_parameter(each) and _function(each) == definition for each in search.nodes(path)):
            spans.add(span)


def _given(root: Node, name: str) -> Iterator[tuple[Node, Span]]:
    for node, span in name_in_strings(root, name):
        argument = argument_with(node)
        if argument is None or argument.called != b"parametrize" or argument.keyword not in _GIVING:
            continue
        if argument.keyword is not None or argument.index == 0:
            yield node, span


def _is_given(node: Node, name: str) -> bool:
    """Whether a test has the parameter from its decorators; those of mocks give theirs by position."""
    function = _function(node)
    above = function.parent if function is not None else None
    if above is None or above.type != "decorated_definition":
        return False
    marks = [each for each in above.named_children if each.type == "decorator" and b"mark." not in (each.text or b"")]
    given = any(_decorated(each) == function for each, _ in _given(above, name))
    return given or (function is not None and bool(marks) and not fixture_mark(function))


def _decorated(node: Node) -> Node | None:
    """What the decorator that ``node`` stands in is of."""
    above = node.parent
    while above is not None and above.type != "decorator":
        above = above.parent
    holder = above.parent if above is not None else None
    return holder.child_by_field_name("definition") if holder is not None else None


def _function(node: Node) -> Node | None:
    """The function that ``node`` is the name of a parameter of."""
    parameters = parameter_list(node)
    return parameters.parent if parameters is not None else None


def _is_plain_parameter(node: Node) -> bool:
    """One that has no value of its own."""
    above = node.parent
    return parameter_list(node) is not None and above is not None and above.type in ("parameters", "typed_parameter")


def _asks(function: Node) -> bool:
    name = function.child_by_field_name("name")
    return bool(name is not None and (name.text or b"").startswith(b"test")) or bool(fixture_mark(function))


def fixture_mark(function: Node) -> Node | None:
    """The decorator that makes a fixture of a function."""
    above = function.parent
    for decorator in above.named_children if above is not None and above.type == "decorated_definition" else ():
        if decorator.type == "decorator" and re.match(rb"@\s*([\w.]+\.)?fixture\b", decorator.text or b""):
            return decorator
    return None


def _goes_by_another_name(function: Node) -> bool:
    mark = fixture_mark(function)
    return mark is not None and re.search(rb"\bname\s*=", mark.text or b"") is not None
