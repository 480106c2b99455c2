"""Names: how near a suggested name is to the one the author chose.

In: suggested and true names, probabilities. Out: code2vec's sub-token figures (Alon et al. 2019, section 6), exact
matches, and how honest the probabilities are.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codekin_model.extraction.tokens import subtokens

_TINY = 1e-12
"""Keeps the quotient of nothing by nothing at zero."""


@dataclass(frozen=True, slots=True)
class SubtokenScore:
    """Micro-averaged over all names, order and case ignored, multiplicity kept."""

    precision: float
    recall: float
    f1: float


def subtoken_score(suggested: Sequence[str], true: Sequence[str]) -> SubtokenScore:
    """Score first suggestions against true names; an empty suggestion costs recall alone."""
    right = offered = wanted = 0
    for guess, name in zip(suggested, true, strict=True):
        have, want = Counter(subtokens(guess)), Counter(subtokens(name))
        right += (have & want).total()
        offered += have.total()
        wanted += want.total()
    precision, recall = right / max(offered, 1), right / max(wanted, 1)
    return SubtokenScore(precision, recall, 2 * precision * recall / max(precision + recall, _TINY))


def exact_at(suggested: Sequence[Sequence[str]], true: Sequence[str], cut: int) -> float:
    """Share of names that are among the first ``cut`` suggestions, leading and trailing underscores aside."""
    hits = [
        name.strip("_") in {guess.strip("_") for guess in guesses[:cut]}
        for guesses, name in zip(suggested, true, strict=True)
    ]
    return sum(hits) / max(len(hits), 1)


def expected_calibration_error(probabilities: NDArray[np.float64], right: NDArray[np.bool_], bins: int = 10) -> float:
    """Mean gap between stated probability and observed share of right answers, over equal-width bins."""
    place = np.minimum((probabilities * bins).astype(int), bins - 1)
    gaps = [
        np.sum(place == at) * abs(probabilities[place == at].mean() - right[place == at].mean())
        for at in range(bins)
        if np.any(place == at)
    ]
    return float(sum(gaps) / max(len(probabilities), 1))
