"""Questions with words of the index in place of misspelled ones."""

import pytest

from codekin_server.search.query import parse_query
from codekin_server.search.spelling import respelled_query

MEANT = {"mesage": "message", "conection": "connection", "exhange": "exchange", "qu": "queue"}


def respelled(text: str) -> str | None:
    return respelled_query(parse_query(text), lambda word, root: MEANT.get(word))


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("retry a mesage", "retry a message"),
        ("a mesage over each conection", "a message over each connection"),
        ("Exhange", "Exchange"),
        ("conection_pool", "connection_pool"),
    ],
)
def test_unknown_words_are_respelled_where_they_stand(asked, meant):
    assert respelled(asked) == meant


@pytest.mark.parametrize("asked", ["retry a message", "qu", "", "utf8 x2"])
def test_what_needs_no_respelling_is_no_other_question(asked):
    assert respelled(asked) is None
