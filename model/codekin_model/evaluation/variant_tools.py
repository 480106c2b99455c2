"""What all rewritings of a function need to know of its syntax tree.

In: a function's tree of the standard library's ``ast``. Out: which names it uses, names it does not, and its blocks one
by one. Must not know of any rewriting.
"""

import ast
import builtins
import keyword
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import cast

Function = ast.FunctionDef | ast.AsyncFunctionDef
Block = list[ast.stmt]

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_OPAQUE = frozenset(("locals", "vars", "eval", "exec", "dir"))
"""Functions through which code sees its own local names."""


class End(Enum):
    """What happens after the last statement of a block."""

    RETURN = auto()
    CONTINUE = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block stands. In a ``guarded`` one an error may be caught by what stands around it, in the function."""

    end: End
    guarded: bool = False
    in_class: bool = False


Rule = Callable[[Block, Place], Block]


def rewrite_blocks(function: Function, rule: Rule) -> None:
    """Put ``rule(block, place)`` for every block of ``function``, inner ones first, nested functions included."""
    function.body = _rewritten(function.body, Place(End.RETURN), rule)


def _rewritten(block: Block, place: Place, rule: Rule) -> Block:
    for statement in block:
        for holder, field, its in _inner(statement, replace(place, end=End.OTHER)):
            setattr(holder, field, _rewritten(getattr(holder, field), its, rule))
    return rule(block, place)


def _inner(statement: ast.stmt, around: Place) -> Iterator[tuple[ast.AST, str, Place]]:
    """The blocks inside a statement: what holds them, in which field, and where they stand."""
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield statement, "body", Place(End.RETURN)
        case ast.ClassDef():
            yield statement, "body", replace(around, in_class=True)
        case ast.For() | ast.AsyncFor() | ast.While():
            yield statement, "body", replace(around, end=End.CONTINUE)
            yield statement, "orelse", around
        case ast.If():
            yield statement, "body", around
            yield statement, "orelse", around
        case ast.With() | ast.AsyncWith():
            yield statement, "body", replace(around, guarded=True)
        case ast.Try() | ast.TryStar():
            guarded = replace(around, guarded=True)
            yield from ((statement, field, guarded) for field in ("body", "orelse", "finalbody"))
            yield from ((handler, "body", guarded) for handler in statement.handlers)
        case ast.Match():
            yield from ((case, "body", around) for case in statement.cases)
        case _:
            pass


def names_in(*nodes: ast.AST) -> Counter[str]:
    """How often each name is read, bound or deleted."""
    return Counter(each.id for node in nodes for each in ast.walk(node) if isinstance(each, ast.Name))


def is_opaque(function: Function) -> bool:
    """Whether the function may see its local names by other means than naming them."""
    return not _OPAQUE.isdisjoint(names_in(function))


def captured(function: Function) -> frozenset[str]:
    """Names that stand in nested functions, lambdas and classes, or are declared to be of another scope."""
    inner = [node for statement in function.body for node in ast.walk(statement) if isinstance(node, _SCOPES)]
    declared = (node for node in ast.walk(function) if isinstance(node, ast.Global | ast.Nonlocal))
    return frozenset(names_in(*inner)) | {name for node in declared for name in node.names}


def holds(nodes: Sequence[ast.AST], kinds: tuple[type[ast.AST], ...]) -> bool:
    """Whether a node of one of ``kinds`` stands in ``nodes``."""
    return any(isinstance(each, kinds) for node in nodes for each in ast.walk(node))


class FreshNames:
    """Gives names that a function does not use in any role."""

    def __init__(self, function: Function) -> None:
        self._used = set(dir(builtins)) | set(keyword.kwlist) | set(keyword.softkwlist) | _identifiers(function)

    def take(self, word: str) -> str:
        """``word``, or with the first number that makes it new."""
        name, number = word, 1
        while name in self._used:
            number += 1
            name = f"{word}_{number}"
        self._used.add(name)
        return name


def _identifiers(function: Function) -> set[str]:
    """Every string that is a field of a node, or of a list of one: names in any role, and constants at worst."""
    found: set[str] = set()
    for node in ast.walk(function):
        for _, value in ast.iter_fields(node):
            values = cast("list[object]", value) if isinstance(value, list) else [value]
            found.update(each for each in values if isinstance(each, str))
    return found
