"""Open documents, as their editor holds them.

In: the notifications of an editor. Out: :class:`Document` values, and each change as byte edits. Must not know of
indexes or of what is asked about a document.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lsprotocol import types

from codekin_model.source.cell_path import NOTEBOOK_SUFFIX, PYTHON_SUFFIXES, is_cell, is_python_text
from codekin_model.source.span import Edit
from codekin_model.source.text import SourceText, text_of
from codekin_server.lsp.convert import Positions
from codekin_server.lsp.protocol import UNVERSIONED
from codekin_server.lsp.uris import path_of

ByteEdits = list[tuple[Edit, bytes]]

SOURCE_GLOB = f"**/*.{{{','.join(suffix[1:] for suffix in (*PYTHON_SUFFIXES, NOTEBOOK_SUFFIX))}}}"
"""The files that an editor is asked to tell about."""


@dataclass(frozen=True, slots=True)
class Document:
    """One version of an open document; ``path`` is None where it is no file.

    ``edited`` is when it came to be, in seconds since the epoch; 0 where it is as it was opened.
    """

    uri: str
    path: Path | None
    version: int
    text: SourceText
    edited: float = field(default=0.0, compare=False)

    @property
    def is_cell(self) -> bool:
        """Whether it is a cell of a notebook."""
        return self.path is not None and is_cell(self.path.as_posix())


@dataclass(frozen=True, slots=True)
class Change:
    """A document and what led to it: edits in the order they were made, or None for a whole new text."""

    document: Document
    edits: ByteEdits | None


def is_python(language: str, path: Path | None) -> bool:
    """Whether a document is for us, by what its editor calls its language or by its name."""
    return language == "python" or (path is not None and is_python_text(path.as_posix()))


class Documents:
    """The documents that are open now. Used from the event loop only."""

    def __init__(self) -> None:
        self._open: dict[str, Document] = {}
        self._lost: dict[str, Document] = {}

    def get(self, uri: str) -> Document | None:
        """The open document with this URI, however its editor writes it."""
        found = self._open.get(uri)
        path = path_of(uri) if found is None else None
        return self.at(path) if path is not None else found

    def at(self, path: Path) -> Document | None:
        """The open document of this file."""
        return next((document for document in self._open.values() if document.path == path), None)

    def all(self) -> tuple[Document, ...]:
        """Every open document."""
        return tuple(self._open.values())

    def open(self, item: types.TextDocumentItem) -> Document:
        """A document was opened."""
        document = Document(item.uri, path_of(item.uri), item.version, text_of(item.text))
        self._open[item.uri] = document
        self._lost.pop(item.uri, None)
        return document

    def lose(self, uri: str) -> Document | None:
        """A change could not be read: what the document holds is unknown until a whole text of it comes."""
        document = self._open.pop(uri, None)
        if document is not None:
            self._lost[uri] = document
        return document

    def is_lost(self, path: Path) -> bool:
        """Whether an editor holds this file with a text that is not known."""
        return any(document.path == path for document in self._lost.values())

    def change(self, params: types.DidChangeTextDocumentParams, encoding: str) -> Change | None:
        """A document was edited; None where it was never opened, or is still lost."""
        before = self._before(params)
        if before is None:
            return None
        text, edits = _apply(before.text, params.content_changes, encoding)
        given = params.text_document.version
        version = before.version + 1 if given == UNVERSIONED else given
        document = Document(before.uri, before.path, version, text, time.time())
        self._open[before.uri] = document
        return Change(document, edits)

    def _before(self, params: types.DidChangeTextDocumentParams) -> Document | None:
        """The document that is changed; a lost one is found again by its whole text."""
        uri = params.text_document.uri
        whole = any(isinstance(each, types.TextDocumentContentChangeWholeDocument) for each in params.content_changes)
        return self._lost.pop(uri, None) or self._open.get(uri) if whole else self._open.get(uri)

    def close(self, uri: str) -> Document | None:
        """A document was closed; None where it was never opened."""
        return self._open.pop(uri, None) or self._lost.pop(uri, None)


def _apply(
    text: SourceText, changes: Sequence[types.TextDocumentContentChangeEvent], encoding: str
) -> tuple[SourceText, ByteEdits | None]:
    edits: ByteEdits | None = []
    for change in changes:
        new = text_of(change.text).data
        if isinstance(change, types.TextDocumentContentChangeWholeDocument):
            text, edits = SourceText(new), None
            continue
        span = Positions(text, encoding).span(change.range)
        text = SourceText(text.data[: span.start] + new + text.data[span.end :])
        if edits is not None:
            edits.append((Edit(span.start, span.end, span.start + len(new)), new))
    return text, edits
