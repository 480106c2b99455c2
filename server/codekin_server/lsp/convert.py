"""The only translator between bytes in a text and positions as an editor counts them.

In: a text, a client's encoding, byte spans or LSP positions. Out: the other. A position past the end of a line or of
the text is clamped, one inside a character is moved to its start. Must not know of files, documents or features.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from lsprotocol import types

from codekin_model.source.span import Span
from codekin_model.source.text import SourceText

_LINE_END = re.compile(rb"\r\n|\n|\r")


@dataclass(frozen=True)
class Positions:
    """One text as one client counts it."""

    text: SourceText
    encoding: types.PositionEncodingKind | str = types.PositionEncodingKind.Utf16

    def offset(self, position: types.Position) -> int:
        """The byte that ``position`` stands before."""
        if position.line >= len(self._starts):
            return len(self.text.data)
        row = self._row(max(0, position.line))
        return row.start + self._width_in_bytes(self.text.data[row.start : row.end], max(0, position.character))

    def position(self, offset: int) -> types.Position:
        """Where byte ``offset`` stands."""
        line = bisect_right(self._starts, max(0, min(offset, len(self.text.data)))) - 1
        row = self._row(line)
        before = self.text.data[row.start : max(row.start, min(offset, row.end))]
        return types.Position(line, self._units(before))

    def span(self, place: types.Range) -> Span:
        """The bytes between the ends of ``place``, whichever of them comes first."""
        ends = sorted((self.offset(place.start), self.offset(place.end)))
        return Span(ends[0], ends[1])

    def range(self, span: Span) -> types.Range:
        """The range that covers ``span``."""
        return types.Range(self.position(span.start), self.position(span.end))

    def line_range(self, start_line: int, end_line: int) -> types.Range:
        """Whole lines, 1-based as codekin counts them, without the last one's end."""
        starts = self.text.line_starts
        first = starts[min(start_line, len(starts)) - 1]
        last = self.position(starts[min(end_line, len(starts)) - 1])
        return types.Range(self.position(first), self.position(self._row(last.line).end))

    def source_line(self, position: types.Position) -> int:
        """The 1-based line, as codekin counts them, that ``position`` stands in."""
        return self.text.line_at(self.offset(position)) + 1

    @cached_property
    def _starts(self) -> Sequence[int]:
        """A client also ends a line at a lone carriage return, which the rest of codekin does not."""
        data = self.text.data
        if data.count(b"\r") == data.count(b"\r\n"):
            return self.text.line_starts
        return [0, *(match.end() for match in _LINE_END.finditer(data))]

    def _row(self, line: int) -> Span:
        """The bytes of a line without its end."""
        start = self._starts[line]
        if line + 1 >= len(self._starts):
            return Span(start, len(self.text.data))
        end = self._starts[line + 1]
        return Span(start, end - (2 if self.text.data[start:end].endswith(b"\r\n") else 1))

    def _width_in_bytes(self, row: bytes, units: int) -> int:
        if self.encoding == types.PositionEncodingKind.Utf8:
            return len(row[:units].decode("utf-8", "ignore").encode())
        if row.isascii():
            return min(units, len(row))
        if self.encoding == types.PositionEncodingKind.Utf32:
            return len(row.decode()[:units].encode())
        return len(row.decode().encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore").encode())

    def _units(self, before: bytes) -> int:
        text = before.decode("utf-8", "ignore")
        if self.encoding == types.PositionEncodingKind.Utf8:
            return len(text.encode())
        if self.encoding == types.PositionEncodingKind.Utf32:
            return len(text)
        return len(text.encode("utf-16-le")) // 2
