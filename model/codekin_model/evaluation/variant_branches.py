"""A function with its branches written another way: else first, or returned from early.

In: a function's tree. Out: the same tree, rewritten in place:

- ``if c: A else: B`` becomes ``if not c: B else: A``, and likewise the conditional expression; where A leaves the
  block, B needs no ``else``;
- ``if c: A`` at the end of a function or a loop becomes ``if not c: return`` (or ``continue``), then A.

Each computes what it did: conditions are negated, never replaced by their opposite operator, but for ``is`` and ``in``.
"""

import ast

from codekin_model.evaluation.variant_tools import Block, End, Function, Place, rewrite_blocks

_LEAVING = (ast.Return, ast.Raise, ast.Continue, ast.Break)
_OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}


def rewrite_branches(function: Function) -> None:
    """Rewrite every branch that can be."""
    rewrite_blocks(function, _rewritten)
    swap = _ExpressionSwap()
    function.body = [swap.visit(statement) for statement in function.body]


def negated(test: ast.expr) -> ast.expr:
    """True exactly where ``test`` is false."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return operand
        case ast.Compare(left=left, ops=[op], comparators=comparators) if type(op) in _OPPOSITE:
            return ast.Compare(left, [_OPPOSITE[type(op)]()], comparators)
        case _:
            return ast.UnaryOp(ast.Not(), test)


class _ExpressionSwap(ast.NodeTransformer):
    def visit_IfExp(self, node: ast.IfExp) -> ast.IfExp:
        self.generic_visit(node)
        return ast.IfExp(negated(node.test), node.orelse, node.body)


def _rewritten(block: Block, place: Place) -> Block:
    found: Block = []
    for at, statement in enumerate(block):
        is_last = at + 1 == len(block)
        found += (
            _branch(statement, place.end if is_last else End.OTHER) if isinstance(statement, ast.If) else [statement]
        )
    return found


def _branch(branch: ast.If, end: End) -> Block:
    if branch.orelse and isinstance(branch.body[-1], _LEAVING):
        return [ast.If(branch.test, branch.body, []), *branch.orelse]
    if branch.orelse:
        return [ast.If(negated(branch.test), branch.orelse, branch.body)]
    if end is End.OTHER:
        return [branch]
    leave = ast.Return() if end is End.RETURN else ast.Continue()
    return [ast.If(negated(branch.test), [leave], []), *branch.body]
