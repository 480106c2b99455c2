"""Texts as rows of sub-token ids."""

from collections import Counter

from codekin_model.vocab.token_batch import encode_tokens
from codekin_model.vocab.vocabulary import UNKNOWN, vocabulary_of

VOCABULARY = vocabulary_of(Counter(["read", "file", "line"]), at_least=1, at_most=9)
FILE, LINE, READ = range(2, 5)


def test_words_are_sub_tokens_and_padding_stands_at_the_end():
    assert encode_tokens(["readFile(line)", "read"], VOCABULARY, 4).tolist() == [
        [READ, FILE, LINE, 0],
        [READ, 0, 0, 0],
    ]


def test_unknown_words_are_told_from_padding():
    assert encode_tokens(["read strange_file"], VOCABULARY, 3).tolist() == [[READ, UNKNOWN, FILE]]


def test_what_is_longer_is_cut():
    assert encode_tokens(["read file line read"], VOCABULARY, 2).tolist() == [[READ, FILE]]


def test_a_text_without_words_is_padding():
    assert encode_tokens(["", "()"], VOCABULARY, 2).tolist() == [[0, 0], [0, 0]]
