"""Words that are misspelled, and the words of an index that are like them."""

import pytest

SOURCE = '''
def retrieve_message(queue):
    """Take the next message."""
    connection = queue.connection()
    return connection.parse_header()
'''


@pytest.mark.parametrize(
    ("word", "root", "meant"),
    [
        ("retrive", "retriv", "retrieve"),
        ("mesage", "mesag", "message"),
        ("conection", "conect", "connection"),
        ("qeue", "qeu", "queue"),
        ("hedaer", "hedaer", "header"),
    ],
)
def test_a_misspelled_word_leads_to_the_one_that_is_there(store, place, word, root, meant):
    place(store, "a.py", SOURCE)
    assert store.respelled(word, root) == meant


@pytest.mark.parametrize("word", ["message", "messages", "parse_header"])
def test_a_word_that_is_there_is_left_as_it_is(store, place, word):
    place(store, "a.py", SOURCE)
    assert store.respelled(word, word) is None


@pytest.mark.parametrize("word", ["banana", "cue", "é", "zebra"])
def test_a_word_that_is_like_none_is_left_as_it_is(store, place, word):
    place(store, "a.py", SOURCE)
    assert store.respelled(word, word) is None


def test_an_empty_index_knows_no_word(store):
    assert store.respelled("mesage", "mesag") is None
