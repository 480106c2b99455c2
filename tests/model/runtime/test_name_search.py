"""Beam search finds the names that counting everything finds, each as probable as it is by itself."""

from itertools import pairwise, product
from zlib import crc32

import numpy as np
import pytest

from codekin_model.embedder import Neighbour
from codekin_model.runtime import name_search
from codekin_model.runtime.name_search import name_probabilities, search_names
from codekin_model.runtime.neighbour_words import NeighbourWords
from codekin_model.runtime.next_words import ReadFunction
from codekin_model.vocab.vocabulary import Vocabulary

VOCABULARY = Vocabulary(("<PAD>", "<UNK>", "read", "file"))
TOKENS = ("file", "zip", "", "zip", "2d")
"""The words at the tokens of a function: one that can be said as well, two that can only be copied, and none."""
SAYABLE = ("read", "file", "zip", "2d")


def distribution(prefix: tuple[int, ...]) -> np.ndarray:
    """Any distribution over the vocabulary and the tokens, the same for the same words said."""
    scores = np.random.default_rng(crc32(repr(prefix).encode())).normal(size=len(VOCABULARY) + len(TOKENS))
    return np.exp(scores) / np.exp(scores).sum()


def following(said):
    rows = [[distribution(tuple(row[: at + 1])) for at in range(len(row))] for row in said.tolist()]
    found = np.array(rows, np.float32)
    return found[..., : len(VOCABULARY)], found[..., len(VOCABULARY) :]


FUNCTION = ReadFunction(TOKENS, following)


def by_hand(words: tuple[str, ...]) -> float:
    """The product over the words and the end of what is said and what is copied."""
    ids, probability = [0], 1.0
    for word in words:
        found = distribution(tuple(ids))
        said = found[VOCABULARY.id_of(word)] if word in VOCABULARY else 0.0
        probability *= said + sum(found[len(VOCABULARY) + at] for at, each in enumerate(TOKENS) if each == word)
        ids.append(VOCABULARY.id_of(word))
    return probability * distribution(tuple(ids))[0]


def test_wide_beams_find_what_counting_every_name_finds(monkeypatch):
    monkeypatch.setattr(name_search, "_LONGEST", 3)
    monkeypatch.setattr(name_search, "BEAMS", 999)
    names = (words for count in (0, 1, 2, 3) for words in product(SAYABLE, repeat=count))
    every = {words: by_hand(words) for words in names if all(one != next_ for one, next_ in pairwise(words))}
    best = sorted(every.items(), key=lambda each: -each[1])[:20]
    expected = [("_".join(words), probability) for words, probability in best if "_".join(words).isidentifier()]
    found = search_names(FUNCTION, VOCABULARY, limit=20)
    assert [name for name, _ in found] == [name for name, _ in expected]
    assert [each for _, each in found] == pytest.approx([each for _, each in expected], rel=1e-4)
    assert len(expected) > 10


def test_a_name_found_is_as_probable_as_when_it_is_given():
    found = search_names(FUNCTION, VOCABULARY)
    given = name_probabilities(FUNCTION, VOCABULARY, [name for name, _ in found])
    assert given == pytest.approx([probability for _, probability in found], rel=1e-4)
    assert given == pytest.approx([by_hand(tuple(name.split("_"))) for name, _ in found], rel=1e-4)


def test_the_most_probable_comes_first_and_the_limit_is_kept():
    found = search_names(FUNCTION, VOCABULARY, limit=4)
    probabilities = [probability for _, probability in found]
    assert probabilities == sorted(probabilities, reverse=True)
    assert 0 < len(found) <= 4
    assert sum(probabilities) <= 1


def test_what_is_no_identifier_is_no_name():
    assert by_hand(("2d",)) > 0
    assert all(name.isidentifier() for name, _ in search_names(FUNCTION, VOCABULARY))


def saying(*words: str) -> ReadFunction:
    """Says ``words``, then ends."""

    def say(said):
        generated = np.zeros((*said.shape, len(VOCABULARY)), np.float32)
        for at in range(said.shape[1]):
            generated[:, at, VOCABULARY.id_of(words[at]) if at < len(words) else 0] = 1
        return generated, np.zeros((*said.shape, len(TOKENS)), np.float32)

    return ReadFunction(TOKENS, say)


def test_a_name_may_have_all_the_words_that_were_learnt():
    function = saying(*("read", "file") * 3, "read")
    ((name, probability), *_) = search_names(function, VOCABULARY)
    assert (name, probability) == ("read_file_read_file_read_file_read", pytest.approx(1))
    assert name_probabilities(function, VOCABULARY, [name]) == [pytest.approx(1)]


def test_no_word_is_said_twice_in_a_row():
    found = search_names(saying("read", "read"), VOCABULARY)
    assert all("read_read" not in name for name, _ in found)


def test_the_unknown_word_is_never_said():
    found = search_names(saying("<UNK>"), VOCABULARY)
    assert sum(probability for _, probability in found) < 1e-6


@pytest.mark.parametrize("name", ["", "_", "read_" * 8])
def test_a_name_of_no_words_or_too_many_is_impossible(name):
    assert name_probabilities(FUNCTION, VOCABULARY, [name, "read"]) == [0.0, pytest.approx(by_hand(("read",)))]


def test_a_word_that_is_neither_known_nor_in_the_function_makes_a_name_impossible():
    (probability,) = name_probabilities(FUNCTION, VOCABULARY, ["read_strange"])
    assert probability < 1e-10


def test_names_of_different_lengths_and_styles_are_asked_for_together():
    asked = ["readFile", "zip", "_read_zip_file"]
    expected = [by_hand(words) for words in (("read", "file"), ("zip",), ("read", "zip", "file"))]
    assert name_probabilities(FUNCTION, VOCABULARY, asked) == pytest.approx(expected, rel=1e-4)


def test_no_names_are_asked_for():
    assert name_probabilities(FUNCTION, VOCABULARY, []) == []


def uniform(said):
    """Every word and every token is as likely as the others."""
    share = 1 / (len(VOCABULARY) + len(TOKENS))
    generated = np.full((*said.shape, len(VOCABULARY)), share, np.float32)
    return generated, np.full((*said.shape, len(TOKENS)), share, np.float32)


def found_near(*names: str) -> dict[str, float]:
    """What is found for a function that says nothing for certain, among neighbours of these names."""
    near = NeighbourWords.of_names([Neighbour(name, 0.5) for name in names])
    return dict(search_names(ReadFunction(TOKENS, uniform), VOCABULARY, 16, near))


def test_a_name_can_begin_as_a_neighbours_and_go_on_with_a_word_of_the_function():
    assert "fetch_zip" in found_near("fetch_file")
    assert not any(name.startswith("fetch") for name, _ in search_names(ReadFunction(TOKENS, uniform), VOCABULARY, 16))


def test_with_neighbours_a_word_is_as_probable_as_both_find_it_together():
    decoders, neighbours = 1 - name_search._LEANING, name_search._LEANING
    fetch, file, end = neighbours, neighbours + decoders * 2 / 9, neighbours + decoders / 9
    assert found_near("fetch_file")["fetch_file"] == pytest.approx(fetch * file * end)


def test_neighbours_without_names_change_nothing():
    assert search_names(FUNCTION, VOCABULARY, near=NeighbourWords.of_names([])) == search_names(FUNCTION, VOCABULARY)


def test_with_neighbours_the_unknown_word_is_not_said_either():
    assert not any("<UNK>" in name for name in found_near("fetch_file"))
