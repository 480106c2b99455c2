"""Copies of a function that compute the same and read otherwise: renamed, reordered, refactored.

In: a function. Out: the copy as another function, or None where nothing could be changed. Copies are written by
``ast.unparse``, so comments and layout go in any case; the docstring goes too. Deterministic. What this interpreter
cannot parse has no copies.
"""

import ast
import warnings
from dataclasses import replace
from enum import StrEnum

from codekin_model.corpus.function import CorpusFunction
from codekin_model.evaluation.variant_branches import rewrite_branches
from codekin_model.evaluation.variant_loops import rewrite_loops
from codekin_model.evaluation.variant_names import rename
from codekin_model.evaluation.variant_order import reorder
from codekin_model.evaluation.variant_tools import Function
from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.units import find_units


class Rewriting(StrEnum):
    """What is done to a function; ``ALL`` is the three others, one after another."""

    RENAMED = "renamed"
    REORDERED = "reordered"
    REFACTORED = "refactored"
    ALL = "all three"


def variant_of(function: CorpusFunction, rewriting: Rewriting) -> CorpusFunction | None:
    """The rewritten copy of ``function``, under the same qualified name."""
    source = rewritten(function.unit.source, rewriting)
    if source is None:
        return None
    unit = next((each for each in find_units(parse(text_of(source))) if each.kind.is_function), None)
    if unit is None or unit.name != function.unit.name:
        return None
    own = function.unit
    return replace(function, unit=replace(unit, kind=own.kind, qualified_name=own.qualified_name, docstring=None))


def rewritten(source: str, rewriting: Rewriting) -> str | None:
    """The text of the copy of the one function in ``source``."""
    function = _parsed(source)
    if function is None:
        return None
    try:
        before = ast.dump(function)
        _rewrite(function, rewriting, source)
        return None if ast.dump(function) == before else ast.unparse(ast.fix_missing_locations(function))
    except RecursionError:  # an expression nested thousands deep
        return None


def _rewrite(function: Function, rewriting: Rewriting, seed: str) -> None:
    if rewriting in (Rewriting.REFACTORED, Rewriting.ALL):
        rewrite_loops(function)
        rewrite_branches(function)
    if rewriting in (Rewriting.REORDERED, Rewriting.ALL):
        reorder(function)
    if rewriting in (Rewriting.RENAMED, Rewriting.ALL):
        rename(function, seed)


def _parsed(source: str) -> Function | None:
    """The tree without its docstring; None where ``source`` is not one function with something else in it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about escapes in strings of code that is not ours
            body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if len(body) != 1 or not isinstance(body[0], ast.FunctionDef | ast.AsyncFunctionDef):
        return None
    function = body[0]
    if ast.get_docstring(function, clean=False) is not None:
        function.body = function.body[1:]
    return function if function.body else None
