"""The naming head's scores become names of its vocabulary, most probable first."""

import numpy as np
import pytest

from codekin_model.runtime.name_ranking import FEATURES, NameRanking
from codekin_model.runtime.naming import HEAD_NAMES, OnnxNaming, most_probable
from codekin_model.vocab.vocabulary import Vocabulary

NAMES = Vocabulary(("<PAD>", "<UNK>", "read", "write", "sort"))


@pytest.fixture(scope="module")
def naming(tiny_fusion):
    ranking = NameRanking((1.0,) * len(FEATURES), (1.0,) * len(FEATURES))
    return OnnxNaming(tiny_fusion.folder / "naming.onnx", tiny_fusion.names, ranking, threads=1)


def test_probabilities_are_the_softmax_of_all_scores():
    scores = np.log(np.array([0.1, 0.2, 0.1, 0.4, 0.2], np.float32))
    assert most_probable(scores, NAMES) == (
        ("write", pytest.approx(0.4)),
        ("sort", pytest.approx(0.2)),
        ("read", pytest.approx(0.1)),
    )


def test_reserved_words_are_no_names_and_cost_none_its_place():
    names = most_probable(np.array([9, 8, 1, 3, 2], np.float32), NAMES, count=2)
    assert [name for name, _ in names] == ["write", "sort"]


def test_large_scores_stay_finite():
    ((name, probability), *_) = most_probable(np.array([0, 0, 1000, -1000, 0], np.float32), NAMES)
    assert (name, probability) == ("read", 1.0)


def test_an_exported_head_names_from_its_vocabulary(naming, tiny_fusion):
    random = np.random.default_rng(1)
    vector = random.normal(size=(1, tiny_fusion.width)).astype(np.float32)
    vector /= np.linalg.norm(vector)
    names = naming.head_names(vector, random.normal(size=(1, tiny_fusion.joint)).astype(np.float32))
    probabilities = [probability for _, probability in names]
    assert len({name for name, _ in names} & set(tiny_fusion.names.words[2:])) == len(names) == HEAD_NAMES
    assert probabilities == sorted(probabilities, reverse=True)
    assert 0 < sum(probabilities) <= 1


def test_a_vector_that_reads_like_a_name_is_given_it(naming, tiny_fusion):
    vector = tiny_fusion.name_vectors[7:8]
    names = naming.head_names(vector, np.zeros((1, tiny_fusion.joint), np.float32))
    assert names[0][0] == tiny_fusion.names.words[7]
