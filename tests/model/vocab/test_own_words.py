"""The words of a batch, each once, and where they stand."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from codekin_model.vocab.bag_batch import BagBatch
from codekin_model.vocab.own_words import own_words


def bags(names, words) -> BagBatch:
    return BagBatch(*(np.array(each, np.int32) for each in (names, words, [[0]] * len(names))))


def test_words_come_once_and_padding_first():
    found = own_words(bags([[7, 9, 0]], [[9, 9, 4, 0]]))
    assert found.own.tolist() == [0, 4, 7, 9]
    assert found.names.tolist() == [[2, 3]]
    assert found.words.tolist() == [[3, 3, 1]]


def test_padding_is_first_where_no_place_is_empty():
    assert own_words(bags([[7, 9]], [[9, 4]])).own.tolist() == [0, 4, 7, 9]


def test_a_hole_stays_and_places_that_are_empty_in_all_units_go():
    found = own_words(bags([[0, 0, 0], [0, 0, 0]], [[3, 0, 5, 0, 0], [6, 0, 0, 0, 0]]))
    assert (found.names.shape, found.words.shape) == ((2, 2), (2, 3))
    assert not found.names.any()
    assert found.words.tolist() == [[1, 0, 2], [3, 0, 0]]


@given(st.lists(st.lists(st.integers(0, 30), min_size=9, max_size=9), min_size=1, max_size=6))
def test_every_place_is_found_again(rows):
    ids = np.array(rows, np.int32)
    found = own_words(BagBatch(ids[:, :3], ids[:, 3:], ids[:, :0]))
    for whole, places in ((ids[:, :3], found.names), (ids[:, 3:], found.words)):
        assert np.array_equal(found.own[places], whole[:, : places.shape[1]])
        assert not whole[:, places.shape[1] :].any()
