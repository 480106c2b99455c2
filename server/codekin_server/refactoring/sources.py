"""The texts that a refactoring works on: open documents as their editors hold them, all other files from disk.

In: a workspace's files and its open documents. Out: :class:`SourceText` and :class:`SyntaxTree` by path, each read and
parsed once: all that one refactoring asks sees one state of the files. Must not know of jedi or of editors.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from codekin_model.source.text import SourceText, UnreadableSource, decode_source
from codekin_model.source.tree import SyntaxTree, parse

IsSkipped = Callable[[Path], bool]
"""Whether a folder below the root never holds code of the user's: environments, caches, build results."""


@dataclass(frozen=True)
class _Seen:
    """A text as it was read first."""

    text: SourceText

    @cached_property
    def tree(self) -> SyntaxTree:
        return parse(self.text)


@dataclass(frozen=True, slots=True)
class Sources:
    """``files`` are all that belong to the workspace; ``open_texts`` wins over what stands on disk.

    Made anew for every refactoring, and let go after it: what was read stays in here.
    """

    root: Path
    files: frozenset[Path]
    open_texts: Mapping[Path, SourceText]
    is_skipped: IsSkipped
    seen: dict[Path, _Seen | None] = field(default_factory=dict[Path, _Seen | None], repr=False, compare=False)

    @classmethod
    def of(
        cls, root: Path, files: Iterable[Path], open_texts: Mapping[Path, SourceText], is_skipped: IsSkipped
    ) -> "Sources":
        """The same, with every open document counted as a file of the workspace."""
        return cls(root, frozenset(files) | frozenset(open_texts), open_texts, is_skipped)

    def beside(self, texts: Mapping[Path, SourceText]) -> "Sources":
        """The same with more open documents; what was read before counts on, but for theirs."""
        both = Sources.of(self.root, self.files, {**texts, **self.open_texts}, self.is_skipped)
        return replace(both, seen={path: each for path, each in self.seen.items() if path not in texts})

    def is_outside(self, path: Path) -> bool:
        """Whether ``path`` is not the user's to edit here: not below the root, or in a folder that is skipped."""
        return not path.is_relative_to(self.root) or self.is_left_out(path)

    def is_left_out(self, path: Path) -> bool:
        """Whether ``path`` lies in a folder below the root that is skipped."""
        return any(
            self.is_skipped(folder)
            for folder in path.parents
            if folder != self.root and folder.is_relative_to(self.root)
        )

    def read(self, path: Path) -> SourceText | None:
        """The text that counts for ``path``, or None where there is none to read."""
        seen = self._see(path)
        return seen.text if seen is not None else None

    def tree(self, path: Path) -> SyntaxTree | None:
        """That of the text that counts for ``path``, or None where there is none to read."""
        seen = self._see(path)
        return seen.tree if seen is not None else None

    def _see(self, path: Path) -> _Seen | None:
        if path not in self.seen:
            text = self.open_texts.get(path) or read_from_disk(path)
            self.seen[path] = _Seen(text) if text is not None else None
        return self.seen[path]

    def unsaved(self) -> list[Path]:
        """Open documents that differ from their files, in the order of their paths."""
        return sorted(path for path, text in self.open_texts.items() if _differs(text, read_from_disk(path)))

    def files_with(self, word: str) -> list[Path]:
        """Files in which ``word`` stands as a whole word, in the order of their paths."""
        return [path for path in sorted(self.files) if mentions(self.read(path), word)]

    def stamp(self) -> tuple[object, ...]:
        """Equal for equal texts: what stands on disk is told by size and time."""
        disk = tuple((path, _stat(path)) for path in sorted(self.files))
        return self.root, disk, tuple(sorted(self.open_texts.items(), key=lambda each: each[0]))

    def shown(self, path: Path) -> str:
        """``path`` as a message names it: relative to the workspace where it lies inside."""
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)


def read_from_disk(path: Path) -> SourceText | None:
    """The file's text, or None where it is missing or is no Python text."""
    try:
        return decode_source(path.read_bytes())
    except (OSError, UnreadableSource):
        return None


def mentions(text: SourceText | None, word: str) -> bool:
    """Whether ``word`` stands in ``text`` with no letter, digit or underscore at either side."""
    data = word.encode()
    if text is None or data not in text.data:
        return False
    return re.search(rf"\b{re.escape(word)}\b", text.data.decode("utf-8", "replace")) is not None


def _stat(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def _differs(text: SourceText, on_disk: SourceText | None) -> bool:
    if on_disk is None:
        return True
    return text.data.replace(b"\r\n", b"\n") != on_disk.data.replace(b"\r\n", b"\n")
