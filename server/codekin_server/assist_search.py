"""Search: what fits a description, and why.

In: words and a filter. Out: :class:`SearchAnswer`, each result with the line that answers best. Blocks until it has its
answer and may be called from any thread. Part of the API boundary, beside :mod:`codekin_server.assist`. Must not know
of editors, protocols or terminals.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import repeat
from pathlib import Path
from typing import Protocol

from codekin_model.source.text import SourceText
from codekin_server.answers import Result, SearchAnswer, Snippet
from codekin_server.answers_kin import EVERYTHING, SearchFilter, unit_kinds
from codekin_server.assist_error import AssistError
from codekin_server.conversion import result_of
from codekin_server.haste import Haste
from codekin_server.search.engine import Hit, RankedHits, SearchEngine
from codekin_server.search.query import Query
from codekin_server.search.reasons import is_told, reasons
from codekin_server.search.snippet import best_line, words_found
from codekin_server.store.records import UnitRecord
from codekin_server.store.unit_filter import UnitFilter
from codekin_server.telling import told

_WORD = re.compile(r"\w")
_FAR = "nothing here seems to be about that; what is nearest to it is shown"
_RESPELLED = "nothing is about that as it is spelled; this is for: {}"
_TESTS = {"include": None, "exclude": False, "only": True}
TextOf = Callable[[str], SourceText | None]
"""The text of a file as it is now, by its path in the index; None where it cannot be read."""


class Note(Protocol):
    """What the user should know about an answer, by whether the model had a part in it."""

    def __call__(self, *, semantic: bool = True) -> str | None:
        """A line, or None."""
        ...


@dataclass(frozen=True, slots=True)
class _Explained:
    """Results, and whether one is what was asked for, as far as that is known, or at least near to it in meaning.

    Single words lie near to too much for that to be sure.
    """

    results: tuple[Result, ...]
    is_sure: bool
    is_near: bool


class SearchAssist:
    """``below`` says how the index names a folder, ``note`` what is missing from an answer."""

    def __init__(
        self,
        engine: SearchEngine,
        text_of: TextOf,
        below: Callable[[Path | None], str],
        note: Note,
    ) -> None:
        self._engine = engine
        self._text_of = text_of
        self._below = below
        self._note = note

    @told
    def search(
        self,
        query: str,
        limit: int = 10,
        wanted: SearchFilter = EVERYTHING,
        *,
        haste: Haste | None = None,
        by_meaning: bool = True,
    ) -> SearchAnswer:
        """Units that fit a description, among those that are wanted.

        Without ``by_meaning``, and from the moment that ``haste`` is hurried, the model is not waited for.
        """
        _check(query)
        units = UnitFilter(self._below(wanted.folder), unit_kinds(wanted.kinds), _TESTS[wanted.tests])
        found = self._engine.answer(query, limit, units, haste=haste, by_meaning=by_meaning)
        answer = self._explained(found)
        if not by_meaning:
            return SearchAnswer(query, answer.results, None)
        note = self._note(semantic=found.semantic)
        if not answer.is_sure and limit > 0 and (meant := self._engine.respelled(found.query)) is not None:
            other = self._explained(self._engine.answer(meant, limit, units, haste=haste))
            if other.is_sure or other.is_near:
                return SearchAnswer(query, other.results, note or _RESPELLED.format(meant))
        is_far = bool(answer.results) and not (answer.is_sure or answer.is_near)
        return SearchAnswer(query, answer.results, note or (_FAR if is_far else None))

    def _explained(self, found: RankedHits) -> _Explained:
        asked, text_of = found.query, lru_cache(maxsize=None)(self._text_of)
        lines = [_lines(text_of(hit.unit.path), hit.unit) for hit in found.hits]
        words = [words_found(asked, each) for each in lines]
        told = any(map(is_told, repeat(asked), found.hits, words))
        is_near = any(hit.near for hit in found.hits)
        return _Explained(
            results=tuple(map(_result, repeat(asked), found.hits, lines, words)),
            is_sure=told or (is_near and not asked.is_symbol) or (bool(found.hits) and not found.semantic),
            is_near=is_near,
        )


def _check(query: str) -> None:
    if not query.strip():
        raise AssistError("the query is empty; say what the code does, or a name")
    try:
        query.encode()
    except UnicodeEncodeError as problem:  # neither the index nor the model's process takes such a text
        where = problem.start + 1
        raise AssistError(f"character {where} of the query is no valid Unicode; give the query in UTF-8") from problem
    if not _WORD.search(query):
        raise AssistError("the query holds no word; say what the code does, or a name")


def _result(query: Query, hit: Hit, lines: Sequence[str], words: frozenset[str]) -> Result:
    line = best_line(query, lines)
    snippet = Snippet(hit.unit.start_line + line.line, line.text, line.matches)
    return replace(result_of(hit), reasons=reasons(query, hit, words), snippet=snippet)


def _lines(text: SourceText | None, unit: UnitRecord) -> Sequence[str]:
    """The lines of a unit, as far as its file still has them."""
    if text is None or unit.start_line > len(text.line_starts):
        return []
    ends = [*text.line_starts[1:], len(text.data)]
    data = text.data[text.line_starts[unit.start_line - 1] : ends[min(unit.end_line, len(ends)) - 1]]
    return data.decode("utf-8", "replace").replace("\r", " ").split("\n")
