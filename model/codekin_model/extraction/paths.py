"""Path contexts: what code2vec reads (Alon et al. 2019; astminer's role in Ngo & Rivalan 2025, section 3.1).

In: the syntax of one unit. Out: (start terminal, path, end terminal) triples with where the terminals stand. Pure:
the same unit always gives the same contexts. Must not know of vocabularies.

A *terminal* is a named leaf of the syntax tree that holds a letter, a digit or ``_``; a string literal is the one
terminal ``<STR>`` (inside an f-string: each literal part), comments and the docstring are none. A *path* is the node
types from one terminal up to the lowest common ancestor and down to the other, as ``(type)^(type)_(type)``, where
nodes with an operator carry it: ``(binary_operator:+)``.
"""

import random
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from tree_sitter import Node

from codekin_model.extraction.tokens import METHOD_NAME, subtokens
from codekin_model.source.span import Span
from codekin_model.source.tree import node_text
from codekin_model.source.unit_tree import UnitTree

STRING = "<STR>"

_STRINGS = frozenset({"string", "string_content"})
_WORDS = frozenset({"identifier", "integer", "float", "true", "false", "none"})
"""Leaves that hold a letter or a digit whatever their text, unless the parser made them up."""
_OPERATIONS = frozenset(
    {"binary_operator", "boolean_operator", "comparison_operator", "unary_operator", "augmented_assignment"}
)


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


def path_contexts(tree: UnitTree, *, masked: bool = False, limits: PathLimits | None = None) -> tuple[PathContext, ...]:
    """The path contexts of a unit, in source order of their terminals.

    More than ``limits.contexts`` are sampled with a fixed seed. With ``masked`` the function's own name, in recursive
    calls too, reads ``METHOD_NAME``.
    """
    limits = limits or PathLimits()
    own_name = tree.unit.name if masked and tree.unit.kind.is_function else None
    skeleton = _skeleton(tree)
    return tuple(_Walk(skeleton, _sides(skeleton, limits), limits, own_name).contexts())


@dataclass(frozen=True, slots=True)
class _Skeleton:
    """The abstract syntax tree as lists over its nodes in pre-order.

    ``ends`` holds the number after the last node below each, ``terminals`` the numbers of the terminals.
    """

    nodes: list[Node] = field(default_factory=list[Node])
    labels: list[str] = field(default_factory=list[str])
    parents: list[int] = field(default_factory=list[int])
    depths: list[int] = field(default_factory=list[int])
    children: list[list[int]] = field(default_factory=list[list[int]])
    ends: list[int] = field(default_factory=list[int])
    terminals: list[int] = field(default_factory=list[int])


def _skeleton(tree: UnitTree) -> _Skeleton:
    skeleton = _Skeleton()
    hole = tree.docstring.id if tree.docstring is not None else None
    stack: list[tuple[Node, int, int]] = [(tree.node, -1, 0)]
    while stack:
        node, parent, depth = stack.pop()
        if parent >= 0 and (node.is_extra or node.id == hole):
            continue
        number, kind = len(skeleton.nodes), node.type
        skeleton.nodes.append(node)
        skeleton.labels.append(_label(node, kind))
        skeleton.parents.append(parent)
        skeleton.depths.append(depth)
        skeleton.children.append([])
        if parent >= 0:
            skeleton.children[parent].append(number)
        children = _children(node, kind)
        if children is not None:
            stack.extend([(child, number, depth + 1) for child in reversed(children)])
        elif _is_terminal(node, kind):
            skeleton.terminals.append(number)
    skeleton.ends.extend(range(1, len(skeleton.nodes) + 1))
    for number in range(len(skeleton.nodes) - 1, 0, -1):
        parent = skeleton.parents[number]
        skeleton.ends[parent] = max(skeleton.ends[parent], skeleton.ends[number])
    return skeleton


def _children(node: Node, kind: str) -> list[Node] | None:
    """The children that may count in the abstract syntax tree; None for a leaf."""
    named = node.named_children
    if not named or kind == "string_content":
        return None
    if kind == "string":
        named = [child for child in named if child.type in ("interpolation", "string_content")]
        if all(child.type == "string_content" for child in named):
            return None
    return named


def _is_terminal(leaf: Node, kind: str) -> bool:
    if kind in _STRINGS:
        return True
    if kind in _WORDS:
        return not leaf.is_missing
    return any(character.isalnum() or character == "_" for character in node_text(leaf))


def _label(node: Node, kind: str) -> str:
    if kind not in _OPERATIONS:
        return f"({kind})"
    operators = node.children_by_field_name("operator") + node.children_by_field_name("operators")
    return f"({kind}:{''.join(''.join(map(node_text, operators)).split())})"


@dataclass(frozen=True, slots=True)
class _Side:
    """What lies within ``width`` places to the right of a node.

    ``partners`` counts, for each height, the terminals there that one that far below the node can be joined with;
    ``end`` is the number after the last node there.
    """

    partners: Sequence[int]
    end: int


def _sides(skeleton: _Skeleton, limits: PathLimits) -> list[_Side | None]:
    reach = _reach(skeleton, limits)
    sides: list[_Side | None] = [None] * len(skeleton.nodes)
    for siblings in skeleton.children:
        for place, number in enumerate(siblings[:-1], start=1):
            right = siblings[place : place + limits.width]
            if right:
                within = accumulate(map(sum, zip(*[reach[sibling] for sibling in right], strict=True)))
                # The higher the one terminal climbs, the less far down the other may stand.
                sides[number] = _Side(list(within)[::-1], skeleton.ends[right[-1]])
    return sides


