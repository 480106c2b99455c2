"""Full-text search over the words of units.

In: words and a limit. Out: unit ids with BM25 scores. No word can be FTS5 syntax: each is quoted.
"""

import re
import sqlite3
from collections.abc import Sequence

_WORD = re.compile(r"\w+")
_LONGEST = 64
_MOST_WORDS = 32
"""Words of a query that are looked up; a pasted page must not stop the search."""

_COLUMN_WEIGHTS = "4.0, 2.0, 2.0, 1.0"
"""How much a word counts in name, qualified name with module, docstring, body."""

_HITS = f"""
    SELECT hits.id, hits.score FROM (
        SELECT rowid AS id, -bm25(words, {_COLUMN_WEIGHTS}) AS score FROM words WHERE words MATCH ?
        ORDER BY score DESC, rowid LIMIT ?) AS hits
    JOIN visible_units AS u ON u.id = hits.id ORDER BY hits.score DESC, hits.id LIMIT ?"""


def match_expression(words: Sequence[str]) -> str | None:
    """An FTS5 expression that finds any of ``words``; None if nothing in them can be looked for."""
    found = dict.fromkeys(part[:_LONGEST] for word in words for part in _WORD.findall(word.replace("\0", " ")))
    return " OR ".join(f'"{word}"' for word in list(found)[:_MOST_WORDS]) or None


def best_matches(connection: sqlite3.Connection, words: Sequence[str], limit: int) -> list[tuple[int, float]]:
    """Visible units that hold any of ``words``, best first; bigger scores are better."""
    expression = match_expression(words)
    if expression is None or limit <= 0:
        return []
    wanted = limit + _SLACK
    while True:
        rows = connection.execute(_HITS, (expression, wanted, limit)).fetchall()
        if len(rows) >= limit or wanted >= _everything(connection):
            return [(int(unit_id), float(score)) for unit_id, score in rows]
        wanted *= 8


_SLACK = 64
"""Matches looked at beyond the limit, since some may belong to other sessions or lie under an open document."""


def _everything(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT coalesce(max(id), 0) FROM units").fetchone()[0])
