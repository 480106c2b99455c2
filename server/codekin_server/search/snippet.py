"""The line of a unit that answers a question best, and where the question's words stand in it.

In: the lines of a unit and a query. Out: :class:`LineFound`. Pure. Must not know of files.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from codekin_model.extraction.tokens import name_word_spans
from codekin_server.search.query import Query
from codekin_server.search.words import stem

_DEFINES = re.compile(r"\s*(?:async\s+)?(?:def|class)\s+([^\W\d]\w*)")
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
    if query.is_symbol and (at := _defined_at(query, lines)) is not None:
        return _found(query, at, lines[at])
    if (at := _run_at(query, lines)) is not None:
        return _found(query, at, lines[at])
    matched = [_stems_in(query, line) for line in lines[:_LINES]]
    most = max(map(len, matched), default=0)
    if not most:
        at = next((at for at, line in enumerate(lines) if not line.lstrip().startswith("@")), 0)
        return LineFound(at, _shown(lines[at]) if lines else "", ())
    at = next(at for at, stems in enumerate(matched) if len(stems) == most)
    return _found(query, at, lines[at])


def _defined_at(query: Query, lines: Sequence[str]) -> int | None:
    """The line that defines what the query names, which says more than one that holds more of a dotted name."""
    asked = {each.rpartition(".")[2] for each in query.identifiers}
    found = (at for at, line in enumerate(lines[:_LINES]) if (match := _DEFINES.match(line)) and match[1] in asked)
    return next(found, None)


def _run_at(query: Query, lines: Sequence[str]) -> int | None:
    """The line that a pasted traceback shows as running."""
    places = {line.strip(): at for at, line in reversed(list(enumerate(lines)))} if query.frames else {}
    return next((places[frame.code] for frame in query.frames if frame.code and frame.code in places), None)


def _found(query: Query, at: int, line: str) -> LineFound:
    text = _shown(line)
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
