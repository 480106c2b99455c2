"""Finding the units of a file again after an edit, without looking at what the edit left alone.

In: the tree and units from before, and the tree after. Out: exactly the units that :func:`find_units` would give (a
property test says so), at the cost of the statements that changed. Must not know of editors or documents.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter

from tree_sitter import Node

from codekin_model.source.difference import edit_between
from codekin_model.source.span import Edit, Span
from codekin_model.source.tree import SyntaxTree
from codekin_model.source.unit import CodeUnit, UnitKind
from codekin_model.source.units import find_units, module_head

_MOST_CHANGED = 8
"""With more statements changed than this, one look at the whole file is cheaper."""

_HEAD_AND_DEFINITION = 2

_Statement = tuple[int, int, str]
"""Where a top-level statement starts and ends, and what it is."""


@dataclass(frozen=True)
class _StatementTree(SyntaxTree):
    """One top-level statement of a file, offered as if the file held nothing else."""

    statement: Node

    @property
    def root(self) -> Node:
        return self.statement


@dataclass(frozen=True, slots=True)
class _Shift:
    """How far something moved."""

    by: int
    lines: int


def find_units_again(previous: SyntaxTree, units: Sequence[CodeUnit], tree: SyntaxTree) -> tuple[CodeUnit, ...]:
    """The units of ``tree``, which came from reparsing ``previous``; ``units`` are those of ``previous``."""
    edit = edit_between(previous.text.data, tree.text.data)
    if len(units) < _HEAD_AND_DEFINITION or units[0].kind is not UnitKind.MODULE or edit.start <= units[1].span.end:
        return find_units(tree)
    by = edit.new_end - edit.old_end
    before, after = _statements(previous), _statements(tree)
    changed = _changed(previous, tree, edit)
    first = bisect_left(after, changed.start, key=itemgetter(1))
    last = bisect_right(after, changed.end, lo=first, key=itemgetter(0))
    above, below = after[:first], after[last:]
    if (
        last - first > _MOST_CHANGED
        or (first < last and after[first][0] <= units[1].span.end)
        or before[:first] != above
        or before[len(before) - len(below) :] != [(start - by, end - by, kind) for start, end, kind in below]
    ):
        return find_units(tree)
    starts = [unit.span.start for unit in units]
    found = list(units[: bisect_left(starts, above[-1][1] if above else 0, lo=1)])
    for statement in tree.root.children[first:last]:
        found += _units_in(tree, statement)
    if below:
        shift = _Shift(by, tree.text.line_at(edit.new_end) - previous.text.line_at(edit.old_end))
        found += [_moved(unit, shift) for unit in units[bisect_left(starts, below[0][0] - by, lo=1) :]]
    return (_head_again(tree, units, found), *found[1:])


def _statements(tree: SyntaxTree) -> list[_Statement]:
    return [(node.start_byte, node.end_byte, node.type) for node in tree.root.children]


def _changed(previous: SyntaxTree, tree: SyntaxTree, edit: Edit) -> Span:
    """Where the text or the syntax of the new text differs, from first to last, to the end of a line (indentation)."""
    old = previous.tree.copy()
    points = (
        previous.text.point_at(edit.start),
        previous.text.point_at(edit.old_end),
        tree.text.point_at(edit.new_end),
    )
    old.edit(edit.start, edit.old_end, edit.new_end, *points)
    ranges = old.changed_ranges(tree.tree)
    start = min(edit.start, *(each.start_byte for each in ranges)) if ranges else edit.start
    end = max(edit.new_end, *(each.end_byte for each in ranges)) if ranges else edit.new_end
    return Span(start, _line_end(tree.text.data, end))


def _line_end(data: bytes, offset: int) -> int:
    end = data.find(b"\n", offset)
    return len(data) if end < 0 else end


def _units_in(tree: SyntaxTree, statement: Node) -> Iterator[CodeUnit]:
    units = find_units(_StatementTree(tree.text, tree.tree, statement))
    return (unit for unit in units if unit.kind is not UnitKind.MODULE)


def _moved(unit: CodeUnit, shift: _Shift) -> CodeUnit:
    # written out: dataclasses.replace takes three times as long, and all below the cursor moves with each key
    return CodeUnit(
        unit.kind,
        unit.name,
        unit.qualified_name,
        unit.span.shifted(shift.by),
        unit.name_span.shifted(shift.by) if unit.name_span else None,
        unit.start_line + shift.lines,
        unit.end_line + shift.lines,
        unit.source,
        unit.docstring,
        unit.fingerprint,
        unit.indent,
    )


def _head_again(tree: SyntaxTree, before: Sequence[CodeUnit], found: Sequence[CodeUnit]) -> CodeUnit:
    """The module's head, whose text stayed as it was, with the names that are now defined below it."""
    names = _top_level_names(found)
    return before[0] if names == _top_level_names(before) else module_head(tree, before[1].span.start, names)


def _top_level_names(units: Sequence[CodeUnit]) -> list[str]:
    return [unit.name for unit in units[1:] if unit.name == unit.qualified_name]
