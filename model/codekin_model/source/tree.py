"""Syntax trees as values.

In: :class:`SourceText`, or a tree and the edits that led to a new text. Out: :class:`SyntaxTree`, always; broken
code yields a tree and diagnostics. Must not know of units, models or editors.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import tree_sitter_python
from tree_sitter import Language, Node, Parser, Tree

from codekin_model.source.span import Edit, Span
from codekin_model.source.text import SourceText

_PIECE = 1 << 15
"""Bytes parsed at a time (some 4 ms): within a piece the parser lets no other thread run."""

_NAME = 128
"""Bytes handed out at a time afterwards."""


@lru_cache(maxsize=1)
def python_language() -> Language:
    """tree-sitter's grammar of Python 3, which also accepts most of Python 2."""
    return Language(tree_sitter_python.language())


@dataclass(frozen=True, slots=True)
class SyntaxDiagnostic:
    """A place that the parser had to skip or to invent."""

    span: Span
    message: str


@dataclass(frozen=True)
class SyntaxTree:
    """A parsed text. The tree-sitter tree inside is never edited in place once it is wrapped here."""

    text: SourceText
    tree: Tree

    @property
    def root(self) -> Node:
        """The ``module`` node."""
        return self.tree.root_node

    @property
    def diagnostics(self) -> tuple[SyntaxDiagnostic, ...]:
        """Errors and missing tokens, in source order; empty for correct code."""
        return tuple(_problems(self.root))


def parse(text: SourceText) -> SyntaxTree:
    """Parse from scratch."""
    return SyntaxTree(text, _parsed(text.data, None))


def reparse(previous: SyntaxTree, edits: Iterable[Edit], text: SourceText) -> SyntaxTree:
    """Parse ``text`` reusing what the ``edits`` left alone of ``previous``, which stays as it was.

    ``edits`` are in the order they were made, each in the coordinates that the ones before it left behind.
    """
    tree = previous.tree.copy()
    points = _Points(previous.text, text)
    for edit in edits:
        tree.edit(
            edit.start,
            edit.old_end,
            edit.new_end,
            points.old(edit.start),
            points.old(edit.old_end),
            points.new(edit.new_end),
        )
    parsed = _parsed(text.data, tree)
    # How the parser recovers from an error depends on what it reuses; a tree must depend on its text alone.
    return parse(text) if parsed.root_node.has_error else SyntaxTree(text, parsed)


def node_text(node: Node | None) -> str:
    """What stands at a node, nothing where there is none; what is no UTF-8 is replaced."""
    return ((node.text if node is not None else None) or b"").decode("utf-8", "replace")


class _Pieces:
    """A long text for the parser, piece by piece, and then for its nodes, which ask for a name at a time."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.size = _PIECE

    def __call__(self, start: int, _: object) -> bytes:
        return self._data[start : start + self.size]


def _parsed(data: bytes, previous: Tree | None) -> Tree:
    parser = Parser(python_language())
    source = data if len(data) <= _PIECE else _Pieces(data)
    tree = parser.parse(source) if previous is None else parser.parse(source, previous)
    if isinstance(source, _Pieces):
        source.size = _NAME
    return tree


@dataclass(frozen=True, slots=True)
class _Points:
    """Row and column of byte offsets. Only bytes steer the parser's reuse, so offsets past the end are clamped."""

    before: SourceText
    after: SourceText

    def old(self, offset: int) -> tuple[int, int]:
        return self.before.point_at(min(offset, len(self.before.data)))

    def new(self, offset: int) -> tuple[int, int]:
        return self.after.point_at(min(offset, len(self.after.data)))


def _problems(root: Node) -> Iterator[SyntaxDiagnostic]:
    if not root.has_error:
        return
    stack = [root]
    while stack:
        node = stack.pop()
        if node.is_missing:
            yield SyntaxDiagnostic(Span(node.start_byte, node.end_byte), f"missing {node.type}")
        elif node.is_error:
            yield SyntaxDiagnostic(Span(node.start_byte, node.end_byte), "syntax error")
        elif node.has_error:
            stack.extend(reversed(node.children))
