"""Batches of similar functions: what is hard to tell apart is learnt where it stands together.

In: vectors of functions. Out: an order of them, in which short runs are of one kind. Among functions drawn at random
every other one is easily told from what is asked for; topic-aware batches (Hofstätter et al. 2021) are harder.
"""

import numpy as np
from numpy.typing import NDArray

_OF_ONE_KIND = 90
"""Functions of a cluster, on average."""
_ROUNDS = 6
_SAMPLE = 60_000
_CHUNK = 8192
Rows = NDArray[np.int64]
Vectors = NDArray[np.float16] | NDArray[np.float32]


def clusters_of(vectors: Vectors, seed: int) -> Rows:
    """The cluster (N,) of each of ``vectors`` (N, width), of length 1: spherical k-means over a sample of them."""
    draw = np.random.default_rng(seed)
    sample = vectors[draw.permutation(len(vectors))[:_SAMPLE]].astype(np.float32)
    centres = sample[: max(1, len(vectors) // _OF_ONE_KIND)]
    for _ in range(_ROUNDS):
        sums = np.zeros_like(centres)
        np.add.at(sums, _nearest(sample, centres), sample)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = np.where(lengths > 0, sums / np.maximum(lengths, 1e-9), centres)
    return _nearest(vectors, centres)


def _nearest(vectors: Vectors, centres: NDArray[np.float32]) -> Rows:
    parts = (vectors[at : at + _CHUNK].astype(np.float32) for at in range(0, len(vectors), _CHUNK))
    return np.concatenate([(part @ centres.T).argmax(1) for part in parts])


def in_runs(rows: Rows, clusters: Rows, size: int, draw: np.random.Generator) -> Rows:
    """``rows`` in an order drawn anew: runs of ``size`` of one cluster (where it has as many), the runs shuffled.

    What fills no run at the end is left out, other rows each time.
    """
    kinds = draw.permutation(clusters.max() + 1)[clusters]
    sorted_rows = rows[np.lexsort((draw.random(len(rows)), kinds))]
    whole = len(rows) // size * size
    return draw.permutation(sorted_rows[:whole].reshape(-1, size)).reshape(-1)