def _reach(skeleton: _Skeleton, limits: PathLimits) -> list[list[int]]:
    """For each node: how many terminals stand 0, 1, ... edges below it, as far as a path may come up."""
    heights = range(limits.length - 1)
    reach = [[0] * len(heights) for _ in skeleton.nodes]
    for terminal in skeleton.terminals:
        number = terminal
        for height in heights:
            reach[number][height] += 1
            number = skeleton.parents[number]
            if number < 0:
                break
    return reach


@dataclass(frozen=True, slots=True)
class _End:
    """A terminal and the paths down to it: the n-th starts n edges above it."""

    terminal: Terminal
    descents: list[str]


@dataclass(frozen=True, slots=True)
class _Walk:
    """One pass over the pairs of terminals, in source order: it makes the contexts that are kept and counts the others.

    So a table of fifty thousand numbers costs no more than its leaves do.
    """

    skeleton: _Skeleton
    sides: list[_Side | None]
    limits: PathLimits
    own_name: str | None
    made: dict[int, _End] = field(default_factory=dict[int, _End])
    partners: dict[tuple[int, int], list[int]] = field(default_factory=dict[tuple[int, int], list[int]])

    def contexts(self) -> Iterator[PathContext]:
        counts = [sum(side.partners[height] for _, height, side in self._sides_of(t)) for t in self.skeleton.terminals]
        chosen = self._chosen(sum(counts))
        first, at = 0, 0
        for terminal, count in zip(self.skeleton.terminals, counts, strict=True):
            start, at = at, bisect_left(chosen, first + count, at)
            if at > start:
                yield from self._contexts_of(terminal, [rank - first for rank in chosen[start:at]])
            first += count

    def _chosen(self, total: int) -> Sequence[int]:
        """The ranks of the pairs that are kept, ascending."""
        if total <= self.limits.contexts:
            return range(total)
        # A sample of data, not a secret.
        return sorted(random.Random(self.limits.seed).sample(range(total), self.limits.contexts))  # noqa: S311

    def _sides_of(self, terminal: int) -> list[tuple[int, int, _Side]]:
        """The nodes from ``terminal`` up that have something to their right, and their height above it."""
        found: list[tuple[int, int, _Side]] = []
        number = terminal
        for height in range(self.limits.length - 1):
            side = self.sides[number]
            if side is not None:
                found.append((number, height, side))
            number = self.skeleton.parents[number]
            if number < 0:
                break
        return found

    def _contexts_of(self, terminal: int, ranks: Sequence[int]) -> Iterator[PathContext]:
        """The contexts that ``terminal`` starts with the partners at ``ranks`` (ascending) of all that it has."""
        start, first, at = self._end(terminal).terminal, 0, 0
        for number, height, side in self._sides_of(terminal):
            last = first + side.partners[height]
            stop = bisect_left(ranks, last, at)
            if stop > at:
                up, above = self._ascent(terminal, height + 1), self.skeleton.depths[number]
                partners = self._partners(number, side, self.limits.length - 2 - height)
                for rank in ranks[at:stop]:
                    partner = partners[rank - first]
                    end = self._end(partner)
                    down = end.descents[self.skeleton.depths[partner] - above]
                    yield PathContext(start, f"{up}_{down}", end.terminal)
            first, at = last, stop

    def _partners(self, number: int, side: _Side, room: int) -> list[int]:
        """The terminals at ``side`` of ``number`` that stand at most ``room`` edges deeper than it."""
        partners = self.partners.get((number, room))
        if partners is None:
            skeleton = self.skeleton
            first = bisect_left(skeleton.terminals, skeleton.ends[number])
            last = bisect_left(skeleton.terminals, side.end, first)
            deepest = skeleton.depths[number] + room
            partners = [each for each in skeleton.terminals[first:last] if skeleton.depths[each] <= deepest]
            self.partners[number, room] = partners
        return partners

    def _ascent(self, number: int, edges: int) -> str:
        labels = [self.skeleton.labels[number]]
        for _ in range(edges):
            number = self.skeleton.parents[number]
            labels.append(self.skeleton.labels[number])
        return "^".join(labels)

    def _end(self, number: int) -> _End:
        end = self.made.get(number)
        if end is None:
            end = self.made[number] = _End(
                _terminal(self.skeleton.nodes[number], self.own_name), self._descents(number)
            )
        return end

    def _descents(self, number: int) -> list[str]:
        descents = [self.skeleton.labels[number]]
        for _ in range(self.limits.length - 2):
            number = self.skeleton.parents[number]
            if number < 0:
                break
            descents.append(f"{self.skeleton.labels[number]}_{descents[-1]}")
        return descents


def _terminal(leaf: Node, own_name: str | None) -> Terminal:
    span = Span(leaf.start_byte, leaf.end_byte)
    if leaf.type in _STRINGS:
        return Terminal(STRING, span)
    text = node_text(leaf)
    return Terminal(METHOD_NAME if text == own_name else "|".join(subtokens(text)), span)
