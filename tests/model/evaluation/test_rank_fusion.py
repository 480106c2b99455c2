"""Reciprocal-rank fusion adds what each rank is worth."""

import numpy as np
import pytest

from codekin_model.evaluation.rank_fusion import RankFusion


class Fixed:
    def __init__(self, *rows):
        self.rows = np.array(rows, np.float32)

    def scores(self, queries, functions, *, masked):
        return self.rows

    similarities = scores


def test_ranks_are_worth_one_over_sixty_and_the_rank():
    system = RankFusion(Fixed([0.9, 0.5, 0.1]), Fixed([1.0, 3.0, 2.0]))
    expected = [1 / 61 + 1 / 63, 1 / 62 + 1 / 61, 1 / 63 + 1 / 62]
    assert system.scores(["q"], [], masked=False)[0] == pytest.approx(expected)
    assert system.similarities([], [], masked=True)[0] == pytest.approx(expected)


def test_what_scores_the_same_shares_the_last_rank():
    system = RankFusion(Fixed([0.0, 0.0, 7.0]), Fixed([3.0, 2.0, 1.0]))
    expected = [1 / 63 + 1 / 61, 1 / 63 + 1 / 62, 1 / 61 + 1 / 63]
    assert system.scores(["q"], [], masked=False)[0] == pytest.approx(expected)


def test_what_is_no_number_has_the_last_rank():
    system = RankFusion(Fixed([np.nan, 0.5, 0.9]), Fixed([1.0, 3.0, 2.0]))
    expected = [1 / 63 + 1 / 63, 1 / 62 + 1 / 61, 1 / 61 + 1 / 62]
    assert system.scores(["q"], [], masked=False)[0] == pytest.approx(expected)
