"""What IPython adds to Python, taken out of a cell without moving anything.

In: the text of a code cell. Out: text of the same length in bytes, in which all else stands where it stood: magics,
shell lines and questions (``%matplotlib inline``, ``!ls``, ``files = !ls``, ``open?``) become comments or zeros, a cell
in another language (``%%bash``) becomes blank lines. What is Python already is left alone.
"""

import re

from codekin_model.source.text import SourceText
from codekin_model.source.tree import SyntaxTree, parse

_PYTHON_CELLS = frozenset({b"capture", b"prun", b"time", b"timeit"})
"""Cell magics below which there is Python all the same."""

_CELL_MAGIC = re.compile(rb"\s*%%(\w*)")
_COMMAND = re.compile(rb"^(?P<indent>[ \t]*)(?P<sign>[%!?/,;])(?=\S)", re.MULTILINE)
_ASSIGNED = re.compile(rb"^[ \t]*[\w.,\[\] \t]+=[ \t]*(?P<sign>[%!])(?=\S)", re.MULTILINE)
_QUESTION = re.compile(rb"^[ \t]*[\w.*%]+(?P<sign>\?\??)[ \t]*\r?$", re.MULTILINE)
_NOT_A_LINE_END = re.compile(rb"[^\r\n]")


def as_python(cell: SourceText) -> SourceText:
    """``cell`` without IPython's own syntax."""
    magic = _CELL_MAGIC.match(cell.data)
    if magic is not None and magic[1] not in _PYTHON_CELLS:
        return SourceText(_NOT_A_LINE_END.sub(b" ", cell.data), cell.encoding)
    tree = parse(cell)
    if not tree.root.has_error:
        return cell
    data = bytearray(cell.data)
    for match in _COMMAND.finditer(cell.data):
        if not _in_string(tree, match.start("sign")):
            _put_out(data, match.start("sign"), inside=match["indent"] != b"")
    for match in _ASSIGNED.finditer(cell.data):
        if not _in_string(tree, match.start("sign")):
            _put_out(data, match.start("sign"), inside=True)
    for match in _QUESTION.finditer(cell.data):
        data[match.start("sign") : match.end("sign")] = b" " * len(match["sign"])
    return SourceText(bytes(data), cell.encoding)


def _put_out(data: bytearray, at: int, *, inside: bool) -> None:
    """A command becomes a comment; where a block or an assignment needs something, a zero and a comment."""
    if not inside:
        data[at] = ord("#")
        return
    data[at] = ord("0")
    if at + 1 < len(data) and data[at + 1] < _FIRST_OF_SEVERAL and data[at + 1] not in b"\r\n":
        data[at + 1] = ord("#")


_FIRST_OF_SEVERAL = 0x80


def _in_string(tree: SyntaxTree, offset: int) -> bool:
    node = tree.root.descendant_for_byte_range(offset, offset + 1)
    while node is not None:
        if node.type in ("string", "comment"):
            return True
        node = node.parent
    return False
