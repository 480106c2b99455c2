"""Sentences end, say no word twice, and may copy what stands in the function; the one that fits it is chosen."""

import math

import numpy as np
import pytest

from codekin_model.embedder import Described
from codekin_model.runtime.neighbour_words import NeighbourWords
from codekin_model.runtime.next_words import ReadFunction
from codekin_model.runtime.summary_search import Sentence, fitting_line, search_sentences
from codekin_model.vocab.vocabulary import Vocabulary

VOCABULARY = Vocabulary(("<PAD>", "<UNK>", "<BEGIN>", "<END>", "read", "the", "file"))
END = 3


def saying(sentences: dict[tuple[int, ...], dict[int, float]], copied: tuple[float, ...] = ()):
    """A decoder by hand: after a prefix, the odds of some words; everything else is impossible."""

    def following(said):
        generated = np.zeros((*said.shape, len(VOCABULARY)), np.float32)
        for row, prefix in enumerate(said.tolist()):
            for word, odds in sentences.get(tuple(prefix[1:]), {END: 1.0}).items():
                generated[row, -1, word] = odds
        points = np.zeros((*said.shape, len(copied)), np.float32)
        points[:, 0] = copied if said.shape[1] == 1 else 0
        return generated, points

    return following


def best(following, longest: int = 10, words: tuple[str, ...] = ()) -> tuple[str, ...]:
    return search_sentences(ReadFunction(words, following), VOCABULARY, longest)[0].words


def test_the_most_probable_sentence_is_written():
    following = saying({(): {4: 0.6, 5: 0.4}, (4,): {5: 0.9, END: 0.1}, (4, 5): {6: 1.0}})
    assert best(following) == ("read", "the", "file")


def test_a_word_of_the_function_is_copied():
    following = saying({(): {4: 0.2}}, copied=(0.8, 0.0))
    assert best(following, words=("zip", "")) == ("zip",)


def test_a_sentence_has_a_word_and_no_marks():
    following = saying({(): {END: 0.9, 4: 0.1}})
    assert best(following) == ("read",)


def test_others_come_after_it_with_the_mean_of_their_words_log_odds():
    following = saying({(): {4: 0.6, 6: 0.4}})
    found = search_sentences(ReadFunction((), following), VOCABULARY, 10)
    assert [each.words for each in found] == [("read",), ("file",)]
    assert [each.score for each in found] == pytest.approx([math.log(0.6) / 2, math.log(0.4) / 2])


def test_no_word_is_said_twice():
    following = saying({(): {4: 1.0}, (4,): {4: 0.9, 6: 0.1}, (4, 6): {4: 0.9, END: 0.1}})
    assert best(following) == ("read", "file")


def test_articles_may_come_again_but_not_in_a_pair_of_words_that_was_there():
    endless = {(4,): {5: 1.0}, (4, 5): {5: 0.9, 6: 0.1}, (4, 5, 6): {5: 1.0}}
    assert best(saying({(): {4: 1.0}, **endless, (4, 5, 6, 5): {END: 1.0}})) == ("read", "the", "file", "the")
    again = {(5,): {6: 1.0}, (5, 6): {5: 1.0}, (5, 6, 5): {6: 0.9, 4: 0.1}}
    assert best(saying({(): {5: 1.0}, **again})) == ("the", "file", "the", "read")


def test_what_cannot_go_on_is_what_was_written():
    assert best(saying({(): {4: 1.0}, (4,): {4: 1.0}})) == ("read",)


def test_what_comes_to_no_end_is_what_was_written():
    following = saying({(): {4: 1.0}, (4,): {5: 1.0}, (4, 5): {6: 1.0}})
    assert best(following, 2) == ("read", "the")


def test_what_neighbours_say_has_a_part_in_each_word():
    following = saying({(): {4: 0.6, 5: 0.4}, (4,): {6: 1.0}, (5,): {6: 1.0}})
    near = NeighbourWords.of_sentences([Described("The file", 0.9)])
    found = search_sentences(ReadFunction((), following), VOCABULARY, 10, near)
    assert [each.words for each in found[:2]] == [("the", "file"), ("read", "file")]
    assert found[0].score == pytest.approx(math.log(0.6 * 0.4 + 0.4) / 3)


def test_of_sentences_that_are_likely_alike_the_one_near_to_the_function_is_taken():
    found = [Sentence(("read",), -1.0), Sentence(("file",), -1.2)]
    vectors = {"Read": [0.0, 1.0], "File": [1.0, 0.0]}
    near, far = np.array([0.9, 0.4], np.float32), np.array([0.4, 0.4], np.float32)

    def embed(texts):
        return np.array([vectors[text] for text in texts], np.float32)

    assert fitting_line(found, near, embed) == "File"
    assert fitting_line(found, far, embed) == "Read"
    assert fitting_line([], near, embed) == ""
