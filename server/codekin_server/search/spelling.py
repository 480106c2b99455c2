"""What a question asks for if its words were misspelled.

In: a question, and the words that an index holds. Out: the question with words that are there. Must not know how either
is searched.
"""

import re
from collections.abc import Callable
from functools import partial

from codekin_server.search.query import Query
from codekin_server.search.words import stem

Respelled = Callable[[str, str], str | None]
"""From a word and its stem to the word that was meant, None where it is known as it is, or nothing is like it."""

_SHORTEST = 4
"""Letters; shorter words have too many that are like them."""


def respelled_query(query: Query, respelled: Respelled) -> str | None:
    """The text with every unknown word respelled that can be; None where nothing changes."""
    text = query.text
    for word in query.words:
        meant = respelled(word, stem(word)) if len(word) >= _SHORTEST and word.isalpha() else None
        if meant is not None:
            text = re.sub(re.escape(word), partial(_in_its_case, meant), text, flags=re.IGNORECASE)
    return text if text != query.text else None


def _in_its_case(meant: str, found: re.Match[str]) -> str:
    return meant.capitalize() if found[0][0].isupper() else meant
