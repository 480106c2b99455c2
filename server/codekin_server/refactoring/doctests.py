"""Examples in docstrings (``>>> f(1)``) as code of their module, so that a name can be followed into them.

In: a file's tree and a name. Out: a tree of the file's text with the examples below it, those of each docstring as the
body of a function, as doctest gives each of them names of its own; and where its places stand in the file. Must not
know of other files, of jedi or of new names.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tree_sitter import Node

from codekin_model.source.span import Span
from codekin_model.source.text import SourceText
from codekin_model.source.tree import SyntaxTree, parse
from codekin_server.refactoring.bindings import parts_of

_PROMPT = b">>> "
_EXAMPLE = re.compile(rb"^[ \t]*>>> [^\n]*(?:\n[ \t]*\.\.\.(?![^ \r\n])[^\n]*)*", re.MULTILINE)
_LINE = re.compile(rb"^[ \t]*(?:>>>|\.\.\.) ?(?P<code>[^\r\n]*)", re.MULTILINE)
_NO_TEXT = frozenset(b"bft")
"""Prefixes of strings that are none of ``str``, or not before they are run."""
_HEAD, _INDENT, _END = b"\n\ndef __doctest__():\n", b"    ", b"    pass\n"


@dataclass(frozen=True, slots=True)
class Examples:
    """``lines`` are where lines of code start: in the tree, and in the file; ``end`` is the length of the file."""

    tree: SyntaxTree
    end: int
    lines: Sequence[tuple[int, int]]

    def origin(self, offset: int) -> int:
        """Where in the file the byte at ``offset`` of the tree stands."""
        if offset <= self.end or not self.lines:
            return offset
        start, origin = self.lines[max(0, bisect_right(self.lines, (offset, self.end)) - 1)]
        return origin + offset - start

    def in_file(self, span: Span) -> Span:
        """A place of the tree as one of the file."""
        return span.shifted(self.origin(span.start) - span.start)

    def in_tree(self, span: Span) -> Span:
        """A place of the file as one of the tree: among the examples, where it is in one of them."""
        for start, origin in reversed(self.lines):
            line = self.tree.text.data[start : self.tree.text.data.index(b"\n", start)]
            if origin <= span.start <= origin + len(line):
                return span.shifted(start - origin)
        return span


def examples_of(tree: SyntaxTree, name: str) -> Examples | None:
    """The docstrings with examples that mention ``name``; None where there are none."""
    data = tree.text.data
    if _PROMPT not in data:
        return None
    word = re.compile(rb"(?<![\w\x80-\xff])" + re.escape(name.encode()) + rb"(?![\w\x80-\xff])")
    added, lines = bytearray(), list[tuple[int, int]]()
    for docstring in _docstrings(tree.root, data):
        code = list(_code(data[docstring.start : docstring.end]))
        if any(word.search(line) for _, line in code):
            added += _HEAD
            for at, line in code:
                added += _INDENT
                lines.append((len(data) + len(added), docstring.start + at))
                added += line + b"\n"
            added += _END
    return Examples(parse(SourceText(data + added, tree.text.encoding)), len(data), lines) if lines else None


def _code(docstring: bytes) -> Iterator[tuple[int, bytes]]:
    """Lines of code, and where they start."""
    for example in _EXAMPLE.finditer(docstring):
        for line in _LINE.finditer(example[0]):
            yield example.start() + line.start("code"), line["code"]


def _docstrings(root: Node, data: bytes) -> Iterator[Span]:
    at = data.find(_PROMPT)
    while at >= 0:
        node = root.named_descendant_for_byte_range(at, at + len(_PROMPT))
        if node is not None and node.type == "string_content" and _is_docstring(node.parent):
            yield Span(node.start_byte, node.end_byte)
            at = node.end_byte
        at = data.find(_PROMPT, at + 1)


def _is_docstring(string: Node | None) -> bool:
    """Whether it is the first statement of its body, and neither bytes nor a string that is put together."""
    start = string.children[0].text if string is not None else None
    statement = string.parent if string is not None else None
    if start is None or not _NO_TEXT.isdisjoint(start.lower()):
        return False
    body = statement.parent if statement is not None and statement.type == "expression_statement" else None
    if body is None or parts_of(body)[0] != statement:
        return False
    owner = body.parent
    return owner is None or owner.type in ("function_definition", "class_definition")
