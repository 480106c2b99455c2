"""From the model's attention to places in the file.

In: a function, its contexts as the model read them, and the weight of each. Out: weighted contexts with spans in the
file, strongest first. Must not know of stores, workers or terminals.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from codekin_model.extraction.paths import PathContext
from codekin_model.source.span import Span
from codekin_model.source.text import SourceText
from codekin_model.source.unit import CodeUnit
from codekin_server.answers import WeightedContext


@dataclass(frozen=True, slots=True)
class FilePositions:
    """Where the lines of a function's own text, whose indentation was taken off, stand in its file."""

    in_unit: Sequence[int]
    in_file: Sequence[int]

    @classmethod
    def of(cls, unit: CodeUnit, text: SourceText) -> "FilePositions":
        """Read off which lines lost their indentation, as :func:`~codekin_model.source.units.dedent` takes it."""
        data = text.data[unit.span.start : unit.span.end]
        line_start = text.line_starts[text.line_at(unit.span.start)]
        indent = text.data[line_start : unit.span.start] if unit.indent else b""
        in_unit, in_file, unit_at, file_at = [0], [unit.span.start], 0, unit.span.start
        lines = data.split(b"\n")
        for line, following in pairwise(lines):
            taken_here = in_file[-1] - file_at
            unit_at += len(line) - taken_here + 1
            file_at += len(line) + 1
            in_unit.append(unit_at)
            in_file.append(file_at + (len(indent) if following.startswith(indent) else 0))
        return cls(in_unit, in_file)

    def span(self, span: Span) -> Span:
        """The bytes of the file that ``span`` of the unit's text is."""
        return Span(self._offset(span.start), self._offset(span.end))

    def _offset(self, offset: int) -> int:
        line = bisect_right(self.in_unit, offset) - 1
        return self.in_file[line] + offset - self.in_unit[line]


def weighted_contexts(
    unit: CodeUnit, text: SourceText, contexts: Sequence[PathContext], weights: Sequence[float]
) -> tuple[WeightedContext, ...]:
    """The contexts of a function with their places in the file, strongest first."""
    positions = FilePositions.of(unit, text)
    weighted = [
        WeightedContext(
            start=context.start.token,
            path=context.path,
            end=context.end.token,
            start_span=positions.span(context.start.span),
            end_span=positions.span(context.end.span),
            weight=weight,
        )
        for context, weight in zip(contexts, weights, strict=True)
    ]
    return tuple(sorted(weighted, key=lambda each: -each.weight))
