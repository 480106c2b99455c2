"""Docstrings: which statement is one, and what it says.

In: the body of a definition, or a whole module. Out: the statement's node, and its text as Python would show it.
Must not know of units.
"""

import inspect
import re
import unicodedata

from tree_sitter import Node

_NO_DOCSTRING = frozenset("bft")
"""Prefix letters of the literals that Python does not take for docstrings: bytes, f-strings and t-strings."""

_ESCAPE = re.compile(
    r"\\(?:(?P<newline>\n)|(?P<plain>[\\'\"abfnrtv])|(?P<octal>[0-7]{1,3})"
    r"|x(?P<x>[0-9a-fA-F]{2})|u(?P<u>[0-9a-fA-F]{4})|U(?P<U>[0-9a-fA-F]{8})|N\{(?P<name>[^}]+)\})"
)
_PLAIN = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_LAST_CODE_POINT = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s|\n\s*\n")


def docstring_node(body: Node | None) -> Node | None:
    """The expression statement that is the docstring of ``body`` (a block, or a whole module)."""
    statement = _first_statement(body)
    return statement if statement is not None and _literals(statement) else None


def docstring_of(body: Node | None) -> str | None:
    """The cleaned text of a docstring, or None where there is none or it says nothing."""
    statement = _first_statement(body)
    if statement is None:
        return None
    text = inspect.cleandoc("".join(map(_value, _literals(statement))))
    return text if text.strip() else None


def _first_statement(body: Node | None) -> Node | None:
    for child in body.named_children if body is not None else ():
        if child.type != "comment":
            return child if child.type == "expression_statement" else None
    return None


def _literals(statement: Node) -> list[Node]:
    """The string literals that a docstring statement joins; none where the statement is something else."""
    node = statement
    while node.type in ("expression_statement", "parenthesized_expression"):
        inner = [child for child in node.named_children if child.type != "comment"]
        if len(inner) != 1:
            return []
        node = inner[0]
    parts = node.named_children if node.type == "concatenated_string" else [node]
    literals = [part for part in parts if part.type != "comment"]
    return literals if all(map(_is_plain_string, literals)) else []


def _is_plain_string(node: Node) -> bool:
    return node.type == "string" and not set(_prefix(node)) & _NO_DOCSTRING


def _prefix(literal: Node) -> str:
    start = literal.children[0].text if literal.children else None
    return (start or b"").decode("utf-8", "replace").rstrip("\"'").lower()


def _value(literal: Node) -> str:
    opening, closing = literal.children[0], literal.children[-1]
    end = closing.start_byte if closing.type == "string_end" else literal.end_byte
    inside = (literal.text or b"")[opening.end_byte - literal.start_byte : end - literal.start_byte]
    text = inside.decode("utf-8", "replace").replace("\r\n", "\n")
    return text if "\\" not in text or "r" in _prefix(literal) else _ESCAPE.sub(_unescaped, text)


def _unescaped(escape: re.Match[str]) -> str:
    """What an escape sequence stands for; itself where Python would refuse it or where no text can hold it."""
    kind = escape.lastgroup or ""
    digits = escape[kind]
    if kind == "newline":
        return ""
    if kind == "plain":
        return _PLAIN.get(digits, digits)
    if kind == "name":
        try:
            return unicodedata.lookup(digits)
        except KeyError:
            return escape[0]
    code = int(digits, 8 if kind == "octal" else 16)
    return escape[0] if code > _LAST_CODE_POINT or code in _SURROGATES else chr(code)


def first_sentence(docstring: str | None) -> str | None:
    """The first sentence of ``docstring``, white space folded; None where there is none."""
    if not docstring:
        return None
    return " ".join(_SENTENCE_END.split(docstring.strip(), maxsplit=1)[0].split()) or None
