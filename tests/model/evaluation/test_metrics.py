"""Metrics agree with values worked out by hand."""

import math

import numpy as np
import pytest

from codekin_model.evaluation.bootstrap import interval, paired_difference
from codekin_model.evaluation.names import exact_at, expected_calibration_error, subtoken_score
from codekin_model.evaluation.search import ndcg_at, pooled_reciprocal_ranks, ranks, reciprocal_ranks

CODE = np.eye(3, dtype=np.float32)


def test_ranks_count_every_code_that_scores_as_high():
    queries = np.array([[1, 0, 0], [0.9, 0.5, 0], [0, 0.2, 0.1]], np.float32)
    assert ranks(queries, CODE).tolist() == [1, 2, 2]


def test_a_tie_counts_against_the_query():
    assert ranks(np.ones((3, 3), np.float32), CODE).tolist() == [3, 3, 3]


def test_reciprocal_ranks_are_one_over_rank():
    queries = np.array([[1, 0, 0], [0.9, 0.5, 0], [0.1, 0.3, 0.2]], np.float32)
    assert reciprocal_ranks(queries, CODE).tolist() == [1.0, 0.5, 0.5]


def test_a_pool_of_all_is_the_whole_search():
    queries = np.random.default_rng(0).normal(size=(12, 4)).astype(np.float32)
    code = np.random.default_rng(1).normal(size=(12, 4)).astype(np.float32)
    pooled = pooled_reciprocal_ranks(queries, code, 12)
    assert sorted(pooled) == pytest.approx(sorted(reciprocal_ranks(queries, code)))


def test_ndcg_with_one_right_answer():
    found = ndcg_at(np.array([1, 2, 11]), 10)
    assert found.tolist() == pytest.approx([1.0, 1 / math.log2(3), 0.0])


def test_subtoken_score_counts_multiplicity_and_ignores_order_and_case():
    score = subtoken_score(["fileRead", "get_get"], ["read_file", "get_name"])
    assert (score.precision, score.recall) == (3 / 4, 3 / 4)


def test_an_empty_guess_costs_recall_alone():
    score = subtoken_score(["", "read"], ["write", "read"])
    assert (score.precision, score.recall) == (1.0, 0.5)


def test_exact_looks_at_the_first_guesses_only():
    guesses = [["a", "b"], ["c", "_d"]]
    assert exact_at(guesses, ["b", "d"], 1) == 0.0
    assert exact_at(guesses, ["b", "d"], 2) == 1.0


def test_honest_probabilities_have_no_calibration_error():
    stated, right = np.array([0.75] * 4), np.array([True, True, True, False])
    assert expected_calibration_error(stated, right) == pytest.approx(0.0)


def test_boasting_is_the_size_of_the_boast():
    assert expected_calibration_error(np.array([0.95] * 2), np.array([False, False])) == pytest.approx(0.95)


def test_an_interval_holds_its_mean_and_narrows_with_more_queries():
    figures = np.random.default_rng(0).random(2000)
    wide, narrow = interval(figures[:50]), interval(figures)
    assert wide.low < wide.mean < wide.high
    assert narrow.high - narrow.low < wide.high - wide.low


def test_a_constant_gain_is_certain_and_no_gain_is_not():
    worse = np.random.default_rng(0).random(200)
    assert paired_difference(worse + 0.1, worse).p <= 0.001
    assert paired_difference(worse, worse).p == 1.0
