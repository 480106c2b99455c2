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


@dataclass(frozen=True, slots=True)
class SubtokenCounts:
    """Sub-tokens of one suggestion that are right, of the suggestion, and of the true name."""

    right: int
    offered: int
    wanted: int


def subtoken_counts(suggested: str, true: str) -> SubtokenCounts:
    """Compare one suggestion with the true name."""
    have, want = Counter(subtokens(suggested)), Counter(subtokens(true))
    return SubtokenCounts((have & want).total(), have.total(), want.total())


def subtoken_score(suggested: Sequence[str], true: Sequence[str]) -> SubtokenScore:
    """Score first suggestions against true names; an empty suggestion costs recall alone."""
    counts = [subtoken_counts(guess, name) for guess, name in zip(suggested, true, strict=True)]
    right = sum(each.right for each in counts)
    precision = right / max(sum(each.offered for each in counts), 1)
    recall = right / max(sum(each.wanted for each in counts), 1)
    return SubtokenScore(precision, recall, 2 * precision * recall / max(precision + recall, _TINY))


def place_of(suggested: Sequence[str], true: str) -> int:
    """From 1, the place of ``true`` among the suggestions, outer underscores aside; 0 where it is not among them."""
    wanted = true.strip("_")
    return next((at for at, guess in enumerate(suggested, start=1) if guess.strip("_") == wanted), 0)


def exact_at(suggested: Sequence[Sequence[str]], true: Sequence[str], cut: int) -> float:
    """Share of names that are among the first ``cut`` suggestions, leading and trailing underscores aside."""
    hits = [place_of(guesses[:cut], name) > 0 for guesses, name in zip(suggested, true, strict=True)]
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
