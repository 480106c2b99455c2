"""Rare words are read in parts."""

import string
from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codekin_model.vocab import word_parts as module
from codekin_model.vocab.vocabulary import UNKNOWN, Vocabulary
from codekin_model.vocab.word_parts import WordParts, taken_apart, vocabulary_with_parts

VOCABULARY = Vocabulary(("<PAD>", "<UNK>", "read", "chunk", "re", "##chunk", "##able", "##s", "##a", "x"))
PARTS = WordParts(VOCABULARY)


def spelled(ids) -> list[str]:
    return [VOCABULARY.words[each] for each in ids]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("read", ["read"]),
        ("rechunk", ["re", "##chunk"]),
        ("readables", ["read", "##able", "##s"]),
        ("xa", ["x", "##a"]),
        ("chunkz", ["<UNK>"]),
        ("zread", ["<UNK>"]),
        ("größe", ["<UNK>"]),
        ("", ["<UNK>"]),
    ],
)
def test_a_word_is_itself_or_its_longest_parts(word, expected):
    assert spelled(PARTS.ids_of(word)) == expected


def test_parts_of_a_known_word_are_those_it_would_have_were_it_unknown():
    words = WordParts(Vocabulary((*VOCABULARY.words, "rechunk")))
    assert len(words.ids_of("rechunk")) == 1
    assert words.parts_of("rechunk") == PARTS.ids_of("rechunk")
    assert PARTS.parts_of("x") == (UNKNOWN,)


def test_a_part_that_goes_on_does_not_begin():
    assert spelled(PARTS.ids_of("able")) == ["<UNK>"]


def test_a_vocabulary_without_parts_knows_whole_words_alone():
    words = WordParts(Vocabulary(("<PAD>", "<UNK>", "read")))
    assert (words.ids_of("read"), words.ids_of("reads")) == ((2,), (UNKNOWN,))


def test_the_most_frequent_words_are_never_taken_apart_others_now_and_then(monkeypatch):
    words = WordParts(Vocabulary((*VOCABULARY.words, "rechunk")))
    number = words.ids_of("rechunk")
    read = taken_apart(words, 0.5, Random(0))  # noqa: S311 - no secret
    seen = Counter(read("rechunk") for _ in range(400))
    assert set(seen) == {number}
    monkeypatch.setattr(module, "_COMMON", 5)
    seen = Counter(read("rechunk") for _ in range(400))
    assert set(seen) == {number, words.parts_of("rechunk")}
    assert 150 < seen[number] < 250


def test_a_word_that_has_no_parts_stays_whole(monkeypatch):
    monkeypatch.setattr(module, "_COMMON", 1)
    assert taken_apart(PARTS, 1.0, Random(0))("read") == PARTS.ids_of("read")  # noqa: S311 - no secret


COUNTS = Counter({"file": 50, "list": 40, "stem": 30, "re": 20, "stemmer": 3, "filelist": 3, "relist": 5, "x": 1})


def test_frequent_words_are_whole_and_ends_of_rare_ones_are_parts():
    vocabulary = vocabulary_with_parts(COUNTS, at_least=5, words=4, parts=30)
    assert vocabulary.words[2:6] == ("file", "list", "stem", "re")
    assert {"##list", "##mer", "##s", "s", "x", "##x"} <= set(vocabulary.words)
    words = WordParts(vocabulary)
    assert [vocabulary.words[each] for each in words.ids_of("stemmer")] == ["stem", "##mer"]
    assert [vocabulary.words[each] for each in words.ids_of("relist")] == ["re", "##list"]


def test_what_reads_most_characters_is_kept_when_there_is_little_room():
    letters = {letter for word in COUNTS for letter in word}
    vocabulary = vocabulary_with_parts(COUNTS, at_least=5, words=4, parts=2 * len(letters) + 1)
    assert [word for word in vocabulary.words if len(word) > len("##x")][5:] == ["##list"]


def test_the_choice_depends_on_the_counts_alone():
    turned = Counter(dict(reversed(list(COUNTS.items()))))
    assert vocabulary_with_parts(COUNTS, at_least=5, words=4, parts=40) == vocabulary_with_parts(
        turned, at_least=5, words=4, parts=40
    )


@given(st.lists(st.text(string.ascii_lowercase, min_size=1, max_size=12), min_size=1, max_size=30), st.data())
def test_every_word_of_the_same_letters_can_be_read_and_is_spelled_by_its_parts(words, data):
    vocabulary = vocabulary_with_parts(Counter(words), at_least=1, words=5, parts=80)
    letters = sorted({letter for word in words for letter in word})
    word = data.draw(st.text(letters, min_size=1, max_size=12))
    ids = WordParts(vocabulary).ids_of(word)
    assert UNKNOWN not in ids
    assert "".join(vocabulary.words[each].removeprefix("##") for each in ids) == word
