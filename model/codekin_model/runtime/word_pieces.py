"""Texts as word-pieces, with the identifier word that each piece belongs to.

In: texts. Out: ids, and words to copy. Training and serving both come through here. Must not know of units.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from tokenizers import Tokenizer

from codekin_model.extraction.tokens import name_word_spans

_T = TypeVar("_T")
_CHARACTERS = 12
"""Read for each word-piece that is kept: more than code ever needs, indentation included."""


@dataclass(frozen=True, slots=True)
class WordedPieces:
    """``ids`` and, for each of them, the lower-case identifier word it is a part of, or ``""``."""

    ids: list[int]
    words: list[str]


class WordPieces:
    """A tokenizer file."""

    def __init__(self, tokenizer: Path) -> None:
        self._tokenizer: Any = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    def encode(self, text: str, limit: int) -> list[int]:
        """Ids of ``text`` with the marks at both ends, ``limit`` at most."""
        ids: list[int] = self._tokenizer.encode(text[: limit * _CHARACTERS]).ids
        return _cut(ids, limit)

    def encode_all(self, texts: Sequence[str], limit: int) -> list[list[int]]:
        """As :meth:`encode`, for many texts."""
        return [_cut(each.ids, limit) for each in self._tokenizer.encode_batch_fast(list(texts))]

    def with_words(self, text: str, limit: int) -> WordedPieces:
        """Ids of ``text`` as :meth:`encode` gives them, and their words."""
        shown = text[: limit * _CHARACTERS]
        encoded = self._tokenizer.encode(shown)
        spans = name_word_spans(shown)
        starts = [start for start, _, _ in spans]
        words: list[str] = []
        for start, end in encoded.offsets:
            at = bisect_right(starts, start) - 1
            is_inside = start < end and at >= 0 and start < spans[at][1]
            words.append(spans[at][2] if is_inside else "")
        return WordedPieces(_cut(encoded.ids, limit), _cut(words, limit))


def _cut(row: list[_T], limit: int) -> list[_T]:
    """The first ``limit`` of a row, its end mark kept."""
    return row if len(row) <= limit else [*row[: limit - 1], row[-1]]
