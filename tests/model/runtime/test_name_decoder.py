"""The exported decoder names a function that was read."""

import numpy as np
import pytest

pytest.importorskip("torch")

from codekin_model.runtime.name_decoder import OnnxNameDecoder

WORDS = ["", "file", "zip", "zip", "path", ""]
"""At six tokens of a function."""


@pytest.fixture(scope="module")
def decoder(tiny_model):
    return OnnxNameDecoder(tiny_model.folder / "name_decoder.onnx", tiny_model.names, threads=1)


@pytest.fixture(scope="module")
def function(decoder):
    states = np.random.default_rng(0).normal(size=(len(WORDS), 32)).astype(np.float32)
    vector = states.mean(axis=0)
    return decoder.read(states, vector / np.linalg.norm(vector), WORDS)


def test_what_may_follow_is_one_distribution_for_each_prefix(decoder, function, tiny_model):
    generated, copied = function.following(np.array([[0, 2, 3], [0, 1, 1]]))
    assert generated.shape == (2, 3, len(tiny_model.names))
    assert copied.shape == (2, 3, len(WORDS))
    assert generated.sum(-1) + copied.sum(-1) == pytest.approx(1, abs=1e-4)


def test_names_are_of_words_it_knows_or_sees(decoder, function, tiny_model):
    found = decoder.names(function)
    sayable = {*tiny_model.names.words[2:], *filter(None, WORDS)}
    assert len(found) >= 4
    assert all(set(name.split("_")) <= sayable for name, _ in found)
    assert [probability for _, probability in found] == sorted((each for _, each in found), reverse=True)


def test_a_given_name_is_as_probable_as_a_found_one(decoder, function):
    found = decoder.names(function, limit=4)
    given = decoder.probabilities(function, [name for name, _ in found])
    assert given == pytest.approx([probability for _, probability in found], rel=0.05)


def test_a_name_that_it_cannot_say_is_impossible(decoder, function):
    seen, unseen = decoder.probabilities(function, ["zip", "tar"])
    assert seen > 1e-4
    assert unseen < 1e-10
