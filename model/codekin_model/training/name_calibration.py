"""Fitting the ranking of names, so that its probabilities are honest.

In: naming cases of validation packages. Out: the logistic weights of :class:`NameRanking`.
"""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from codekin_model.embedder import Neighbour
from codekin_model.evaluation.name_cases import NameCase
from codekin_model.runtime.name_ranking import FEATURES, NameRanking, candidates

_DECAY = 1e-4
"""Keeps weights finite where a feature tells right from wrong without fail."""
_ITERATIONS = 500


def fit_ranking(cases: Sequence[NameCase]) -> NameRanking:
    """Two regressions over all candidates of all cases: with the neighbours seen, and without."""
    return NameRanking(with_neighbours=_fit(cases, lambda case: case.neighbours), alone=_fit(cases, lambda _: ()))


def _fit(cases: Sequence[NameCase], neighbours: Callable[[NameCase], Sequence[Neighbour]]) -> tuple[float, ...]:
    features: list[NDArray[np.float64]] = []
    right: list[float] = []
    for case in cases:
        names, rows = candidates(case.heard, neighbours(case))
        features.append(rows)
        right += [float(name == case.name.strip("_")) for name in names]
    inputs, target = torch.from_numpy(np.concatenate(features)), torch.tensor(right, dtype=torch.float64)
    weights = torch.zeros(len(FEATURES), dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=_ITERATIONS, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        value = functional.binary_cross_entropy_with_logits(inputs @ weights, target) + _DECAY * weights.square().sum()
        value.backward()
        return value

    optimizer.step(loss)
    return tuple(float(weight) for weight in weights.detach())
