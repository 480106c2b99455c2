"""Whether a member of a class belongs together with members of other classes, so that it cannot be renamed alone.

In: the sources, a class and names. Out: reasons, for the user. A base class is followed by jedi, also into installed
packages; a subclass is any class of the workspace that is made from this one. Must not know of editors.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tree_sitter import Node

from codekin_model.source.span import Span
from codekin_model.source.tree import SyntaxTree
from codekin_server.refactoring.installed import Installed
from codekin_server.refactoring.jedi_lookup import Definition, Place
from codekin_server.refactoring.known import known_of
from codekin_server.refactoring.members import bindings_of
from codekin_server.refactoring.sources import Sources
from codekin_server.refactoring.stubs import stub_folders
from codekin_server.refactoring.subclasses import base_names, classes_in, name_of, subclasses

_DEPTH = 12
"""Classes above one another; real code has fewer, and cyclic code ends here."""


@dataclass(frozen=True, slots=True)
class _Base:
    """A class above, and what jedi and the code say of it where it can be followed."""

    name: str
    found: Definition | None
    node: Node | None


@dataclass(frozen=True, slots=True)
class Family:
    """A class and what is asked about those above and below it; ``renamed`` are places that change their name too."""

    sources: Sources
    path: Path
    owner: Node
    renamed: Mapping[Path, Sequence[Span]]
    bases: tuple[_Base, ...]

    @classmethod
    def of(cls, sources: Sources, path: Path, owner: Node, renamed: Mapping[Path, Sequence[Span]]) -> "Family":
        """That of the class ``owner`` in ``path``."""
        return cls(sources, path, owner, renamed, tuple(_bases(sources, path, owner)))

    def places(self) -> set[Place]:
        """Where this class is defined, and those above it that lie in the workspace."""
        above = ((each.found.path, each.node) for each in self.bases if each.found is not None)
        inside = ((path, node) for path, node in above if path in self.sources.files and node is not None)
        return {(path, node.start_point[0] + 1) for path, node in ((self.path, self.owner), *inside)}

    def members(self, names: Sequence[str]) -> Iterator[str]:
        """Classes above or below that have one of ``names`` and keep it, as ``Class.name (file)``."""
        for base in self.bases:
            if base.found is not None:
                file = f" ({self.sources.shown(base.found.path)})" if base.found.path else ""
                yield from (f"{base.name}.{name}{file}" for name in names if self._keeps(base.found, base.node, name))
        yield from self._members_below(names)

    def _members_below(self, names: Sequence[str]) -> Iterator[str]:
        for path, node in subclasses(self.sources, self.path, self.owner):
            shown = self.sources.shown(path)
            yield from (f"{name_of(node)}.{each} ({shown})" for each in names if self._binds(path, node, each))

    def fits(self, names: Iterable[str]) -> bool:
        """Whether this class, with those above and below it, may have all of ``names``."""
        below = list(subclasses(self.sources, self.path, self.owner))
        return all(
            any(any(bindings_of(node, name)) for _, node in ((self.path, self.owner), *below))
            or any(each.found is None or self._has(each, name) for each in self.bases)
            for name in names
        )

    def namesakes(self, name: str) -> Iterator[tuple[Path, Node]]:
        """Classes anywhere in the workspace, this one left out, that have ``name`` and keep it."""
        for path in self.sources.files_with(name):
            tree = self.sources.tree(path)
            for node in classes_in(tree.root) if tree is not None else ():
                is_other = (path, node.start_byte) != (self.path, self.owner.start_byte)
                if is_other and self._binds(path, node, name):
                    yield path, node

    def _has(self, base: _Base, name: str) -> bool:
        found = base.found
        if found is None or base.node is None:
            return found is not None and _has_as_told(found, name)
        return any(bindings_of(base.node, name))

    def _keeps(self, found: Definition, node: Node | None, name: str) -> bool:
        if found.path is None or node is None:
            return _has_as_told(found, name)
        return self._binds(found.path, node, name)

    def _binds(self, path: Path, owner: Node, name: str) -> bool:
        renamed = self.renamed.get(path, ())
        return any(Span(node.start_byte, node.end_byte) not in renamed for node in bindings_of(owner, name))


def _has_as_told(found: Definition, name: str) -> bool:
    """Whether a class that is seen nowhere has a member; jedi takes those of ``collections.abc`` for variables."""
    if found.path is None or found.path.stem != "typing":
        return name in found.members
    return name in found.members or Installed(stub_folders()).has([("collections", "abc", found.name)], name)


def _bases(sources: Sources, path: Path, owner: Node, depth: int = 0) -> Iterator[_Base]:
    for base in base_names(owner):
        found = known_of(sources).class_at(path, base.start_byte)
        above = sources.tree(found.path) if found is not None and found.path is not None else None
        node = _class_at(above, found.line, found.name) if found is not None and above is not None else None
        yield _Base(found.name if found is not None else (base.text or b"").decode("utf-8", "replace"), found, node)
        if node is not None and found is not None and found.path is not None and depth < _DEPTH:
            yield from _bases(sources, found.path, node, depth + 1)


def _class_at(tree: SyntaxTree, line: int, name: str) -> Node | None:
    nodes = [node for node in classes_in(tree.root) if name_of(node) == name]
    return min(nodes, key=lambda node: abs(node.start_point[0] + 1 - line), default=None)
