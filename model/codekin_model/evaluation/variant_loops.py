"""A function with its loops written another way.

In: a function's tree. Out: the same tree, rewritten in place:

- a list comprehension that is assigned or returned becomes a loop that appends, and such a loop a comprehension;
- any other ``for`` becomes a ``while`` over its iterator.

Each computes what it did. A loop stays as it is where its variables are used elsewhere, or where it could not be told
apart from outside how far it came.
"""

import ast
from collections import Counter
from dataclasses import dataclass

from codekin_model.evaluation.variant_tools import (
    Block,
    FreshNames,
    Function,
    Place,
    captured,
    holds,
    is_opaque,
    names_in,
    rewrite_blocks,
)

_ODD = (ast.Yield, ast.YieldFrom, ast.Await, ast.NamedExpr, ast.Lambda)
"""What must not move into or out of a comprehension."""


@dataclass(frozen=True)
class _Around:
    """What the rewriting of one loop must know of its function."""

    fresh: FreshNames
    names: Counter[str]
    shared: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Appending:
    """``for target in iterable: if test: name.append(element)``; there may be no test."""

    name: str
    element: ast.expr
    test: ast.expr | None


def rewrite_loops(function: Function) -> None:
    """Rewrite every loop that can be."""
    if is_opaque(function):
        return
    around = _Around(FreshNames(function), names_in(function), captured(function))

    def rewritten(block: Block, place: Place) -> Block:
        return block if place.in_class else _rewritten(block, place, around)

    rewrite_blocks(function, rewritten)


def _rewritten(block: Block, place: Place, around: _Around) -> Block:
    found: Block = []
    at = 0
    while at < len(block):
        statement, following = block[at], block[at + 1] if at + 1 < len(block) else None
        gathered = None if place.guarded or following is None else _gathered(statement, following, around)
        if gathered is not None:
            found.append(gathered)
            at += 1
        elif isinstance(statement, ast.For) and not statement.orelse:
            found += _while(statement, around)
        else:
            found += _unrolled(statement, around)
        at += 1
    return found


def _while(loop: ast.For, around: _Around) -> Block:
    """The loop over ``iter(...)``, asked for one more item until there is none."""
    name = around.fresh.take("iterator")
    start = ast.Assign([_bound(name)], _call("iter", loop.iter))
    take = ast.Assign([loop.target], _call("next", _read(name)))
    stop = ast.ExceptHandler(_read("StopIteration"), None, [ast.Break()])
    return [start, ast.While(ast.Constant(value=True), [ast.Try([take], [stop], [], []), *loop.body], [])]


def _unrolled(statement: ast.stmt, around: _Around) -> Block:
    """``x = [...]`` or ``return [...]`` with the comprehension as a loop; else the statement itself."""
    if not isinstance(statement, ast.Assign | ast.Return) or not isinstance(statement.value, ast.ListComp):
        return [statement]
    listed = statement.value
    targets = [generator.target for generator in listed.generators]
    if holds([listed], _ODD) or any(each.is_async for each in listed.generators):
        return [statement]
    if not all(_is_private(target, listed, around) for target in targets):
        return [statement]
    name = around.fresh.take("items")
    body: Block = [ast.Expr(ast.Call(ast.Attribute(_read(name), "append", ast.Load()), [listed.elt], []))]
    for generator in reversed(listed.generators):
        for test in reversed(generator.ifs):
            body = [ast.If(test, body, [])]
        body = [ast.For(generator.target, generator.iter, body, [])]
    statement.value = _read(name)
    return [ast.Assign([_bound(name)], ast.List([], ast.Load())), *body, statement]


def _gathered(start: ast.stmt, loop: ast.stmt, around: _Around) -> ast.stmt | None:
    """``name = []`` and the loop that appends to it, as one comprehension; None where the two are not that."""
    match start, loop:
        case (
            ast.Assign(targets=[ast.Name(id=name)], value=ast.List(elts=[])),
            ast.For(orelse=[]) as over,
        ):
            appending = _appending(over)
        case _:
            return None
    if appending is None or appending.name != name or name in around.shared:
        return None
    tests = [] if appending.test is None else [appending.test]
    if holds([over], _ODD) or name in names_in(appending.element, over.iter, *tests):
        return None
    if not _is_private(over.target, over, around):
        return None
    generator = ast.comprehension(over.target, over.iter, tests, 0)
    return ast.Assign([_bound(name)], ast.ListComp(appending.element, [generator]))


def _appending(loop: ast.For) -> _Appending | None:
    test, body = None, loop.body
    match body:
        case [ast.If(test=test, body=body, orelse=[])]:
            pass
        case _:
            pass
    match body:
        case [
            ast.Expr(
                value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="append"), args=[element], keywords=[])
            )
        ] if not isinstance(element, ast.Starred):
            return _Appending(name, element, test)
        case _:
            return None


def _is_private(target: ast.expr, inside: ast.AST, around: _Around) -> bool:
    """Whether ``target`` is names, or a tuple of them, that stand nowhere in the function but ``inside``."""
    parts = target.elts if isinstance(target, ast.Tuple) else [target]
    here = names_in(inside)
    return all(
        isinstance(part, ast.Name) and here[part.id] == around.names[part.id] and part.id not in around.shared
        for part in parts
    )


def _bound(name: str) -> ast.Name:
    return ast.Name(name, ast.Store())


def _read(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def _call(name: str, argument: ast.expr) -> ast.Call:
    return ast.Call(_read(name), [argument], [])
