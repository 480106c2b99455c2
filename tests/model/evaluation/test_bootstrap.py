"""Intervals and paired differences of means and of ratios."""

import numpy as np
import pytest

from codekin_model.evaluation.bootstrap import (
    interval_of,
    only_term,
    paired_difference,
    paired_difference_of,
)


def interval(figures):
    return interval_of(figures[:, None], only_term)


def ratio(means):
    return means[..., 0] / means[..., 1]


def test_an_interval_holds_its_mean_and_narrows_with_more_queries():
    figures = np.random.default_rng(0).random(2000)
    wide, narrow = interval(figures[:50]), interval(figures)
    assert wide.low < wide.mean < wide.high
    assert narrow.high - narrow.low < wide.high - wide.low


def test_an_interval_is_as_wide_as_the_normal_approximation_says():
    figures = np.random.default_rng(0).normal(size=3000)
    found = interval(figures)
    expected = 2 * 1.96 * figures.std() / np.sqrt(3000)
    assert found.high - found.low == pytest.approx(expected, rel=0.1)


def test_a_ratio_is_of_the_sums_and_not_the_mean_of_ratios():
    terms = np.array([[1.0, 1.0], [1.0, 3.0]])
    assert interval_of(terms, ratio).mean == pytest.approx(2 / 4)


def test_a_constant_ratio_has_no_width():
    under = np.random.default_rng(0).random(100) + 1
    found = interval_of(np.stack([under / 2, under], axis=1), ratio)
    assert (found.low, found.mean, found.high) == pytest.approx((0.5, 0.5, 0.5))


def test_a_constant_gain_is_certain_and_no_gain_is_not():
    worse = np.random.default_rng(0).random(200)
    assert paired_difference(worse + 0.1, worse).p <= 0.001
    assert paired_difference(worse, worse).p == 1.0


def test_pairing_sees_a_gain_that_is_smaller_than_the_spread():
    random = np.random.default_rng(0)
    worse = random.random(300)
    better = worse + 0.01 + random.normal(0, 0.01, 300)
    assert interval(better).low < interval(worse).high
    assert paired_difference(better, worse).gain.low > 0


def test_two_ratios_are_compared_on_the_same_queries():
    worse = np.random.default_rng(0).random((200, 2)) + 1
    better = worse * [1.2, 1.0]
    found = paired_difference_of(better, worse, ratio)
    assert found.gain.mean == pytest.approx(0.2 * ratio(worse.mean(axis=0)))
    assert found.p <= 0.001


def test_it_is_printed_with_its_sign_and_never_as_no_doubt_at_all():
    worse = np.random.default_rng(0).random(50)
    printed = str(paired_difference(worse + 0.25, worse))
    assert printed == "+0.250 [+0.250, +0.250], p < 0.001"
