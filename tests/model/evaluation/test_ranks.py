"""Ranks and what is made of them agree with values worked out by hand, and with TREC's own program."""

import math

import numpy as np
import pytest

from codekin_model.evaluation.ranks import ndcg_at, pools, ranks_of, recall_at, reciprocal


def test_ranks_count_every_function_that_scores_as_high():
    scores = np.array([[0.9, 0.1, 0.2], [0.9, 0.5, 0.1], [0.3, 0.2, 0.1]], np.float32)
    assert ranks_of(scores, np.array([0, 1, 2])).tolist() == [1, 2, 3]


def test_a_tie_counts_against_the_query():
    assert ranks_of(np.ones((2, 3), np.float32), np.array([0, 2])).tolist() == [3, 3]


def test_what_is_no_number_is_the_last():
    scores = np.array([[np.nan, 0.1, 0.2], [np.nan, np.nan, np.nan], [0.3, np.nan, 0.1]], np.float32)
    assert ranks_of(scores, np.array([0, 1, 0])).tolist() == [3, 3, 2]


def test_figures_of_ranks():
    ranks = np.array([1, 2, 11])
    assert reciprocal(ranks).tolist() == pytest.approx([1.0, 1 / 2, 1 / 11])
    assert ndcg_at(ranks, 10).tolist() == pytest.approx([1.0, 1 / math.log2(3), 0.0])
    assert recall_at(ranks, 2).tolist() == [1.0, 1.0, 0.0]


def test_ranks_agree_with_trec():
    pytrec_eval = pytest.importorskip("pytrec_eval")
    random = np.random.default_rng(3)
    scores, right = random.random((40, 60)).astype(np.float32), random.integers(0, 60, 40)
    judged = {f"q{row}": {f"d{at}": 1} for row, at in enumerate(right)}
    run = {f"q{row}": {f"d{at}": float(score) for at, score in enumerate(line)} for row, line in enumerate(scores)}
    names = {"recip_rank", "ndcg_cut_10", "recall_1", "recall_10"}
    theirs = pytrec_eval.RelevanceEvaluator(judged, names).evaluate(run)
    ranks = ranks_of(scores, right)
    ours = {
        "recip_rank": reciprocal(ranks),
        "ndcg_cut_10": ndcg_at(ranks, 10),
        "recall_1": recall_at(ranks, 1),
        "recall_10": recall_at(ranks, 10),
    }
    for name, figures in ours.items():
        assert figures.tolist() == pytest.approx([theirs[f"q{row}"][name] for row in range(40)], abs=1e-6)


@pytest.mark.parametrize(("count", "size"), [(12, 4), (13, 4), (3, 10), (1, 1000)])
def test_every_query_contends_with_as_many_others_and_with_itself(count, size):
    found = pools(count, size)
    assert found.shape == (count, min(size, count))
    assert all(len(set(row)) == len(row) for row in found.tolist())
    assert all(at in row for at, row in enumerate(found.tolist()))


def test_pools_share_out_the_queries():
    found = pools(12, 4)
    assert len({tuple(sorted(row)) for row in found.tolist()}) == 3
