"""How sure a mean, or a difference of two, is: the bootstrap over queries.

In: figures, a query each. Out: intervals and p-values. Seeded, so that a table can be printed twice.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_RESAMPLES = 2000
_SMALLEST = 2 / _RESAMPLES
"""The smallest two-sided p-value that so many resamples can show."""
_ENDS = (0.025, 0.975)
"""Of a 95 % interval."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with the ends of its 95 % interval."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:.3f} [{self.low:.3f}, {self.high:.3f}]"


def interval(figures: NDArray[np.float64], seed: int = 17) -> Interval:
    """Mean of ``figures`` and its percentile bootstrap interval."""
    means = _resampled_means(figures, seed)
    low, high = (float(np.quantile(means, end)) for end in _ENDS)
    return Interval(float(figures.mean()), low, high)


@dataclass(frozen=True, slots=True)
class Difference:
    """``better - worse`` paired by query; ``p`` is the two-sided bootstrap p-value of no difference."""

    gain: Interval
    p: float

    def __str__(self) -> str:
        sign = "<" if self.p <= _SMALLEST else "="
        gain = f"{self.gain.mean:+.3f} [{self.gain.low:+.3f}, {self.gain.high:+.3f}]"
        return f"{gain}, p {sign} {max(self.p, _SMALLEST):.3f}"


def paired_difference(better: NDArray[np.float64], worse: NDArray[np.float64], seed: int = 17) -> Difference:
    """Compare two systems on the same queries."""
    difference = better - worse
    means = _resampled_means(difference, seed)
    one_sided = min((means <= 0).mean(), (means >= 0).mean())
    return Difference(interval(difference, seed), float(min(1.0, 2 * max(one_sided, 1 / _RESAMPLES))))


def _resampled_means(figures: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    random = np.random.default_rng(seed)
    return np.array([figures[random.integers(0, len(figures), len(figures))].mean() for _ in range(_RESAMPLES)])
