"""Open documents: unsaved text with its syntax tree and units, kept up to date edit by edit.

In: text and changes, as byte spans. Out: :class:`OpenDocument` values; each change gives a new one, so whoever holds
one keeps a consistent picture. Must not know of stores, of files on disk, or of UTF-16.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from codekin_model.source.difference import edit_between
from codekin_model.source.span import Span
from codekin_model.source.text import SourceText, text_of
from codekin_model.source.tree import SyntaxTree, parse, reparse
from codekin_model.source.unit import CodeUnit
from codekin_model.source.unit_reuse import find_units_again
from codekin_model.source.units import find_units
from codekin_server.workspace.file_reading import LARGEST_FILE


@dataclass(frozen=True, slots=True)
class TextChange:
    """The bytes in ``span`` become ``text``. Of several, each is meant for the text that the one before it left."""

    span: Span
    text: str


@dataclass(frozen=True)
class OpenDocument:
    """One version of an open document. One of more than ``largest`` bytes is kept, but has an empty tree."""

    path: str
    version: int
    tree: SyntaxTree
    units: tuple[CodeUnit, ...]
    largest: int

    @property
    def text(self) -> SourceText:
        """The whole text."""
        return self.tree.text

    @property
    def is_too_large(self) -> bool:
        """Whether it is not looked into, as a file of its size would not be."""
        return len(self.text.data) > self.largest


def open_document(path: str, content: str, version: int, largest: int = LARGEST_FILE) -> OpenDocument:
    """A document as it is when an editor opens it."""
    return _parsed(path, version, text_of(content), largest)


def edited(document: OpenDocument, version: int, changes: str | Sequence[TextChange]) -> OpenDocument:
    """The next version, after ``changes`` or as a whole new text; what did not change is not looked at again.

    Of broken code the parser may make something else here than it would from scratch; once the code is whole again, so
    is the document.
    """
    text = text_of(changes) if isinstance(changes, str) else _applied(document.text, changes)
    if document.is_too_large or len(text.data) > document.largest:
        return _parsed(document.path, version, text, document.largest)
    tree = reparse(document.tree, [edit_between(document.text.data, text.data)], text)
    units = find_units_again(document.tree, document.units, tree)
    return OpenDocument(document.path, version, tree, units, document.largest)


def _parsed(path: str, version: int, text: SourceText, largest: int) -> OpenDocument:
    if len(text.data) > largest:
        return OpenDocument(path, version, SyntaxTree(text, parse(SourceText(b"")).tree), (), largest)
    tree = parse(text)
    return OpenDocument(path, version, tree, find_units(tree), largest)


def _applied(text: SourceText, changes: Iterable[TextChange]) -> SourceText:
    data = text.data
    for change in changes:
        data = data[: change.span.start] + text_of(change.text).data + data[change.span.end :]
    return SourceText(data)
