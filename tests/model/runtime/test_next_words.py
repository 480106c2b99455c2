"""Generated and copied odds of the next word are added up."""

import numpy as np
import pytest

from codekin_model.runtime.next_words import ReadFunction, words_after
from codekin_model.vocab.vocabulary import Vocabulary

VOCABULARY = Vocabulary(("<PAD>", "<UNK>", "read", "file"))
PREFIXES = np.zeros((1, 2), np.int64)


def after(generated, copied=(), words=(), count=4, **options):
    def following(said):
        ends = np.zeros((*said.shape, len(generated)), np.float32), np.zeros((*said.shape, len(copied)), np.float32)
        for array, values in zip(ends, (generated, copied), strict=True):
            array[:, -1] = values
        return ends

    return words_after(ReadFunction(words, following), PREFIXES, VOCABULARY, count, **options)[0]


def test_padding_is_the_end_and_the_unknown_word_is_never_said():
    assert after([0.2, 0.5, 0.3, 0.0]) == pytest.approx({"read": 0.3, "": 0.2, "file": 0.0})


def test_nothing_before_the_first_id_is_said():
    assert after([0.2, 0.5, 0.3, 0.1], first=3) == pytest.approx({"file": 0.1})


def test_a_word_that_is_copied_twice_has_both_shares_and_its_generated_one():
    found = after([0.5, 0.0, 0.3, 0.1], [0.05, 0.02, 0.03], ["file", "", "file"], count=1)
    assert found == pytest.approx({"": 0.5})
    found = after([0.0, 0.0, 0.0, 0.1], [0.05, 0.02, 0.03], ["file", "", "file"], count=1)
    assert found == pytest.approx({"file": 0.18})


def test_a_word_of_no_vocabulary_is_copied():
    assert after([0.5, 0.0, 0.0, 0.0], [0.4], ["zip"], count=2) == pytest.approx({"": 0.5, "zip": 0.4})


def test_the_best_stand_first():
    assert list(after([0.1, 0.0, 0.2, 0.3])) == ["file", "read", ""]
