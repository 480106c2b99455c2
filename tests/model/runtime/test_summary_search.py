"""The best sentence ends, repeats no three words, and may copy what stands in the function."""

import numpy as np

from codekin_model.runtime.next_words import ReadFunction
from codekin_model.runtime.summary_search import search_sentence
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


def test_the_most_probable_sentence_is_written():
    following = saying({(): {4: 0.6, 5: 0.4}, (4,): {5: 0.9, END: 0.1}, (4, 5): {6: 1.0}})
    assert search_sentence(ReadFunction((), following), VOCABULARY, 10) == ("read", "the", "file")


def test_a_word_of_the_function_is_copied():
    following = saying({(): {4: 0.2}}, copied=(0.8, 0.0))
    assert search_sentence(ReadFunction(("zip", ""), following), VOCABULARY, 10) == ("zip",)


def test_a_sentence_has_a_word_and_no_marks():
    following = saying({(): {END: 0.9, 4: 0.1}})
    assert search_sentence(ReadFunction((), following), VOCABULARY, 10) == ("read",)


def test_three_words_are_not_said_twice():
    endless = {4: 0.99, END: 0.01}
    following = saying({(4,) * count: endless for count in range(20)})
    assert search_sentence(ReadFunction((), following), VOCABULARY, 20) == ("read",) * 3


def test_what_comes_to_no_end_is_what_was_written():
    following = saying({(): {4: 1.0}, (4,): {5: 1.0}, (4, 5): {6: 1.0}})
    assert search_sentence(ReadFunction((), following), VOCABULARY, 2) == ("read", "the")
