"""Why a new name cannot be taken: something has it already, or the text with it would mean another thing or nothing.

In: the sources, the places that are to be renamed, and the new name. Out: reasons, for the user. Must not know of jedi
or of editors.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tree_sitter import Node

from codekin_model.source.span import Span
from codekin_model.source.text import SourceText
from codekin_model.source.tree import SyntaxTree, parse
from codekin_server.refactoring.bindings import parameter_list, parts_of
from codekin_server.refactoring.doctests import examples_of
from codekin_server.refactoring.fixtures import fixture_mark
from codekin_server.refactoring.imports import star_imports_of
from codekin_server.refactoring.keywords import callee, names_to_call, takes_any
from codekin_server.refactoring.scopes import binds_in_module, identifiers, name_in_the_way, nodes_at, read_from_module
from codekin_server.refactoring.sources import Sources

Spans = Mapping[Path, Sequence[Span]]

_STAR = re.compile(rb"\bimport\s*\*")
_KEYWORDS = {"keyword_argument": "argument_list", "keyword_pattern": "class_pattern"}


def taken(sources: Sources, renamed: Spans, new_name: str) -> Iterator[str]:
    """Every reason that can be seen, in the order of the files."""
    for where, spans in renamed.items():
        tree = sources.tree(where)
        at = _in_the_way(tree, spans, new_name) if tree is not None else None
        if tree is not None and at is not None:
            yield _in_use(sources, where, tree.text.line_at(at) + 1, new_name)
        elif tree is not None:
            yield from _no_longer_code(sources, where, tree, spans, new_name)
    yield from _beside_stars(sources, renamed, new_name)
    yield from _submodules(sources, renamed, new_name)
    yield from _other_keywords(sources, renamed, new_name)
    yield from _fixtures_in_reach(sources, renamed, new_name)


def _in_the_way(tree: SyntaxTree, spans: Sequence[Span], new_name: str) -> int | None:
    """As :func:`name_in_the_way`, in the examples of docstrings too."""
    examples = examples_of(tree, tree.text.slice(spans[0]))
    if examples is None:
        return name_in_the_way(tree, spans, new_name)
    at = name_in_the_way(examples.tree, map(examples.in_tree, spans), new_name)
    return examples.origin(at) if at is not None else None


def _in_use(sources: Sources, where: Path, line: int, new_name: str) -> str:
    return f"'{new_name}' is already in use at {sources.shown(where)}:{line}"


def _no_longer_code(
    sources: Sources, where: Path, tree: SyntaxTree, spans: Sequence[Span], new_name: str
) -> Iterator[str]:
    """What the parser, or Python after it, would not take any more."""
    for node in nodes_at(tree.root, spans):
        repeated = _repeated_keyword(node, new_name)
        if repeated is not None:
            yield f"'{new_name}' would be given twice at {sources.shown(where)}:{repeated.start_point[0] + 1}"
            return
    after = parse(_with(tree.text, spans, new_name))
    if len(after.diagnostics) > len(tree.diagnostics):
        line = tree.text.line_at(spans[0].start) + 1
        yield f"with '{new_name}' {sources.shown(where)}:{line} would no longer be Python"


def _with(text: SourceText, spans: Sequence[Span], new_name: str) -> SourceText:
    data = text.data
    for span in sorted(spans, reverse=True):
        data = data[: span.start] + new_name.encode() + data[span.end :]
    return SourceText(data, text.encoding)


def _repeated_keyword(node: Node, new_name: str) -> Node | None:
    """The ``new_name=`` in the call or pattern that has ``node`` as a keyword."""
    keyword = node.parent
    if keyword is None or keyword.type not in _KEYWORDS or parts_of(keyword)[0] != node:
        return None
    call = _around(keyword, _KEYWORDS[keyword.type])
    for other in identifiers(call, new_name) if call is not None else ():
        above = other.parent
        named = above is not None and above.type == keyword.type and parts_of(above)[0] == other
        if named and _around(other, _KEYWORDS[keyword.type]) == call:
            return other
    return None


def _around(node: Node, kind: str) -> Node | None:
    above = node.parent
    while above is not None and above.type != kind:
        above = above.parent
    return above


def _module_level(sources: Sources, renamed: Spans) -> frozenset[Path]:
    """Files of which the name can be imported."""
    return frozenset(
        where for where, spans in renamed.items() if any(map(binds_in_module, _nodes(sources, where, spans)))
    )


def _beside_stars(sources: Sources, renamed: Spans, new_name: str) -> Iterator[str]:
    """``from here import *`` where the other module has the new name, or leaves it out for its underscore."""
    homes = _module_level(sources, renamed)
    for where in sorted(sources.files) if homes else ():
        text = sources.read(where)
        if text is None or not _STAR.search(text.data):
            continue
        tree = sources.tree(where)
        if tree is not None and any(star_imports_of(tree, where, homes - {where})):
            at = next(read_from_module(tree, new_name), None)
            if at is not None:
                yield _in_use(sources, where, at.start_point[0] + 1, new_name)
            elif new_name.startswith("_") and where in renamed:
                yield f"'{new_name}' would not be imported by the * in {sources.shown(where)}"
        if where in homes:
            yield from _under_star(sources, where, new_name)


def _under_star(sources: Sources, where: Path, new_name: str) -> Iterator[str]:
    """The new name comes into the renamed module with all others of another one."""
    tree = sources.tree(where)
    for other in sources.files_with(new_name) if tree is not None else ():
        if tree is not None and other != where and any(star_imports_of(tree, where, frozenset({other}))):
            at = next((node for node in _named(sources, other, new_name) if binds_in_module(node)), None)
            if at is not None:
                yield _in_use(sources, other, at.start_point[0] + 1, new_name)


def _submodules(sources: Sources, renamed: Spans, new_name: str) -> Iterator[str]:
    """``import p.bar`` sets ``bar`` of the package ``p``, whatever its ``__init__`` has under that name."""
    for where in _module_level(sources, renamed):
        if where.stem != "__init__":
            continue
        for other in sorted(sources.files):
            if other == where.parent / f"{new_name}.py" or where.parent / new_name in other.parents:
                yield f"'{new_name}' is already a module of the package, {sources.shown(other)}"
                break


def _other_keywords(sources: Sources, renamed: Spans, new_name: str) -> Iterator[str]:
    """Calls that give ``new_name`` to the ``**kwargs`` of a function whose parameter would now take it."""
    called = {name for where, spans in renamed.items() for name in _collecting(sources, where, spans)}
    for where in sources.files_with(new_name) if called else ():
        for node in _named(sources, where, new_name):
            if _called_with(node) in called:
                yield _in_use(sources, where, node.start_point[0] + 1, new_name)


def _collecting(sources: Sources, where: Path, spans: Sequence[Span]) -> Iterator[bytes]:
    """Names under which functions are called that have one of ``spans`` as a parameter, and ``**kwargs``."""
    for node in _nodes(sources, where, spans):
        parameters = parameter_list(node)
        function = parameters.parent if parameters is not None else None
        if function is not None and function.type == "function_definition" and takes_any(function):
            yield from names_to_call(function)


def _called_with(node: Node) -> bytes | None:
    called = callee(node)
    return called.text if called is not None else None


def _fixtures_in_reach(sources: Sources, renamed: Spans, new_name: str) -> Iterator[str]:
    """A fixture of the new name that a renamed one would stand before, or behind."""
    places = [where for where, spans in renamed.items() if any(map(_names_fixture, _nodes(sources, where, spans)))]
    for other in sources.files_with(new_name) if places else ():
        at = next((node for node in _named(sources, other, new_name) if _names_fixture(node)), None)
        if at is not None and any(_reaches(one, two) for here in places for one, two in ((here, other), (other, here))):
            yield _in_use(sources, other, at.start_point[0] + 1, new_name)


def _names_fixture(node: Node) -> bool:
    function = node.parent
    named = function is not None and function.child_by_field_name("name") == node
    return function is not None and named and fixture_mark(function) is not None


def _reaches(one: Path, two: Path) -> bool:
    return one == two or (one.name == "conftest.py" and two.is_relative_to(one.parent))


def _nodes(sources: Sources, where: Path, spans: Sequence[Span]) -> Iterator[Node]:
    tree = sources.tree(where)
    if tree is not None:
        yield from nodes_at(tree.root, spans)


def _named(sources: Sources, where: Path, name: str) -> Iterator[Node]:
    tree = sources.tree(where)
    return identifiers(tree.root, name) if tree is not None else iter(())
