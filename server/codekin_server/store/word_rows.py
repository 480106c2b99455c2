"""Full-text search over the words of units.

In: words and a limit. Out: unit ids with BM25 scores. No word can be FTS5 syntax: each is quoted.
"""

import re
import sqlite3
from collections.abc import Sequence
from itertools import accumulate

from codekin_server.store.bound import marks
from codekin_server.store.unit_filter import EVERY_UNIT, UnitFilter, condition

_WORD = re.compile(r"\w+")
_LONGEST = 64
_MOST_WORDS = 32
"""Words of a query that are looked up; a pasted page must not stop the search."""

_MOST_RARE = 16
"""Of these the rarest, in a large index: each frequent word is looked for beside the others there."""

_COLUMN_WEIGHTS = "4.0, 2.0, 2.0, 1.0"
"""How much a word counts in name, qualified name with module, docstring, body."""

_BUDGET = 6_000
"""Rows that are scored before words are looked for in fewer places; FTS5 scores some 700 rows a millisecond."""

_SLACK = 64
"""Matches looked at beyond the limit, since some may belong to other sessions or lie under an open document."""

_HITS = f"""
    SELECT hits.id, hits.score FROM (
        SELECT rowid AS id, -bm25(words, {_COLUMN_WEIGHTS}) AS score FROM words WHERE words MATCH ?
        ORDER BY score DESC, rowid LIMIT ?) AS hits
    JOIN visible_units AS u ON u.id = hits.id ORDER BY hits.score DESC, hits.id LIMIT ?"""

_WANTED_HITS = f"""
    SELECT rowid AS id, -bm25(words, {_COLUMN_WEIGHTS}) AS score FROM words
    WHERE words MATCH ? AND +rowid IN (SELECT u.id FROM visible_units AS u WHERE %s)
    ORDER BY score DESC, rowid LIMIT ?"""
"""The ``+``: SQLite would otherwise ask FTS5 about one row at a time."""


def best_matches(
    connection: sqlite3.Connection, words: Sequence[str], limit: int, wanted: UnitFilter = EVERY_UNIT
) -> list[tuple[int, float]]:
    """Visible units that hold any of ``words``, best first; bigger scores are better.

    In a large index, words that most units hold are looked for in names only: elsewhere they tell little, and scoring
    every unit that holds them would take most of a query's time. Where only some units are ``wanted``, only those are
    scored.
    """
    safe = searchable(words)
    if not safe or limit <= 0:
        return []
    if not wanted.takes_all:
        return _wanted_matches(connection, safe, limit, wanted)
    size = _size(connection)
    if size <= _BUDGET:
        return _matches(connection, " OR ".join(map(_anywhere, safe)), limit, size)
    *strict, frugal = _frugal_expressions(connection, safe)
    for expression in strict:
        if len(found := _matches(connection, expression, limit, size)) >= limit:
            return found
    return _matches(connection, frugal, limit, size) or _matches(
        connection, " OR ".join(map(_anywhere, safe)), limit, size
    )


def quotations(
    connection: sqlite3.Connection, runs: Sequence[str], limit: int, wanted: UnitFilter = EVERY_UNIT
) -> dict[int, float]:
    """Visible units whose text holds any of the ``runs`` of words, those with the most of them: which share of all.

    A run is lower-case words with a blank between them, as :func:`codekin_model.extraction.tokens.split_words` splits.
    """
    safe = [" ".join(words) for run in runs[:_MOST_WORDS] if (words := _WORD.findall(run))]
    told = _telling(connection, safe) if _size(connection) > _BUDGET else safe
    if not told or limit <= 0:
        return {}
    expression = f"body : ({' OR '.join(map(_anywhere, told))})"
    if wanted.takes_all:
        found = _matches(connection, expression, limit, limit)
    else:
        where, values = condition(wanted)
        found = connection.execute(_WANTED_HITS % where, (expression, *values, limit)).fetchall()
    ids = [unit_id for unit_id, _ in found]
    bodies = connection.execute(f"SELECT rowid, body FROM words WHERE rowid IN ({marks(ids)})", ids)
    held = ((unit_id, _held(safe, f" {body} ")) for unit_id, body in bodies)
    return {unit_id: count / len(safe) for unit_id, count in held if count}


def _held(runs: Sequence[str], text: str) -> int:
    return sum(f" {run} " in text for run in runs)


