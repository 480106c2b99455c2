"""Sentences as a decoder that copies sub-tokens writes them.

In: a sentence. Out: its words, and a sentence again from words. Identifiers are taken apart into the sub-tokens that
source code is read in, with marks that put them together again; upper case is lost, and guessed on the way back.
"""

import re
from collections.abc import Iterator, Sequence

from codekin_model.extraction.tokens import subtokens

JOIN = "<JOIN>"
"""Between two words, or at the edge of one: no space stands here."""

BEGIN_WORD, END_WORD = "<BEGIN>", "<END>"
"""Marks that a vocabulary of sentences has before its words."""

_PIECE = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)+|\w+|`+|(?P<inside>(?<=\w)\.(?=\w))|[^\w\s]")
_PART = re.compile(r"_+|\d+|[^\W\d_]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_DOT = f"{JOIN}.{JOIN}"
_LEFT = frozenset(".,;:!?)]}%")
_RIGHT = frozenset("([{")
_BOTH = frozenset({JOIN, "-", "/"})
_PAIRED = re.compile(r"[\"'`]+")
_DASH = "_"


def summary_words(sentence: str) -> list[str]:
    """The words of ``sentence``: ``Read_a DataFrame.`` is ``read _ a data <JOIN> frame .``."""
    words: list[str] = []
    for piece in _PIECE.finditer(sentence):
        text = piece.group()
        if piece.lastgroup == "inside":
            words.append(_DOT)
        elif _PART.match(text):
            words.extend(_words_of(text))
        else:
            words.append(text)
    return words


def _words_of(text: str) -> Iterator[str]:
    if "'" in text:
        yield text.lower()
        return
    parts = [word for part in _PART.findall(text) for word in _parts_of(part)]
    for at, part in enumerate(parts):
        if not part.startswith(_DASH):
            if at and not parts[at - 1].startswith(_DASH):
                yield JOIN
            yield part
        elif 0 < at < len(parts) - 1:
            yield part
        else:
            yield part + JOIN if at == 0 else JOIN + part


def _parts_of(part: str) -> Sequence[str]:
    return subtokens(part) if _LETTERS.fullmatch(part) else (part,)


def summary_line(words: Sequence[str]) -> str:
    """The sentence that ``words`` stand for, its first letter in upper case."""
    line, glued, opened = "", True, set[str]()
    for at, word in enumerate(words):
        left, right = _glues(word, opened)
        text = word.replace(JOIN, "")
        if _is_hump(words, at):
            text = text[:1].upper() + text[1:]
        line += text if glued or left else f" {text}"
        glued = right
    return line[:1].upper() + line[1:]


def _is_hump(words: Sequence[str], at: int) -> bool:
    """Whether the word stands in the middle of a name like ``DataFrame``: joined to letters on one side at least."""
    before, after = words[max(0, at - 2) : at], words[at + 1 : at + 3]
    return (len(before) > 1 and before[1] == JOIN and before[0].isalpha()) or (
        len(after) > 1 and after[0] == JOIN and after[1].isalpha()
    )


def _glues(word: str, opened: set[str]) -> tuple[bool, bool]:
    """Whether no space stands before ``word``, and none after it; ``opened`` are the quotes that are open."""
    if _PAIRED.fullmatch(word):
        opened ^= {word}
        return word not in opened, word in opened
    both = word in _BOTH or set(word) == {_DASH}
    return both or word in _LEFT or word.startswith(JOIN), both or word in _RIGHT or word.endswith(JOIN)
