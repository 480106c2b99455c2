"""A closed vocabulary numbers words and survives its file."""

from collections import Counter

import pytest

from codekin_model.vocab.vocabulary import (
    PADDING,
    UNKNOWN,
    read_vocabulary,
    vocabulary_of,
    write_vocabulary,
)


def test_frequent_words_come_first_and_ties_are_alphabetical():
    vocabulary = vocabulary_of(Counter(b=2, a=2, c=5, rare=1), at_least=2, at_most=10)
    assert vocabulary.words[2:] == ("c", "a", "b")


def test_at_most_keeps_the_most_frequent():
    assert vocabulary_of(Counter(a=1, b=3, c=2), at_least=1, at_most=2).words[2:] == ("b", "c")


def test_unknown_words_share_one_id_that_no_word_has():
    vocabulary = vocabulary_of(Counter(a=1), at_least=1, at_most=9)
    assert vocabulary.id_of("nowhere") == UNKNOWN
    assert vocabulary.id_of("a") not in (PADDING, UNKNOWN)


def test_a_written_vocabulary_reads_back_the_same(tmp_path):
    vocabulary = vocabulary_of(Counter({"größe": 3, "(call)^(module)": 2}), at_least=1, at_most=9)
    write_vocabulary(vocabulary, tmp_path / "words.txt")
    assert read_vocabulary(tmp_path / "words.txt") == vocabulary


def test_a_file_that_is_no_vocabulary_is_refused(tmp_path):
    (tmp_path / "words.txt").write_text("a\nb")
    with pytest.raises(ValueError, match="reserved words do not stand first"):
        read_vocabulary(tmp_path / "words.txt")
