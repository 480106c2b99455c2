"""How sure a figure, or a difference of two, is: the bootstrap over queries.

In: terms, a row for each query, and the statistic of their means (the mean itself, or a ratio such as F1). Out:
intervals and p-values. Seeded, so that a table can be printed twice.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Terms = NDArray[np.float64]
"""(queries, terms): what a statistic is made of."""
Statistic = Callable[[Terms], NDArray[np.float64]]
"""Means of terms, shape (..., terms) -> figures, shape (...)."""

_SEED = 17
_RESAMPLES = 2000
_AT_A_TIME = 250
"""Resamples whose weights are in memory: 20 MB at 10,000 queries."""
_SMALLEST = 2 / _RESAMPLES
"""The smallest two-sided p-value that so many resamples can show."""
_ENDS = (0.025, 0.975)
"""Of a 95 % interval."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with the ends of its 95 % interval."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:.3f} [{self.low:.3f}, {self.high:.3f}]"


@dataclass(frozen=True, slots=True)
class Difference:
    """``better - worse`` paired by query; ``p`` is the two-sided bootstrap p-value of no difference."""

    gain: Interval
    p: float

    def __str__(self) -> str:
        sign = "<" if self.p <= _SMALLEST else "="
        gain = f"{self.gain.mean:+.3f} [{self.gain.low:+.3f}, {self.gain.high:+.3f}]"
        return f"{gain}, p {sign} {max(self.p, _SMALLEST):.3f}"


def only_term(means: Terms) -> NDArray[np.float64]:
    """The statistic of a single term: its mean."""
    return means[..., 0]


def interval_of(terms: Terms, statistic: Statistic) -> Interval:
    """``statistic`` of the mean ``terms`` and its percentile bootstrap interval."""
    return _interval(float(statistic(terms.mean(axis=0))), statistic(_resampled_means(terms)))


def paired_difference(better: NDArray[np.float64], worse: NDArray[np.float64]) -> Difference:
    """Compare the means of two systems on the same queries."""
    return paired_difference_of(better[:, None], worse[:, None], only_term)


def paired_difference_of(better: Terms, worse: Terms, statistic: Statistic) -> Difference:
    """Compare the statistics of two systems on the same queries: each resample takes the same queries of both."""
    columns = better.shape[1]
    means = _resampled_means(np.concatenate([better, worse], axis=1))
    gains = statistic(means[:, :columns]) - statistic(means[:, columns:])
    gain = float(statistic(better.mean(axis=0)) - statistic(worse.mean(axis=0)))
    one_sided = min((gains <= 0).mean(), (gains >= 0).mean())
    return Difference(_interval(gain, gains), float(min(1.0, 2 * max(one_sided, 1 / _RESAMPLES))))


def _interval(figure: float, resampled: NDArray[np.float64]) -> Interval:
    low, high = (float(np.quantile(resampled, end)) for end in _ENDS)
    return Interval(figure, low, high)


def _resampled_means(terms: Terms) -> Terms:
    """Shape (resamples, terms)."""
    random, count = np.random.default_rng(_SEED), len(terms)
    means: list[Terms] = []
    for _ in range(_RESAMPLES // _AT_A_TIME):
        drawn = random.integers(0, count, (_AT_A_TIME, count))
        weights = np.stack([np.bincount(row, minlength=count) for row in drawn]).astype(np.float64)
        means.append(weights @ terms / count)
    return np.concatenate(means)
