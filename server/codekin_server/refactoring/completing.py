"""What jedi left out of its answer: uses that the code itself shows to be the same name, or that may be.

jedi loses a property that has a setter, code that it cannot parse, and imports that its search path does not reach.

In: the sources, and the places that jedi found. Out: more places; or an error that names the first place of which it
cannot be told what it means, so that nothing is renamed by half. Must not know of new names or of editors.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tree_sitter import Node

from codekin_model.source.span import Span
from codekin_model.source.tree import SyntaxTree, parse
from codekin_server.refactoring.bindings import binds, is_bare, parameter_list
from codekin_server.refactoring.imports import imports_it_perhaps, imports_it_surely, stands_in_import
from codekin_server.refactoring.jedi_lookup import leads_to, owners
from codekin_server.refactoring.members import classes_of, defines_attribute, is_attribute, is_set_too, own_uses
from codekin_server.refactoring.references_error import ReferencesError
from codekin_server.refactoring.scopes import bound_alike, identifiers, nodes_at, scopes_around
from codekin_server.refactoring.sources import Sources

Found = dict[Path, set[Span]]
Place = tuple[Path | None, int]
"""A file, None for what is built in, and a 1-based line."""


@dataclass(frozen=True, slots=True)
class _Search:
    """One name, the trees of the files that mention it, and the places found so far."""

    sources: Sources
    name: str
    trees: dict[Path, SyntaxTree]
    found: Found

    def left(self, path: Path) -> Iterator[Node]:
        """Identifiers of this name that are not among the places found."""
        spans = self.found.get(path, set())
        return (node for node in identifiers(self.trees[path].root, self.name) if span_of(node) not in spans)

    def add(self, path: Path, nodes: Iterator[Node] | Sequence[Node]) -> None:
        """Count ``nodes`` as found."""
        spans = {span_of(node) for node in nodes}
        if spans:
            self.found.setdefault(path, set()).update(spans)

    def nodes(self, path: Path) -> Iterator[Node]:
        """The identifiers found in a file."""
        return nodes_at(self.trees[path].root, sorted(self.found.get(path, ())))

    def roots(self) -> list[Path]:
        """Folders that may be where imports start, as seen from a definition: ``src``, for one."""
        root = self.sources.root
        defining = [path for path in self.found if path in self.trees and any(map(defines, self.nodes(path)))]
        above = {folder for path in defining for folder in path.parents if folder.is_relative_to(root)}
        return sorted(above, key=lambda folder: len(folder.parts))


def complete(sources: Sources, path: Path, name: str, found: Found) -> None:
    """Add to ``found`` what surely means the same.

    Raises:
        ReferencesError: some place may mean the same, and it cannot be told whether it does.

    """
    texts = {each: sources.read(each) for each in {path, *sources.files_with(name), *found}}
    trees = {each: parse(text) for each, text in sorted(texts.items()) if text is not None}
    search = _Search(sources, name, trees, found)
    while True:
        before = sum(map(len, found.values()))
        for where in trees:
            _add_what_code_shows(search, where)
        _ask_about_imports(search)
        _ask_about_properties(search)
        _ask_about_patterns(search)
        _ask_about_arguments(search)
        if sum(map(len, found.values())) == before:
            return


def defines(node: Node) -> bool:
    """Whether an identifier is where its name gets its meaning: not in an import, unless as an alias."""
    above = node.parent
    if above is not None and above.type == "aliased_import":
        return above.child_by_field_name("alias") == node
    before = node.prev_sibling
    if before is not None and before.type in ("def", "class"):  # also in code that is broken behind it
        return True
    return defines_attribute(node) or (is_bare(node) and binds(node) and not stands_in_import(node))


def span_of(node: Node) -> Span:
    """Where ``node`` stands."""
    return Span(node.start_byte, node.end_byte)


def _add_what_code_shows(search: _Search, path: Path) -> None:
    """Names of one scope, attributes of ``self`` in one class, imports from the very module."""
    tree, name, homes = search.trees[path], search.name, _homes(search)
    search.add(path, list(imports_it_surely(tree, path, name, homes)))
    places = search.found.get(path, set())
    if not places:
        return
    alike = bound_alike(tree, places, name)
    for node in alike:
        if span_of(node) not in places and stands_in_import(node) and binds(node):
            raise _doubt(search, path, node, "is imported from elsewhere and is the same variable")
    search.add(path, alike)
    for owner in classes_of(tree, places, name):
        search.add(path, list(own_uses(owner, name)))


def _homes(search: _Search) -> frozenset[Path]:
    """Modules of which the name can be imported."""
    return frozenset(
        path
        for path in search.found
        if path in search.trees and any(_is_of_module(node) for node in search.nodes(path))
    )


def _is_of_module(node: Node) -> bool:
    scope = next(scopes_around(node), None) if is_bare(node) and binds(node) else None
    return scope is not None and scope.type == "module"


def _ask_about_imports(search: _Search) -> None:
    homes = _homes(search)
    for path, tree in search.trees.items():
        spans = search.found.get(path, set())
        nodes = imports_it_perhaps(tree, path, search.name, homes) if homes else ()
        _judge(search, path, [node for node in nodes if span_of(node) not in spans], lambda node: node)


def _ask_about_arguments(search: _Search) -> None:
    """Keyword arguments, where a parameter is renamed."""
    functions = [
        (path, function) for path in search.found if path in search.trees for function in _with_parameter(search, path)
    ]
    called = {called for _, function in functions for called in _names_to_call(function)}
    meant: set[Place] = {
        (path, each.start_point[0] + 1)
        for path, function in functions
        for each in (function, *scopes_around(function))
        if each == function or each.type == "class_definition"
    }
    for path in search.trees if functions else ():
        arguments = [node for node in search.left(path) if _callee(node) is not None]
        _judge(search, path, arguments, _callee, meant, lambda callee: callee.text in called)


def _with_parameter(search: _Search, path: Path) -> Iterator[Node]:
    for node in search.nodes(path):
        parameters = parameter_list(node)
        function = parameters.parent if parameters is not None else None
        if function is not None and function.type == "function_definition":
            yield function


def _names_to_call(function: Node) -> Iterator[bytes]:
    name = function.child_by_field_name("name")
    text = (name.text if name is not None else None) or b""
    owner = next(scopes_around(function), None)
    class_name = owner.child_by_field_name("name") if owner is not None else None
    if text in (b"__init__", b"__new__") and class_name is not None:
        yield from (class_name.text or b"", b"cls")
    yield text


def _callee(node: Node) -> Node | None:
    """The last part of what is called, where ``node`` is the name of one of its keyword arguments."""
    argument = node.parent
    if argument is None or argument.type != "keyword_argument" or argument.child_by_field_name("name") != node:
        return None
    call = argument.parent.parent if argument.parent is not None else None
    called = call.child_by_field_name("function") if call is not None else None
    if called is not None and called.type == "attribute":
        called = called.child_by_field_name("attribute")
    return called if called is not None and called.type == "identifier" else None


def _judge(
    search: _Search,
    path: Path,
    nodes: Sequence[Node],
    asked: Callable[[Node], Node | None],
    meant: set[Place] | None = None,
    doubtful: Callable[[Node], bool] = lambda _: True,
) -> None:
    """Add those of ``nodes`` that lead to what is renamed, and leave those that lead elsewhere.

    What is ``asked`` about a node may be another one, and then leads to a place that is ``meant``.
    """
    text, roots = search.trees[path].text, search.roots() if nodes else ()
    for node in nodes:
        about = asked(node) or node
        places = leads_to(search.sources, path, text, about.start_byte, roots)
        if any(place in meant if meant is not None else _is_found(search, place) for place in places):
            search.add(path, [node])
        elif all(_is_import(search, place) for place in places) and doubtful(about):
            raise _doubt(search, path, node, "may be the same, but cannot be followed")


def _is_found(search: _Search, place: Place) -> bool:
    path, line = place
    if path is None or path not in search.trees:
        return False
    text = search.trees[path].text
    return any(text.line_at(span.start) + 1 == line for span in search.found.get(path, ()))


def _is_import(search: _Search, place: Place) -> bool:
    """Whether jedi got no further than an import."""
    path, line = place
    text = search.sources.read(path) if path is not None else None
    if text is None or line > len(text.line_starts):
        return False
    start = text.line_starts[line - 1]
    column = len(text.data[start:]) - len(text.data[start:].lstrip(b" \t"))
    node = parse(text).root.descendant_for_byte_range(start + column, start + column + 1)
    return node is not None and stands_in_import(node)


def _ask_about_properties(search: _Search) -> None:
    """An assignment to a property is an attribute of its own to jedi, which then loses the uses of both."""
    classes = _classes(search)
    if not any(is_set_too(owner, search.name) for owner in classes.values()):
        return
    roots = search.roots()
    for path in search.trees:
        nodes = [node for node in search.left(path) if is_attribute(node)]
        offsets = [node.start_byte for node in nodes]
        answers = owners(search.sources, path, search.trees[path].text, offsets, roots) if offsets else []
        for node, answer in zip(nodes, answers, strict=True):
            if not answer:
                raise _doubt(search, path, node, "may be the same, but it is not known of which class it is")
            if answer & classes.keys():
                search.add(path, [node])


def _ask_about_patterns(search: _Search) -> None:
    """``case Box(name=x)``, which jedi does not look into."""
    meant = set(_classes(search))
    for path in search.trees if meant else ():
        nodes = [node for node in search.left(path) if _pattern_class(node) is not None]
        _judge(search, path, nodes, _pattern_class, meant)


def _pattern_class(node: Node) -> Node | None:
    """The last part of the class's name, where ``node`` is the ``name`` of ``case Class(name=x)``."""
    keyword = node.parent
    if keyword is None or keyword.type != "keyword_pattern" or keyword.named_children[0] != node:
        return None
    above: Node | None = keyword
    while above is not None and above.type != "class_pattern":
        above = above.parent
    return above.named_children[0].named_children[-1] if above is not None else None


def _classes(search: _Search) -> dict[Place, Node]:
    """Classes of which the name is an attribute."""
    return {
        (path, owner.start_point[0] + 1): owner
        for path in search.found
        if path in search.trees
        for owner in classes_of(search.trees[path], search.found[path], search.name)
    }


def _doubt(search: _Search, path: Path, node: Node, why: str) -> ReferencesError:
    where = f"{search.sources.shown(path)}:{node.start_point[0] + 1}"
    return ReferencesError(f"'{search.name}' at {where} {why}")
