"""The words that an index holds, for who misspells them.

In: a word. Out: a word of some unit that is spelled nearly so. Must not know of questions.
"""

import re
import sqlite3
from difflib import get_close_matches

_LIKE = 0.8
"""Least share of letters that two spellings have in common: enough for a slip in five letters, or for two in ten."""
_STEM_LIKE, _STEMS = 0.7, 8
"""The same of a word and a stem, which is shorter, and how many stems are looked into for words that are like it."""
_WORDS = "CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab (main, words, row)"
_TERMS = """
    SELECT term FROM temp.vocabulary
    WHERE term >= ? AND term < ? AND length(term) BETWEEN ? AND ? AND term NOT GLOB '*[0-9_]*'"""
_LONGER = 3
"""Letters that a stem may have more or fewer than what it is compared with; others are too unlike by that alone."""
_LETTERS = re.compile(r"[^\W\d_]+")


def respelled(connection: sqlite3.Connection, word: str, root: str) -> str | None:
    """The word with the same first letter that is most like ``word`` or its ``root``; None if there is none.

    ``word`` itself is never respelled where any unit holds it.
    """
    holding = "SELECT 1 FROM words WHERE words MATCH ? LIMIT 1"
    if connection.execute(holding, (f'"{word}"',)).fetchone() is not None:
        return None
    connection.execute(_WORDS)
    first = word[0]
    rows = connection.execute(_TERMS, (first, _after(first), len(root) - _LONGER, len(word) + _LONGER))
    terms = [term for (term,) in rows]
    near = [term for each in (root, word) for term in get_close_matches(each, terms, n=_STEMS, cutoff=_STEM_LIKE)]
    whole = [written for term in dict.fromkeys(near) if (written := _as_written(connection, term, word)) is not None]
    return next(iter(get_close_matches(word, whole, n=1, cutoff=_LIKE)), None)


def _as_written(connection: sqlite3.Connection, term: str, word: str) -> str | None:
    """A word that FTS5 brought to ``term``: its index holds stems."""
    columns = "name || ' ' || qualified_name || ' ' || docstring || ' ' || body"
    row = connection.execute(f"SELECT {columns} FROM words WHERE words MATCH ? LIMIT 1", (f'"{term}"',)).fetchone()
    words = {each for each in _LETTERS.findall(row[0].lower()) if each[0] == word[0]} if row is not None else ()
    return next(iter(get_close_matches(word, words, n=1, cutoff=_LIKE)), None)


def _after(letter: str) -> str:
    return chr(ord(letter) + 1)
