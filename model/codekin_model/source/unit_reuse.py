"""Finding the units of a file again after an edit, without looking at what the edit left alone.

In: the tree and units from before, and the tree after. Out: exactly the units that :func:`find_units` would give (a
property test says so), at the cost of the statements that changed. Must not know of editors or documents.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from tree_sitter import Node

from codekin_model.source.difference import edit_between
from codekin_model.source.span import Edit, Span
from codekin_model.source.tree import SyntaxTree
from codekin_model.source.unit import CodeUnit, UnitKind
from codekin_model.source.units import find_units

_MOST_CHANGED = 8
"""With more statements changed than this, one look at the whole file is cheaper."""

_HEAD_AND_DEFINITION = 2


@dataclass(frozen=True)
class _StatementTree(SyntaxTree):
    """One top-level statement of a file, offered as if the file held nothing else."""

    statement: Node

    @property
    def root(self) -> Node:
        return self.statement


@dataclass(frozen=True, slots=True)
class _Statement:
    """A top-level statement; ``same`` says that it is what it was, ``shift`` where it came from."""

    node: Node
    start: int
    end: int
    same: bool
    shift: "_Shift"


@dataclass(frozen=True, slots=True)
class _Shift:
    """How far something moved."""

    by: int
    lines: int


_AT_REST = _Shift(0, 0)


def find_units_again(previous: SyntaxTree, units: Sequence[CodeUnit], tree: SyntaxTree) -> tuple[CodeUnit, ...]:
    """The units of ``tree``, which came from reparsing ``previous``; ``units`` are those of ``previous``."""
    edit = edit_between(previous.text.data, tree.text.data)
    if len(units) < _HEAD_AND_DEFINITION or units[0].kind is not UnitKind.MODULE or edit.start <= units[1].span.end:
        return find_units(tree)
    statements = list(_statements(previous, tree, edit))
    changed = [each for each in statements if not each.same]
    if len(changed) > _MOST_CHANGED or any(each.start <= units[1].span.end for each in changed):
        return find_units(tree)
    starts = [unit.span.start for unit in units]
    found = [units[0]]
    for statement in statements:
        if statement.same:
            found += _units_moved(statement, units, starts)
        else:
            found += _units_in(tree, statement.node)
    return tuple(found) if _top_level_names(found) == _top_level_names(units) else find_units(tree)


def _statements(previous: SyntaxTree, tree: SyntaxTree, edit: Edit) -> Iterator[_Statement]:
    before = {(node.start_byte, node.end_byte): node.type for node in previous.root.children}
    changes = _changes(previous, tree, edit)
    below = _Shift(edit.new_end - edit.old_end, tree.text.line_at(edit.new_end) - previous.text.line_at(edit.old_end))
    at = 0
    for node in tree.root.children:
        start, end = node.start_byte, node.end_byte
        while at < len(changes) and changes[at].end < start:
            at += 1
        shift = below if start > edit.new_end else _AT_REST
        untouched = at == len(changes) or end < changes[at].start
        same = untouched and before.get((start - shift.by, end - shift.by)) == node.type
        yield _Statement(node, start, end, same, shift)


def _changes(previous: SyntaxTree, tree: SyntaxTree, edit: Edit) -> list[Span]:
    """Where the text or the syntax of the new text differs, in order, each to the end of its line (indentation)."""
    old = previous.tree.copy()
    points = (
        previous.text.point_at(edit.start),
        previous.text.point_at(edit.old_end),
        tree.text.point_at(edit.new_end),
    )
    old.edit(edit.start, edit.old_end, edit.new_end, *points)
    spans = [Span(each.start_byte, each.end_byte) for each in old.changed_ranges(tree.tree)]
    spans.append(Span(edit.start, edit.new_end))
    return _joined(sorted(Span(span.start, _line_end(tree.text.data, span.end)) for span in spans))


def _line_end(data: bytes, offset: int) -> int:
    end = data.find(b"\n", offset)
    return len(data) if end < 0 else end


def _joined(spans: Sequence[Span]) -> list[Span]:
    """``spans``, sorted by start, with those that overlap made one."""
    joined: list[Span] = []
    for span in spans:
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined


def _units_in(tree: SyntaxTree, statement: Node) -> Iterator[CodeUnit]:
    units = find_units(_StatementTree(tree.text, tree.tree, statement))
    return (unit for unit in units if unit.kind is not UnitKind.MODULE)


def _units_moved(statement: _Statement, units: Sequence[CodeUnit], starts: Sequence[int]) -> Iterable[CodeUnit]:
    """The units inside an unchanged statement, at their new place."""
    shift = statement.shift
    first = bisect_left(starts, statement.start - shift.by, lo=1)
    inside = units[first : bisect_left(starts, statement.end - shift.by, lo=first)]
    return inside if shift == _AT_REST else [_moved(unit, shift) for unit in inside]


def _moved(unit: CodeUnit, shift: _Shift) -> CodeUnit:
    return replace(
        unit,
        span=unit.span.shifted(shift.by),
        name_span=unit.name_span.shifted(shift.by) if unit.name_span else None,
        start_line=unit.start_line + shift.lines,
        end_line=unit.end_line + shift.lines,
    )


def _top_level_names(units: Sequence[CodeUnit]) -> list[str]:
    """What the module's head lists as defined below it."""
    return [unit.name for unit in units[1:] if unit.name == unit.qualified_name]
