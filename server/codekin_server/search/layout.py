"""Functions on a flat map, so that those of like meaning lie near each other.

In: vectors. Out: a point in -1..1 for each. Pure and deterministic: the same vectors in the same order give the same
map, on every machine. Must not know whose vectors they are.

The two directions in which the vectors differ most (principal components) make the map; each direction's sign is fixed
by its largest part. Taken as they are, most points would lie on one heap in the middle with a few far outside, which
nobody can read or click. So each coordinate is half its measure and half its rank: ranks spread the heap over the
whole width and keep the order, the measure keeps gaps visible. Distances on the map are therefore not to be measured;
who lies near whom is.
"""

import numpy as np
from numpy.typing import NDArray

_RANK_SHARE = 0.5


def lay_out(matrix: NDArray[np.float32]) -> NDArray[np.float64]:
    """A point for each row of ``matrix``, in (-1..1, -1..1)."""
    if len(matrix) < 2:  # noqa: PLR2004 - one point has no directions
        return np.zeros((len(matrix), 2))
    centred = matrix.astype(np.float64) - matrix.mean(axis=0, dtype=np.float64)
    _, directions = np.linalg.eigh(centred.T @ centred)
    axes = directions[:, ::-1][:, :2]
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
    flat = np.zeros((len(matrix), 2))
    flat[:, : axes.shape[1]] = centred @ axes
    return np.column_stack([_spread(flat[:, 0]), _spread(flat[:, 1])])


def _spread(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Half measure, half rank, both over -1..1; what is equal stays equal."""
    values = values.round(6)
    low, high = values.min(), values.max()
    if low == high:
        return np.zeros(len(values))
    measure = 2 * (values - low) / (high - low) - 1
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks = np.cumsum(counts) - counts / 2
    rank = 2 * (ranks[places] - ranks[0]) / (ranks[-1] - ranks[0]) - 1
    return np.clip((1 - _RANK_SHARE) * measure + _RANK_SHARE * rank, -1.0, 1.0)