def _telling(connection: sqlite3.Connection, runs: Sequence[str]) -> list[str]:
    """The runs with the rarest words, as many as the budget allows: one of frequent words is slow, and tells little."""
    rows = {word: _count_up_to(connection, word, _BUDGET + 1) for run in runs for word in run.split()}
    rarest = {run: min(rows[word] for word in run.split()) for run in runs}
    spent = accumulate(sorted(rarest.values()))
    return [run for run, so_far in zip(sorted(rarest, key=rarest.__getitem__), spent, strict=True) if so_far <= _BUDGET]


def searchable(words: Sequence[str]) -> list[str]:
    """The letters and digits of ``words``, each run once, cut to a sane length and number."""
    found = dict.fromkeys(part[:_LONGEST] for word in words for part in _WORD.findall(word))
    return list(found)[:_MOST_WORDS]


def _frugal_expressions(connection: sqlite3.Connection, words: Sequence[str]) -> list[str]:
    """What is looked for in a large index, the most frugal first.

    Rare words anywhere, frequent ones in names; if all are frequent, also the two rarest together anywhere. Where even
    the names with a word are too many, first only those with another of the words beside it.
    """
    frequencies = {word: _count(connection, _anywhere(word)) for word in words}
    rarest = sorted((word for word in words if frequencies[word]), key=frequencies.__getitem__)[:_MOST_RARE]
    parts: list[str] = []
    crowded: list[str] = []
    spent = 0
    for word in rarest:
        everywhere, in_names = frequencies[word], _in_names(_anywhere(word))
        if spent + everywhere <= _BUDGET:
            spent += everywhere
            parts.append(_anywhere(word))
        elif len(rarest) == 1 or spent + _count(connection, in_names) <= _BUDGET:
            spent += _count(connection, in_names)
            parts.append(in_names)
        else:
            crowded.append(word)
    if len(rarest) > 1 and frequencies[rarest[0]] > _BUDGET:
        parts.append(f"({_anywhere(rarest[0])} AND {_anywhere(rarest[1])})")
    beside = [_with_another(word, rarest[: rarest.index(word)]) for word in crowded if word != rarest[0]]
    names = [_in_names(_anywhere(word)) for word in crowded]
    found = [[*parts, *each] for each in (beside, names) if crowded] or [parts or [_anywhere(words[0])]]
    return [" OR ".join(each) for each in found]


def _matches(connection: sqlite3.Connection, expression: str, limit: int, size: int) -> list[tuple[int, float]]:
    wanted = limit + _SLACK
    while True:
        rows = connection.execute(_HITS, (expression, wanted, limit)).fetchall()
        if len(rows) >= limit or wanted >= size or _count(connection, expression) <= wanted:
            return [(int(unit_id), float(score)) for unit_id, score in rows]
        wanted *= 8


def _wanted_matches(
    connection: sqlite3.Connection, words: Sequence[str], limit: int, wanted: UnitFilter
) -> list[tuple[int, float]]:
    everywhere = " OR ".join(map(_anywhere, words))
    where, values = condition(wanted)
    tried = _frugal_expressions(connection, words) if _size(connection) > _BUDGET else []
    rows: list[tuple[int, float]] = []
    for expression in (*tried, everywhere):
        rows = connection.execute(_WANTED_HITS % where, (expression, *values, limit)).fetchall()
        if len(rows) >= limit:
            break
    return [(int(unit_id), float(score)) for unit_id, score in rows]


def _anywhere(word: str) -> str:
    return f'"{word}"'


def _in_names(expression: str) -> str:
    return f"{{name qualified_name}} : {expression}"


def _with_another(word: str, others: Sequence[str]) -> str:
    return _in_names(f"({_anywhere(word)} AND ({' OR '.join(map(_anywhere, others))}))")


def _count(connection: sqlite3.Connection, expression: str) -> int:
    return int(connection.execute("SELECT count(*) FROM words WHERE words MATCH ?", (expression,)).fetchone()[0])


def _count_up_to(connection: sqlite3.Connection, word: str, most: int) -> int:
    some = "SELECT count(*) FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT ?)"
    return int(connection.execute(some, (_anywhere(word), most)).fetchone()[0])


def _size(connection: sqlite3.Connection) -> int:
    """A bound on the number of units, had without counting them."""
    # two queries in one: SQLite finds either end in the index, but walks the table for both at once
    ends = connection.execute("SELECT (SELECT max(id) FROM units), (SELECT min(id) FROM units)").fetchone()
    return 0 if ends[0] is None else int(ends[0] - ends[1] + 1)
