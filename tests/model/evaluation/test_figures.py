"""Measures of stored columns are those of the metrics; differences are of the same cases only."""

import numpy as np
import pytest

from codekin_model.evaluation.figures import (
    NAMES,
    RANKS,
    SENTENCES,
    Figures,
    averaged,
    calibration_bins,
    difference,
    digest_of,
    measured,
    measures_of,
)
from codekin_model.evaluation.system import EvaluationError


def ranks(*values, digest="d"):
    return Figures("search: all", RANKS, digest, {"rank": np.array(values, np.float64)})


def names(**columns):
    return Figures("names: alone", NAMES, "d", {name: np.array(each, np.float64) for name, each in columns.items()})


def all_measured(figures):
    return {measure.name: measured(figures, measure).mean for measure in measures_of(figures)}


NAMES_OF_COLUMNS = ("bleu", "rouge_l", "meteor", "cider")

NAMED = {
    "right": [1, 2, 0, 1],
    "offered": [1, 2, 0, 3],
    "wanted": [2, 2, 1, 1],
    "place": [0, 1, 0, 4],
    "stated": [0.9, 0.85, 0.0, 0.3],
}


def test_ranks_are_measured():
    found = all_measured(ranks(1, 2, 20, 4))
    assert found["MRR"] == pytest.approx((1 + 1 / 2 + 1 / 20 + 1 / 4) / 4)
    assert found["NDCG@10"] == pytest.approx((1 + 1 / np.log2(3) + 1 / np.log2(5)) / 4)
    assert (found["recall@1"], found["recall@10"]) == (0.25, 0.75)


def test_names_are_measured_by_their_sums():
    found = all_measured(names(**NAMED))
    assert (found["precision"], found["recall"]) == pytest.approx((4 / 6, 4 / 6))
    assert found["F1"] == pytest.approx(2 * 4 / (6 + 6))
    assert (found["exact@1"], found["exact@5"]) == (0.25, 0.5)


def calibration_error(stated, place):
    columns = {**{name: np.ones(len(stated)) for name in NAMED}, "stated": stated, "place": place}
    return all_measured(names(**columns))["calibration error"]


def test_the_calibration_error_is_the_mean_gap_of_the_bins():
    random = np.random.default_rng(0)
    stated, place = random.random(300), random.integers(0, 3, 300)
    tenths = [(stated >= at / 10) & (stated < (at + 1) / 10) for at in range(10)]
    gaps = [np.sum(tenth) * abs(stated[tenth].mean() - (place[tenth] == 1).mean()) for tenth in tenths]
    assert calibration_error(stated, place) == pytest.approx(sum(gaps) / 300)


def test_honest_probabilities_have_no_calibration_error():
    assert calibration_error([0.75] * 4, [1, 1, 1, 0]) == pytest.approx(0.0)


def test_boasting_is_the_size_of_the_boast():
    assert calibration_error([0.95] * 2, [0, 0]) == pytest.approx(0.95)


def test_sentences_are_measured_by_their_means():
    columns = {name: np.array([0.0, value]) for name, value in zip(NAMES_OF_COLUMNS, (1, 2, 3, 4), strict=True)}
    found = all_measured(Figures("summaries: all", SENTENCES, "d", columns))
    assert list(found.values()) == [0.5, 1.0, 1.5, 2.0]


def test_a_difference_is_paired_by_case():
    better, worse = ranks(*[1] * 50), ranks(*[2] * 50)
    found = difference(better, worse, measures_of(better)[0])
    assert (found.gain.low, found.gain.high) == (0.5, 0.5)


def test_systems_measured_on_other_cases_are_not_compared():
    with pytest.raises(EvaluationError, match="different cases; evaluate both again"):
        difference(ranks(1, digest="x"), ranks(1, digest="y"), measures_of(ranks(1))[0])


def test_the_average_of_seeds_has_the_mean_of_their_figures():
    seeds = ranks(1, 2, 4), ranks(2, 1, 1)
    found = all_measured(averaged(seeds))
    expected = [all_measured(each) for each in seeds]
    assert found == pytest.approx({name: (expected[0][name] + expected[1][name]) / 2 for name in found})


def test_the_average_of_seeds_of_names_is_of_their_sums():
    other = {**NAMED, "right": [2, 2, 1, 1], "offered": [2, 2, 1, 1]}
    found = all_measured(averaged([names(**NAMED), names(**other)]))
    assert found["F1"] == pytest.approx(2 * 10 / (6 + 6 + 6 + 6))


def test_seeds_measured_on_other_cases_are_not_averaged():
    with pytest.raises(EvaluationError, match="evaluate them again"):
        averaged([ranks(1, digest="x"), ranks(1, digest="y")])


def test_bins_of_a_calibration_diagram():
    count, stated, right = calibration_bins(names(**NAMED).columns)
    assert count.tolist() == [1, 0, 0, 1, 0, 0, 0, 0, 1, 1]
    assert stated[[3, 8, 9]] == pytest.approx([0.3, 0.85, 0.9])
    assert right[[0, 3, 8, 9]].tolist() == [0, 0, 1, 0]


def test_a_digest_knows_the_order():
    assert digest_of(["a", "b"]) != digest_of(["b", "a"])
