"""BM25 weighs words as the formula says, over the words of passages without docstrings."""

import logging
import math

import numpy as np
import pytest

from codekin_model.evaluation.bm25 import Bm25


def test_scores_agree_with_the_formula(functions):
    some = functions[2:]
    system = Bm25()
    area = "area def area width height size width height if size 0 return 0 else return size"
    documents = [area.split(" "), ["len", "def", "len", "self", "size", "self", "size", "return", "size"]]
    length = sum(map(len, documents)) / 2

    def weight(word, document):
        having = sum(word in each for each in documents)
        rarity = math.log(1 + (2 - having + 0.5) / (having + 0.5))
        count = document.count(word)
        return rarity * count / (count + 1.5 * (1 - 0.75 + 0.75 * len(document) / length))

    expected = [weight("self", each) + weight("size", each) for each in documents]
    assert system.scores(["self.size"], some, masked=False)[0] == pytest.approx(expected, rel=1e-5)


def test_the_function_that_says_the_words_comes_first(functions):
    scores = Bm25().scores(["height of an area", "open the path"], functions, masked=False)
    assert scores.shape == (2, 4)
    assert scores.argmax(axis=1).tolist() == [2, 0]


def test_words_that_nothing_says_score_nothing(functions):
    assert not Bm25().scores(["quaternion", ""], functions, masked=False).any()


def test_a_hidden_name_is_not_found(functions):
    system = Bm25()
    assert system.scores(["area"], functions, masked=False)[0, 2] > 0
    assert not system.scores(["area"], functions, masked=True).any()


def test_docstrings_are_not_read(functions):
    assert not Bm25().scores(["give text"], functions, masked=False).any()


def test_a_function_is_most_like_itself(functions):
    similarities = Bm25().similarities(functions, functions, masked=True)
    assert similarities.argmax(axis=1).tolist() == [0, 1, 2, 3]
    assert similarities.dtype == np.float32


def test_what_the_library_says_of_itself_is_not_told(functions, caplog):
    with caplog.at_level(logging.DEBUG):
        Bm25().encode(functions)
    assert caplog.records == []
