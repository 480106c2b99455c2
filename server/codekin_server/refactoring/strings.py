"""A name inside the strings of a file, and what those strings are arguments of.

In: a file's tree and a name. Out: nodes and spans. Must not know of other files, of jedi or of new names.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from codekin_model.source.span import Span
from codekin_server.refactoring.bindings import parts_of
from codekin_server.refactoring.keywords import last_part

_WITHIN = frozenset({"list", "tuple", "set", "parenthesized_expression", "concatenated_string", "keyword_argument"})


@dataclass(frozen=True, slots=True)
class Argument:
    """What a string is given to: the last part of what is called, and as which of its arguments."""

    called: bytes
    index: int
    keyword: bytes | None


def name_in_strings(root: Node, name: str) -> Iterator[tuple[Node, Span]]:
    """Every ``name`` that is a word of a string: the string's content, and where the word stands."""
    word = re.compile(rb"(?<![\w\x80-\xff])" + re.escape(name.encode()) + rb"(?![\w\x80-\xff])")
    for match in word.finditer(root.text or b""):
        span = Span(root.start_byte + match.start(), root.start_byte + match.end())
        node = root.named_descendant_for_byte_range(span.start, span.end)
        if node is not None and node.type == "string_content" and not _is_bytes(node):
            yield node, span


def _is_bytes(content: Node) -> bool:
    start = content.parent.children[0].text if content.parent is not None else None
    return b"b" in (start or b"").lower()


def argument_with(content: Node) -> Argument | None:
    """The call that is given a string, by itself or in a list."""
    part, above, keyword = content.parent, None, None
    while part is not None:
        above = part.parent
        if above is None or above.type not in _WITHIN:
            break
        if above.type == "keyword_argument":
            keyword = parts_of(above)[0].text
        part = above
    call = above.parent if above is not None and above.type == "argument_list" else None
    function = call.child_by_field_name("function") if call is not None else None
    last = last_part(function) if function is not None else None
    if part is None or above is None or call is None or last is None:
        return None
    return Argument(last.text or b"", parts_of(above).index(part), keyword)
