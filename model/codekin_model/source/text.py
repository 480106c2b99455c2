"""Source text as every stage sees it: UTF-8 bytes with line starts.

In: the raw bytes of a file (any declared encoding) or the text of an open document. Out: :class:`SourceText`.
Must not know of syntax trees or of editors' UTF-16 positions.
"""

import codecs
import io
import re
import tokenize
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from codekin_model.source.span import Span

_LONE_RETURN = re.compile(rb"\r(?!\n)")
_PRINTABLE = bytes(byte for byte in range(ord(" "), ord("~") + 1) if byte != ord("\\")) + rb"\n"
"""What an encoding of source keeps as it is, or its declaration could not be read; UTF-16 and unicode_escape do not."""


class UnreadableSource(ValueError):
    """The bytes are not Python text: they hold NUL bytes or contradict their declared encoding."""


@dataclass(frozen=True)
class SourceText:
    """Python source as UTF-8 ``data``; ``encoding`` names what the file on disk was written in."""

    data: bytes
    encoding: str = field(default="utf-8", compare=False)

    @cached_property
    def line_starts(self) -> Sequence[int]:
        """Byte offset of the first byte of each line; line 0 starts at 0."""
        line_feeds = np.flatnonzero(np.frombuffer(self.data, np.uint8) == ord("\n"))
        return [0, *(line_feeds + 1).tolist()]

    def line_at(self, offset: int) -> int:
        """The 0-based line that holds byte ``offset``."""
        return bisect_right(self.line_starts, offset) - 1

    def point_at(self, offset: int) -> tuple[int, int]:
        """Row and byte column of ``offset``, both 0-based, as tree-sitter counts them."""
        row = self.line_at(offset)
        return row, offset - self.line_starts[row]

    def slice(self, span: Span) -> str:
        """The text inside ``span``; bytes cut out of a character are replaced, never an error."""
        return self.data[span.start : span.end].decode("utf-8", "replace")


def text_of(content: str) -> SourceText:
    """The source text of an open document; lone surrogates become ``?``."""
    return SourceText(content.encode("utf-8", "replace"))


def decode_source(raw: bytes) -> SourceText:
    """Decode a file as Python would: byte-order mark, then the PEP 263 line, then UTF-8.

    Raises:
        UnreadableSource: the bytes hold NUL, name an unknown encoding, or do not decode.

    """
    if b"\0" in raw:
        raise UnreadableSource("binary content (a NUL byte)")
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(raw).readline)
        if codecs.lookup(encoding).name in {"utf-8", "utf-8-sig"}:
            data = raw.removeprefix(codecs.BOM_UTF8)
            data.decode("utf-8")
        elif _PRINTABLE.decode(encoding) == _PRINTABLE.decode("ascii"):
            data = raw.decode(encoding).encode("utf-8")
        else:
            raise UnreadableSource(f"{encoding} cannot be the encoding of Python source")
        return SourceText(_with_line_feeds(data), encoding)
    except (SyntaxError, LookupError, UnicodeError) as problem:
        raise UnreadableSource(f"not readable as Python text: {problem}") from problem


def _with_line_feeds(data: bytes) -> bytes:
    """Lone carriage returns end a line for Python and for editors but not for the parser: one byte becomes another."""
    return _LONE_RETURN.sub(b"\n", data) if b"\r" in data else data
