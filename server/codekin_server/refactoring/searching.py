"""One name that is followed: the places found of it, and what they say of it.

In: the sources, the trees of the files that mention the name, and places. Out: the files and classes it is a name of,
and the error that names a place of which it cannot be told what it means. Must not know of jedi, of new names or of
editors.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tree_sitter import Node

from codekin_model.source.span import Span
from codekin_model.source.tree import SyntaxTree
from codekin_server.refactoring.bindings import binds, is_bare
from codekin_server.refactoring.doctests import Examples
from codekin_server.refactoring.imports import stands_in_import
from codekin_server.refactoring.members import classes_of, defines_attribute
from codekin_server.refactoring.references_error import ReferencesError
from codekin_server.refactoring.scopes import binds_in_module, identifiers, nodes_at
from codekin_server.refactoring.sources import Sources

Found = dict[Path, set[Span]]
Place = tuple[Path | None, int]
"""A file, None for what is built in, and a 1-based line."""


@dataclass(frozen=True, slots=True)
class Search:
    """One name, the trees of the files that mention it, and the places found so far.

    ``examples`` are in place of their files among the ``trees``.
    """

    sources: Sources
    name: str
    trees: dict[Path, SyntaxTree]
    found: Found
    examples: Mapping[Path, Examples] = field(default_factory=dict[Path, Examples])

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

    def line(self, path: Path, node: Node) -> int:
        """The 1-based line of the file that ``node`` stands in."""
        examples, text = self.examples.get(path), self.trees[path].text
        at = examples.origin(node.start_byte) if examples is not None else node.start_byte
        return text.line_at(at) + 1

    def roots(self) -> list[Path]:
        """Folders that may be where imports start, as seen from a definition: ``src``, for one."""
        root = self.sources.root
        defining = [path for path in self.found if path in self.trees and any(map(defines, self.nodes(path)))]
        above = {folder for path in defining for folder in path.parents if folder.is_relative_to(root)}
        return sorted(above, key=lambda folder: len(folder.parts))


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


def homes_of(search: Search) -> frozenset[Path]:
    """Modules of which the name can be imported."""
    return frozenset(path for path in search.found if path in search.trees and is_home(search, path))


def is_home(search: Search, path: Path) -> bool:
    """Whether a place found in the file gives the name a meaning for its module."""
    return any(map(binds_in_module, search.nodes(path)))


def classes_found(search: Search) -> dict[Place, Node]:
    """Classes of which the name is an attribute; those that an example makes for itself are left out."""
    return {
        (path, owner.start_point[0] + 1): owner
        for path in search.found
        if path in search.trees
        for owner in classes_of(search.trees[path], search.found[path], search.name)
        if path not in search.examples or owner.start_byte < search.examples[path].end
    }


def doubt(search: Search, path: Path, node: Node, why: str) -> ReferencesError:
    """The error that says of ``node`` why it cannot be told what it means."""
    where = f"{search.sources.shown(path)}:{search.line(path, node)}"
    return ReferencesError(f"'{search.name}' at {where} {why}")
