"""Figures of names agree with values worked out by hand."""

import numpy as np
import pytest

from codekin_model.evaluation.names import (
    exact_at,
    expected_calibration_error,
    place_of,
    subtoken_counts,
    subtoken_score,
)


def test_subtoken_score_counts_multiplicity_and_ignores_order_and_case():
    score = subtoken_score(["fileRead", "get_get"], ["read_file", "get_name"])
    assert (score.precision, score.recall) == (3 / 4, 3 / 4)


def test_an_empty_guess_costs_recall_alone():
    score = subtoken_score(["", "read"], ["write", "read"])
    assert (score.precision, score.recall) == (1.0, 0.5)


def test_counts_of_one_name():
    counts = subtoken_counts("read_the_file", "read_file_now_file")
    assert (counts.right, counts.offered, counts.wanted) == (2, 3, 4)


def test_the_place_of_a_name_ignores_outer_underscores():
    assert [place_of(["a", "_b"], name) for name in ("a", "b", "__b__", "c")] == [1, 2, 2, 0]


def test_exact_looks_at_the_first_guesses_only():
    guesses = [["a", "b"], ["c", "_d"]]
    assert exact_at(guesses, ["b", "d"], 1) == 0.0
    assert exact_at(guesses, ["b", "d"], 2) == 1.0


def test_honest_probabilities_have_no_calibration_error():
    stated, right = np.array([0.75] * 4), np.array([True, True, True, False])
    assert expected_calibration_error(stated, right) == pytest.approx(0.0)


def test_boasting_is_the_size_of_the_boast():
    assert expected_calibration_error(np.array([0.95] * 2), np.array([False, False])) == pytest.approx(0.95)
