"""Systems of vectors give scores, and encode the functions once."""

import numpy as np
import pytest

from codekin_model.evaluation.system import (
    NamingSystem,
    NeighbourNamingSystem,
    SearchSystem,
    SimilaritySystem,
    SummarySystem,
)


def test_scores_are_cosines_of_queries_and_functions(functions, letters):
    scores = letters.scores(["read a file", "size"], functions, masked=False)
    expected = letters.queries(["read a file", "size"]) @ letters.code(functions, masked=False).T
    assert scores.shape == (2, 4)
    assert scores == pytest.approx(expected)


def test_a_function_is_most_like_itself(functions, letters):
    similarities = letters.similarities(functions, functions, masked=True)
    assert np.diag(similarities) == pytest.approx(np.ones(4), abs=1e-5)
    assert similarities.argmax(axis=1).tolist() == [0, 1, 2, 3]


def test_the_same_functions_are_encoded_once(functions, letters):
    for query in ("read", "write"):
        letters.scores([query], functions, masked=False)
    assert letters.calls == 1


def test_other_functions_and_other_masks_are_encoded_again(functions, letters):
    letters.scores(["read"], functions, masked=False)
    masked = letters.scores(["read"], functions, masked=True)
    fewer = letters.scores(["read"], functions[:2], masked=True)
    assert letters.calls == 3
    assert fewer == pytest.approx(masked[:, :2])


def test_functions_are_encoded_in_chunks_and_in_order(functions, letters, monkeypatch):
    whole = letters.kept_code(functions, masked=False)
    monkeypatch.setattr("codekin_model.evaluation.system._CHUNK", 3)
    assert letters.kept_code(list(functions), masked=False) == pytest.approx(whole)
    assert letters.calls == 3


def test_a_system_of_vectors_searches_and_compares_and_does_nothing_else(letters):
    kinds = (SearchSystem, SimilaritySystem, NamingSystem, NeighbourNamingSystem, SummarySystem)
    assert [isinstance(letters, kind) for kind in kinds] == [True, True, False, False, False]
