"""What was found out about files in the course of one renaming, which asks the same of them many times over.

In: the sources. Out: names that come from outside, and where names lead to. Kept for the last renaming only.
Must not know of members or of editors.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from tree_sitter import Node

from codekin_server.refactoring.environments import installed_packages
from codekin_server.refactoring.jedi_lookup import Definition, definition_of
from codekin_server.refactoring.outside import import_roots, importable, taken_from_outside
from codekin_server.refactoring.sources import Sources, mentions

_ROOTS_LIMIT = 8
"""Folders that jedi looks for a module in, beside the usual ones."""


@dataclass(frozen=True, slots=True)
class Known:
    """Answers by file, or by file and byte offset."""

    sources: Sources
    modules: frozenset[str]
    roots: tuple[Path, ...]
    _outside: dict[Path, frozenset[str]] = field(default_factory=dict[Path, frozenset[str]])
    _classes: dict[tuple[Path, int], Definition | None] = field(
        default_factory=dict[tuple[Path, int], Definition | None]
    )
    _words: dict[tuple[Path, str], bool] = field(default_factory=dict[tuple[Path, str], bool])
    made_from: dict[Path, tuple[tuple[Node, list[Node]], ...]] = field(
        default_factory=dict[Path, tuple[tuple[Node, list[Node]], ...]]
    )
    """The classes of a file, each with the names of its bases."""
    below: dict[tuple[Path, int], tuple[tuple[Path, Node], ...]] = field(
        default_factory=dict[tuple[Path, int], tuple[tuple[Path, Node], ...]]
    )
    """Classes directly below another, by where that starts."""

    def mentions(self, path: Path, word: str) -> bool:
        """Whether ``word`` stands in the file."""
        if (path, word) not in self._words:
            self._words[path, word] = mentions(self.sources.read(path), word)
        return self._words[path, word]

    def outside(self, path: Path) -> frozenset[str]:
        """Names that the file has from modules that are none of the workspace's."""
        if path not in self._outside:
            tree = self.sources.tree(path)
            self._outside[path] = taken_from_outside(tree, self.modules) if tree is not None else frozenset()
        return self._outside[path]

    def class_at(self, path: Path, offset: int) -> Definition | None:
        """The class that a name leads to.

        The project's own environment comes last: it may hold an older copy of the project.
        """
        if (path, offset) not in self._classes:
            self._classes[path, offset] = self._follow(path, offset)
        return self._classes[path, offset]

    def _follow(self, path: Path, offset: int) -> Definition | None:
        tree = self.sources.tree(path)
        if tree is None:
            return None
        found = definition_of(self.sources, path, tree.text, offset, self.roots)
        installed = installed_packages(self.sources.root) if found is None else ()
        return definition_of(self.sources, path, tree.text, offset, installed) if installed else found


@dataclass(frozen=True, slots=True)
class _One:
    """Sources that equal themselves only: a renaming makes its own."""

    sources: Sources

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _One) and other.sources is self.sources

    def __hash__(self) -> int:
        return id(self.sources)


def known_of(sources: Sources) -> Known:
    """What is known so far."""
    return _known(_One(sources))


@lru_cache(maxsize=1)
def _known(one: _One) -> Known:
    sources = one.sources
    return Known(sources, importable(sources), import_roots(sources)[:_ROOTS_LIMIT])


def forget() -> None:
    """Let go of all of it, texts and trees included."""
    _known.cache_clear()
