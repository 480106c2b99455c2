"""From a place in a unit's own text back to the place in its file.

In: a file's text, one of its units, and the others. Out: :class:`Origin`. A unit's text is its file's without the
unit's indentation and, for a class, without its members; this is the one place that undoes that.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from codekin_model.source.span import Span
from codekin_model.source.text import SourceText
from codekin_model.source.unit import CodeUnit


@dataclass(frozen=True, slots=True)
class Origin:
    """The runs of bytes that a unit's text is made of: where each starts in the unit's text, and where in the file."""

    starts: Sequence[int]
    file_starts: Sequence[int]
    end: int
    file_end: int

    def offset(self, at: int) -> int:
        """The byte of the file that byte ``at`` of ``unit.source`` came from; the unit's end for anything past it."""
        run = bisect_right(self.starts, at) - 1
        if run < 0 or at >= self.end:
            return self.file_end
        return self.file_starts[run] + at - self.starts[run]

    def span(self, span: Span) -> Span:
        """The bytes of the file from the first to the last of ``span``, with what was taken out between them."""
        start = self.offset(span.start)
        return Span(start, self.offset(span.end - 1) + 1 if span.end > span.start else start)


def origin(text: SourceText, unit: CodeUnit, units: Sequence[CodeUnit]) -> Origin:
    """Where the bytes of ``unit.source`` stand in ``text``; ``units`` are all units of that file."""
    is_outline = not unit.kind.is_function
    starts: list[int] = []
    file_starts: list[int] = []
    at = 0
    for line in _unit_lines(text, unit, units):
        written = b"".join(text.data[piece.start : piece.end] for piece in line)
        if is_outline and not written.strip():
            continue
        for piece in line:
            starts.append(at)
            file_starts.append(piece.start)
            at += piece.end - piece.start
        at -= is_outline and written.endswith(b"\r\n")  # outlines end their lines with a line feed alone
    return Origin(starts, file_starts, min(at, len(unit.source.encode("utf-8", "replace"))), unit.span.end)


def _unit_lines(text: SourceText, unit: CodeUnit, units: Sequence[CodeUnit]) -> Iterator[list[Span]]:
    """The lines of a unit without its members and its indentation, each as the runs of bytes that are left of it."""
    members = [] if unit.kind.is_function else [each.span for each in units if _holds(unit, each)]
    indent = text.data[unit.span.start - unit.indent : unit.span.start]
    for place, line in enumerate(_lines(text.data, _between(unit.span, members))):
        written = b"".join(text.data[piece.start : piece.end] for piece in line)
        yield _cut(line, len(indent)) if place and written.startswith(indent) else line


def _holds(unit: CodeUnit, other: CodeUnit) -> bool:
    return unit.span.start < other.span.start and other.span.end <= unit.span.end


def _between(span: Span, holes: Sequence[Span]) -> Iterator[Span]:
    """What ``holes``, which may lie inside each other, leave of ``span``."""
    at = span.start
    for hole in sorted(holes):
        if at < hole.start:
            yield Span(at, hole.start)
        at = max(at, hole.end)
    if at < span.end:
        yield Span(at, span.end)


def _lines(data: bytes, pieces: Iterable[Span]) -> Iterator[list[Span]]:
    line: list[Span] = []
    for piece in pieces:
        start = piece.start
        while start < piece.end:
            end = data.find(b"\n", start, piece.end) + 1 or piece.end
            line.append(Span(start, end))
            if data[end - 1 : end] == b"\n":
                yield line
                line = []
            start = end
    if line:
        yield line


def _cut(line: Sequence[Span], size: int) -> list[Span]:
    """``line`` without its first ``size`` bytes."""
    left: list[Span] = []
    for piece in line:
        cut = min(size, piece.end - piece.start)
        size -= cut
        left.append(Span(piece.start + cut, piece.end))
    return left
