"""The line of a unit that answers a question best, and where the question's words stand in it.

In: the lines of a unit and a query. Out: :class:`LineFound`. Pure. Must not know of files.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from codekin_model.extraction.tokens import name_word_spans
from codekin_server.search.query import Query
from codekin_server.search.words import stem

_LONGEST = 200
"""Characters shown of a line."""

_LINES = 400
"""Lines of a unit that are looked through."""


@dataclass(frozen=True, slots=True)
class LineFound:
    """``line`` counts from 0 within the unit; ``matches`` are characters of ``text``, which has no indentation."""

    line: int
    text: str
    matches: tuple[tuple[int, int], ...]


def best_line(query: Query, lines: Sequence[str]) -> LineFound:
    """The first of the lines that hold most of the query's words; without any, the one that says what it is."""
    matched = [_stems_in(query, line) for line in lines[:_LINES]]
    most = max(map(len, matched), default=0)
    if not most:
        at = next((at for at, line in enumerate(lines) if not line.lstrip().startswith("@")), 0)
        return LineFound(at, _shown(lines[at]) if lines else "", ())
    at = next(at for at, stems in enumerate(matched) if len(stems) == most)
    text = _shown(lines[at])
    return LineFound(at, text, tuple(_matches(query, text)))


def words_found(query: Query, lines: Iterable[str]) -> frozenset[str]:
    """The stems of the query's words that stand in the lines."""
    return frozenset(each for line in lines for each in _stems_in(query, line))


def _shown(line: str) -> str:
    return line.strip()[:_LONGEST]


def _stems_in(query: Query, line: str) -> frozenset[str]:
    return query.stems & {stem(_letters(word)) for _, _, word in name_word_spans(line)}


def _matches(query: Query, text: str) -> Iterable[tuple[int, int]]:
    return ((start, end) for start, end, word in name_word_spans(text) if stem(_letters(word)) in query.stems)


def _letters(word: str) -> str:
    """A query's words have no digits at their ends."""
    return word.strip("0123456789") or word
