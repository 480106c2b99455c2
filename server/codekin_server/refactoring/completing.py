"""What jedi left out of its answer: uses that the code itself shows to be the same name, or that may be.

jedi loses a property that has a setter, code that it cannot parse, and imports that its search path does not reach.

In: the sources, and the places that jedi found. Out: more places; or an error that names the first place of which it
cannot be told what it means, so that nothing is renamed by half. Must not know of new names or of editors.
"""

from pathlib import Path

from tree_sitter import Node

from codekin_server.refactoring.arguments import ask_about_arguments
from codekin_server.refactoring.attributes import Asked, ask_about_attributes
from codekin_server.refactoring.bindings import binds, parts_of
from codekin_server.refactoring.doctests import examples_of
from codekin_server.refactoring.fixtures import ask_about_fixtures
from codekin_server.refactoring.imports import imports_it_perhaps, imports_it_surely, stands_in_import
from codekin_server.refactoring.in_strings import ask_about_strings
from codekin_server.refactoring.judging import judge
from codekin_server.refactoring.known import known_of
from codekin_server.refactoring.members import bindings_of, classes_binding, classes_of, is_attribute, own_uses
from codekin_server.refactoring.outside import starts_outside, taken_from_outside
from codekin_server.refactoring.scopes import bound_alike
from codekin_server.refactoring.searching import Found, Place, Search, classes_found, doubt, homes_of, is_home, span_of
from codekin_server.refactoring.sources import Sources
from codekin_server.refactoring.subclasses import base_names, name_of, subclasses
from codekin_server.refactoring.typed_dicts import ask_about_keys


def complete(sources: Sources, path: Path, name: str, found: Found) -> None:
    """Add to ``found`` what surely means the same.

    Raises:
        ReferencesError: some place may mean the same, and it cannot be told whether it does.

    """
    paths = sorted({path, *sources.files_with(name), *found})
    trees = {each: tree for each in paths if (tree := sources.tree(each)) is not None}
    examples = {each: found_in for each, tree in trees.items() if (found_in := examples_of(tree, name)) is not None}
    search = Search(sources, name, trees | {each: of.tree for each, of in examples.items()}, found, examples)
    asked = Asked()
    while True:
        before = sum(map(len, found.values()))
        _add_what_code_shows(search)
        _ask_about_imports(search)
        _ask_about_examples(search)
        _ask_about_overrides(search)
        ask_about_attributes(search, asked)
        _ask_about_patterns(search)
        ask_about_arguments(search)
        ask_about_fixtures(search)
        ask_about_strings(search)
        ask_about_keys(search)
        if sum(map(len, found.values())) == before:
            break
    for each in examples.keys() & found.keys():
        found[each] = set(map(examples[each].in_file, found[each]))


def _add_what_code_shows(search: Search) -> None:
    homes = homes_of(search)
    for path in search.trees:
        _add_what_a_file_shows(search, path, homes)
        if path not in homes and is_home(search, path):
            homes |= {path}


def _add_what_a_file_shows(search: Search, path: Path, homes: frozenset[Path]) -> None:
    """Names of one scope, attributes of ``self`` in one class, imports from the very module."""
    tree, name = search.trees[path], search.name
    search.add(path, list(imports_it_surely(tree, path, name, homes)))
    places = search.found.get(path, set())
    if not places:
        return
    alike = bound_alike(tree, places, name)
    for node in alike:
        if span_of(node) not in places and stands_in_import(node) and binds(node):
            raise doubt(search, path, node, "is imported from elsewhere and is the same variable")
    search.add(path, alike)
    for owner in classes_of(tree, places, name):
        search.add(path, list(own_uses(owner, name)))


def _ask_about_imports(search: Search) -> None:
    homes = homes_of(search)
    for path, tree in search.trees.items():
        spans = search.found.get(path, set())
        nodes = imports_it_perhaps(tree, path, search.name, homes) if homes else ()
        judge(search, path, [node for node in nodes if span_of(node) not in spans], lambda node: node)


def _ask_about_examples(search: Search) -> None:
    """What examples take from the workspace's modules, through any ``*`` on the way, which jedi was not asked about."""
    for path, examples in search.examples.items() if homes_of(search) else ():
        outside = taken_from_outside(search.trees[path], known_of(search.sources).modules)
        nodes = [node for node in search.left(path) if node.start_byte > examples.end and _is_taken(node, outside)]
        judge(search, path, nodes, lambda node: node, doubtful=lambda _: False)


def _ask_about_overrides(search: Search) -> None:
    """Members of the classes that examples make from those of which the name is one, or from one below these."""
    owners = [(path, owner) for (path, _), owner in classes_found(search).items() if path is not None]
    if not owners or not search.examples:
        return
    below = [each for path, owner in owners for each in subclasses(search.sources, path, owner)]
    named = {name_of(owner).encode() for _, owner in owners}
    for path, examples in search.examples.items():
        tree, left = search.trees[path], [node for node in search.left(path) if node.start_byte > examples.end]
        found = [(path, owner) for owner in classes_of(tree, search.found.get(path, ()), search.name)]
        meant: set[Place] = {(where, each.start_point[0] + 1) for where, each in (*owners, *below, *found)}
        for owner in classes_binding(tree, list(map(span_of, left)), search.name):
            for base in base_names(owner):
                nodes = list(bindings_of(owner, search.name))
                judge(search, path, nodes, lambda _, base=base: base, meant, lambda base: base.text in named)


def _is_taken(node: Node, outside: frozenset[str]) -> bool:
    """Whether it is imported, or an attribute of what may be a module."""
    owner = node.parent.child_by_field_name("object") if node.parent is not None and is_attribute(node) else None
    if owner is None:
        return stands_in_import(node)
    return owner.type in ("identifier", "attribute") and not starts_outside(owner, outside)


def _ask_about_patterns(search: Search) -> None:
    """``case Box(name=x)``, which jedi does not look into."""
    meant = set(classes_found(search))
    for path in search.trees if meant else ():
        nodes = [node for node in search.left(path) if _pattern_class(node) is not None]
        judge(search, path, nodes, _pattern_class, meant)


def _pattern_class(node: Node) -> Node | None:
    """The last part of the class's name, where ``node`` is the ``name`` of ``case Class(name=x)``."""
    keyword = node.parent
    if keyword is None or keyword.type != "keyword_pattern" or parts_of(keyword)[0] != node:
        return None
    above: Node | None = keyword
    while above is not None and above.type != "class_pattern":
        above = above.parent
    return parts_of(parts_of(above)[0])[-1] if above is not None else None
