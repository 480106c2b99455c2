"""CoCoAST's hierarchical splitting (Shi et al. 2023): a syntax tree as a tree of small subtrees.

In: the syntax of one unit. Out: :class:`LabelledTree`, the abstract syntax tree that CoCoAST reads, and
:class:`StructureTree`, the same tree in pieces. Nothing is lost: the pieces could be put together again. Every walk
keeps its own stack or none, so that no depth of code is too deep. Must not know of vocabularies.

Labels: a node keeps tree-sitter's type, in capitals, so that no word of the code can be taken for one (``list`` is
both); operators stand behind a colon (``BINARY_OPERATOR:+``) and ``ASYNC_`` before what is asynchronous. Identifiers
and numbers have their sub-tokens as leaves below them. A string is ``<STR>``; an f-string keeps what it interpolates.
Comments and the docstring are left out. Decorators are the first children of what they decorate.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tree_sitter import Node

from codekin_model.extraction.tokens import METHOD_NAME, subtokens
from codekin_model.source.tree import node_text
from codekin_model.source.unit_tree import UnitTree

STRING, NESTED = "<STR>", "NESTED_"
SIGNATURE, STATEMENTS = "SIGNATURE", "STATEMENTS"
"""Roots that stand for no node of the tree: they hold several pieces of one level together."""

_OPERATIONS = frozenset(
    {"binary_operator", "boolean_operator", "comparison_operator", "unary_operator", "augmented_assignment"}
)
_MAYBE_ASYNC = frozenset({"function_definition", "for_statement", "with_statement", "for_in_clause"})
_WORDS = frozenset({"identifier", "integer", "float", "type_conversion"})
_BODY = "BLOCK"
_DEFINITIONS = frozenset({"FUNCTION_DEFINITION", "ASYNC_FUNCTION_DEFINITION", "CLASS_DEFINITION"})
_COMPOUND = _DEFINITIONS | {
    "IF_STATEMENT",
    "FOR_STATEMENT",
    "ASYNC_FOR_STATEMENT",
    "WHILE_STATEMENT",
    "TRY_STATEMENT",
    "WITH_STATEMENT",
    "ASYNC_WITH_STATEMENT",
    "MATCH_STATEMENT",
}


@dataclass(frozen=True, slots=True)
class LabelledTree:
    """Nodes in pre-order: ``parents[n]`` is the number of the node above node ``n``, -1 above the root."""

    labels: tuple[str, ...]
    parents: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Subtree:
    """A piece, as :class:`LabelledTree`. ``holes`` are the leaves that stand for other pieces, in order."""

    labels: tuple[str, ...]
    parents: tuple[int, ...]
    holes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StructureTree:
    """Pieces in pre-order, the overview first: ``parents[n]`` is the piece that has a hole for piece ``n``, or -1."""

    subtrees: tuple[Subtree, ...]
    parents: tuple[int, ...]


def structure_tree(tree: UnitTree, *, masked: bool = False) -> StructureTree:
    """What CoCoAST reads of a unit. With ``masked`` its own name, in recursive calls too, is ``METHOD_NAME``."""
    return split(labelled_tree(tree, masked=masked))


def labelled_tree(tree: UnitTree, *, masked: bool = False) -> LabelledTree:
    """The abstract syntax tree of a unit, docstring and comments left out."""
    own_name = tree.unit.name if masked and tree.unit.kind.is_function else None
    hole = tree.docstring.id if tree.docstring is not None else None
    labels: list[str] = []
    parents: list[int] = []
    stack: list[tuple[Node, int]] = [(tree.node, -1)]
    while stack:
        node, parent = stack.pop()
        if parent >= 0 and (node.is_extra or node.id == hole):
            continue
        kind, before = node.type, list[Node]()
        if kind == "decorated_definition":
            node, before = _undecorated(node)
            kind = node.type
        number = len(labels)
        labels.append(_label(node, kind))
        parents.append(parent)
        if kind in _WORDS:
            words = _words(node, own_name)
            labels.extend(words)
            parents.extend([number] * len(words))
        else:
            stack.extend([(child, number) for child in reversed(before + _children(node, kind))])
    return LabelledTree(tuple(labels), tuple(parents))


def _undecorated(node: Node) -> tuple[Node, list[Node]]:
    """The definition inside a decorated one, and the decorators; itself where the parser found no definition."""
    definition = node.child_by_field_name("definition")
    if definition is None:
        return node, []
    return definition, [child for child in node.named_children if child.id != definition.id]


def _children(node: Node, kind: str) -> list[Node]:
    if kind == "string_content":
        return []
    if kind == "string":
        parts = [child for child in node.named_children if child.type in ("interpolation", "string_content")]
        return parts if any(part.type == "interpolation" for part in parts) else []
    return node.named_children


def _label(node: Node, kind: str) -> str:
    if kind == "string_content" or (kind == "string" and not _children(node, kind)):
        return STRING
    label = kind.upper()
    if kind in _OPERATIONS:
        operators = node.children_by_field_name("operator") + node.children_by_field_name("operators")
        return f"{label}:{''.join(''.join(map(node_text, operators)).split())}"
    if kind in _MAYBE_ASYNC:
        return f"ASYNC_{label}" if any(child.type == "async" for child in node.children[:1]) else label
    return label


def _words(leaf: Node, own_name: str | None) -> Sequence[str]:
    text = node_text(leaf)
    return (METHOD_NAME,) if text == own_name else subtokens(text)


def split(tree: LabelledTree) -> StructureTree:
    """Take ``tree`` apart.

    The overview is the root with a leaf for the signature and the body with a leaf for each block at its level. Blocks
    are the compound statements there, each one piece, and between them the maximal runs of simple statements. A
    compound statement inside another is a piece of its own, below it, with ``NESTED_`` before its type. A root that
    is no definition (a module, code that cannot be parsed) is its own body.
    """
    cutting = _Cutting(tree)
    for number in range(1, len(tree.labels)):
        cutting.take(number)
    pieces = cutting.pieces
    return StructureTree(tuple(piece.frozen() for piece in pieces), tuple(piece.parent for piece in pieces))


@dataclass(frozen=True, slots=True)
class _Piece:
    """A subtree in the making; ``parent`` is the number of the piece that it is a hole of."""

    number: int
    parent: int
    labels: list[str] = field(default_factory=list[str])
    parents: list[int] = field(default_factory=list[int])
    holes: list[int] = field(default_factory=list[int])

    def add(self, label: str, parent: int) -> int:
        self.labels.append(label)
        self.parents.append(parent)
        return len(self.labels) - 1

    def frozen(self) -> Subtree:
        return Subtree(tuple(self.labels), tuple(self.parents), tuple(self.holes))


class _Cutting:
    """One pass over a tree in pre-order; ``_places`` says where each node went, as (piece, place in it)."""

    def __init__(self, tree: LabelledTree) -> None:
        self._tree = tree
        self._body = _body_of(tree)
        self._signature: _Piece | None = None
        self._run: _Piece | None = None
        overview = _Piece(0, -1)
        self.pieces = [overview]
        self._places = [(overview, overview.add(tree.labels[0], -1))]

    def take(self, number: int) -> None:
        """Give node ``number`` its place; those above and before it have theirs."""
        label, parent = self._tree.labels[number], self._tree.parents[number]
        piece, place = self._places[parent]
        if parent == self._body:
            if label in _COMPOUND:
                self._run = None
                piece, place = self._cut(piece, place, label), -1
            else:
                self._run = self._run or self._cut_virtual(piece, place, STATEMENTS)
                piece, place = self._run, 0
        elif parent == 0 and number < self._body:
            self._signature = self._signature or self._cut_virtual(piece, place, SIGNATURE)
            piece, place = self._signature, 0
        elif label in _COMPOUND:
            label = NESTED + label
            piece, place = self._cut(piece, place, label), -1
        self._places.append((piece, piece.add(label, place)))

    def _cut(self, piece: _Piece, place: int, label: str) -> _Piece:
        """A new piece, and a leaf ``label`` for it in ``piece`` below ``place``."""
        piece.holes.append(piece.add(label, place))
        self.pieces.append(_Piece(len(self.pieces), piece.number))
        return self.pieces[-1]

    def _cut_virtual(self, piece: _Piece, place: int, label: str) -> _Piece:
        cut = self._cut(piece, place, label)
        cut.add(label, -1)
        return cut


def _body_of(tree: LabelledTree) -> int:
    """The node that holds the blocks; behind all nodes where a definition has none."""
    if tree.labels[0] not in _DEFINITIONS:
        return 0
    bodies = [n for n, parent in enumerate(tree.parents) if parent == 0 and tree.labels[n] == _BODY]
    return bodies[-1] if bodies else len(tree.labels)
