"""Path contexts: what code2vec reads (Alon et al. 2019; astminer's role in Ngo & Rivalan 2025, section 3.1).

In: the syntax of one unit. Out: (start terminal, path, end terminal) triples with where the terminals stand. Pure:
the same unit always gives the same contexts. Must not know of vocabularies.

A *terminal* is a named leaf of the syntax tree that holds a letter, a digit or ``_``; a string literal is the one
terminal ``<STR>`` (inside an f-string: each literal part), comments and the docstring are none. A *path* is the node
types from one terminal up to the lowest common ancestor and down to the other, as ``(type)^(type)_(type)``, where
nodes with an operator carry it: ``(binary_operator:+)``.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tree_sitter import Node

from codekin_model.extraction.tokens import METHOD_NAME, subtokens
from codekin_model.source.span import Span
from codekin_model.source.unit_tree import UnitTree

STRING = "<STR>"


@dataclass(frozen=True, slots=True)
class PathLimits:
    """``length`` in edges, ``width`` in child positions at the lowest common ancestor, ``contexts`` per unit."""

    length: int = 8
    width: int = 2
    contexts: int = 200
    seed: int = 17


@dataclass(frozen=True, slots=True)
class Terminal:
    """A leaf: sub-tokens joined by ``|``, and its bytes in the unit's source."""

    token: str
    span: Span


@dataclass(frozen=True, slots=True)
class PathContext:
    """Two terminals, in source order, and the path between them."""

    start: Terminal
    path: str
    end: Terminal


@dataclass(frozen=True, slots=True)
class _Branch:
    """A terminal seen from one of its ancestors: ``up`` and ``down`` are the path to and from there."""

    order: int
    height: int
    up: str
    down: str


def path_contexts(tree: UnitTree, *, masked: bool = False, limits: PathLimits | None = None) -> tuple[PathContext, ...]:
    """The path contexts of a unit, in source order of their terminals.

    More than ``limits.contexts`` are sampled with a fixed seed. With ``masked`` the function's own name, in recursive
    calls too, reads ``METHOD_NAME``.
    """
    limits = limits or PathLimits()
    own_name = tree.unit.name if masked and tree.unit.kind.is_function else None
    terminals: list[Terminal] = []
    pairs = list(_pairs(tree, own_name, limits, terminals))
    pairs.sort(key=lambda pair: (pair[0].order, pair[1].order))
    if len(pairs) > limits.contexts:
        kept = sorted(random.Random(limits.seed).sample(range(len(pairs)), limits.contexts))
        pairs = [pairs[at] for at in kept]
    return tuple(PathContext(terminals[a.order], f"{a.up}^{top}_{b.down}", terminals[b.order]) for a, b, top in pairs)


def _pairs(
    tree: UnitTree, own_name: str | None, limits: PathLimits, terminals: list[Terminal]
) -> Iterator[tuple[_Branch, _Branch, str]]:
    """Walk bottom-up without recursion; at each node join the branches of children at most ``width`` apart."""
    done: dict[int, list[_Branch]] = {}
    stack: list[tuple[Node, list[Node] | None]] = [(tree.node, None)]
    while stack:
        node, children = stack.pop()
        if children is None:
            if not _is_leaf(node):
                children = _children(node, tree.docstring)
                stack.append((node, children))
                stack.extend((child, None) for child in reversed(children))
                continue
            terminal = _terminal(node, own_name)
            done[node.id] = []
            if terminal is not None:
                terminals.append(terminal)
                done[node.id] = [_Branch(len(terminals) - 1, 0, f"({node.type})", f"({node.type})")]
            continue
        label = _label(node)
        columns = [[_raised(branch) for branch in done.pop(child.id)] for child in children]
        yield from ((a, b, label) for a, b in _joined(columns, limits))
        done[node.id] = [
            _Branch(branch.order, branch.height, f"{branch.up}^{label}", f"{label}_{branch.down}")
            for column in columns
            for branch in column
            if branch.height < limits.length - 1
        ]


def _raised(branch: _Branch) -> _Branch:
    return _Branch(branch.order, branch.height + 1, branch.up, branch.down)


def _joined(columns: Sequence[list[_Branch]], limits: PathLimits) -> Iterator[tuple[_Branch, _Branch]]:
    for at, left in enumerate(columns):
        for right in columns[at + 1 : at + 1 + limits.width]:
            for a in left:
                for b in right:
                    if a.height + b.height <= limits.length:
                        yield a, b


def _is_leaf(node: Node) -> bool:
    if node.type == "string":
        return not any(child.type == "interpolation" for child in node.named_children)
    return node.type == "string_content" or node.named_child_count == 0


def _children(node: Node, docstring: Node | None) -> list[Node]:
    """The children that count in the abstract syntax tree."""
    named = node.named_children
    if node.type == "string":
        named = [child for child in named if child.type in ("interpolation", "string_content")]
    hole = docstring.id if docstring is not None else None
    return [child for child in named if not child.is_extra and child.id != hole]


def _terminal(node: Node, own_name: str | None) -> Terminal | None:
    span = Span(node.start_byte, node.end_byte)
    if node.type in ("string", "string_content"):
        return Terminal(STRING, span)
    text = (node.text or b"").decode("utf-8", "replace")
    if not any(character.isalnum() or character == "_" for character in text):
        return None
    return Terminal(METHOD_NAME if text == own_name else "|".join(subtokens(text)), span)


def _label(node: Node) -> str:
    operators = node.children_by_field_name("operator") + node.children_by_field_name("operators")
    if not operators:
        return f"({node.type})"
    text = "".join((operator.text or b"").decode("utf-8", "replace") for operator in operators)
    return f"({node.type}:{''.join(text.split())})"
