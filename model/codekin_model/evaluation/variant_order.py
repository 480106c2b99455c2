"""A function with neighbouring statements swapped where neither depends on the other.

In: a function's tree. Out: the same tree, reordered in place. Two statements are swapped if both only read (names,
attributes, items, operators) and bind local names, or if one binds literals and aliases, which nothing else can change.
Operators and attributes are taken to have no side effects; which of two errors is raised first may change.
"""

import ast
from dataclasses import dataclass

from codekin_model.evaluation.variant_tools import (
    Block,
    Function,
    Place,
    captured,
    is_opaque,
    rewrite_blocks,
)

_LITERAL = (ast.Constant, ast.Name, ast.List, ast.Tuple, ast.expr_context)
_READING = (
    *_LITERAL,
    ast.Attribute,
    ast.Subscript,
    ast.Slice,
    ast.BinOp,
    ast.BoolOp,
    ast.UnaryOp,
    ast.Compare,
    ast.IfExp,
    ast.Dict,
    ast.JoinedStr,
    ast.FormattedValue,
    ast.operator,
    ast.boolop,
    ast.unaryop,
    ast.cmpop,
)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What a statement reads and binds, and how far its value depends on what others may change."""

    reads: frozenset[str]
    binds: frozenset[str]
    is_literal: bool
    is_reading: bool


def reorder(function: Function) -> None:
    """Swap what can be swapped, from the top, no statement twice."""
    if is_opaque(function):
        return
    shared = captured(function)

    def swapped(block: Block, place: Place) -> Block:
        if place.guarded or place.in_class:  # a handler may look at what was bound before the error
            return block
        return _swapped(block, shared)

    rewrite_blocks(function, swapped)


def _swapped(block: Block, shared: frozenset[str]) -> Block:
    found = list(block)
    at = 0
    while at + 1 < len(found):
        first, second = _facts(found[at]), _facts(found[at + 1])
        if first and second and _independent(first, second, shared):
            found[at], found[at + 1] = found[at + 1], found[at]
            at += 1
        at += 1
    return found


def _independent(first: _Facts, second: _Facts, shared: frozenset[str]) -> bool:
    if first.binds & (second.binds | second.reads) or second.binds & first.reads:
        return False
    if first.is_reading and second.is_reading:
        return True
    literal = first if first.is_literal else second
    return literal.is_literal and not literal.binds & shared


def _facts(statement: ast.stmt) -> _Facts | None:
    """None for anything but assignments and expressions."""
    if not isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Expr) or statement.value is None:
        return None
    names = [node for node in ast.walk(statement) if isinstance(node, ast.Name)]
    is_change = isinstance(statement, ast.AugAssign)
    reads = frozenset(name.id for name in names if isinstance(name.ctx, ast.Load) or is_change)
    binds = frozenset(name.id for name in names if not isinstance(name.ctx, ast.Load))
    simple = isinstance(statement, ast.Assign | ast.AnnAssign) and _binds_names_only(statement)
    return _Facts(
        reads=reads,
        binds=binds,
        is_literal=simple and _is_made_of(statement.value, _LITERAL),
        is_reading=simple and _is_made_of(statement.value, _READING),
    )


def _binds_names_only(statement: ast.Assign | ast.AnnAssign) -> bool:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return all(isinstance(target, ast.Name) for target in targets)


def _is_made_of(value: ast.expr, kinds: tuple[type[ast.AST], ...]) -> bool:
    return all(isinstance(node, kinds) for node in ast.walk(value))
