"""Fitting the ranking of names, so that its probabilities are honest.

In: naming cases of validation packages. Out: the scorers of :class:`NameRanking`.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from codekin_model.embedder import Surroundings
from codekin_model.evaluation.name_cases import NameCase
from codekin_model.runtime.name_features import FEATURES, OF_BODY, Heard, Rows, candidates
from codekin_model.runtime.name_ranking import NameRanking, NameScorer

_HIDDEN = 24
_SEEDS = (17, 18, 19)
"""Networks whose log odds are averaged: as one hidden layer they are one network."""
_EPOCHS = 40
_BATCH = 2048
_BLIND = 10
"""One case in so many has neighbours that cannot be looked at, as in files that were just written."""
_RATE = 5e-3
_DECAY = 1e-2
_DIGITS = 6
_SMALL = 1e-4
"""As small as this, tanh is a straight line."""
_LEAST_SPREAD = 1e-5
_STEPS = 200
"""Equal shares of authors' names between whose cosines a name's is looked up."""
_UNSEEN = 1e9
"""The scale of a feature that never varied: what it is worth was not learnt, so it says nothing."""

Labels = NDArray[np.float32]


def unfitted() -> NameRanking:
    """A ranking that believes the decoder: the probability is the decoder's own."""
    one, none = [0.0] * len(FEATURES), (0.0,) * len(FEATURES)
    one[FEATURES.index("log_odds")] = _SMALL
    scorer = NameScorer(none, (1.0,) * len(FEATURES), (tuple(one),), (0.0,), (1 / _SMALL,), 0.0)
    return NameRanking(scorer, scorer)


def fit_ranking(cases: Sequence[NameCase]) -> NameRanking:
    """Two scorers over all candidates of all cases: with what stands around, and of the function alone.

    How the body uses a name's words is told of functions alone: beside neighbours it was overfitted (F1 .489 on
    held-out packages, .493 without).
    """
    return NameRanking(
        with_neighbours=_fit(cases, lambda case: (case.heard, case.around), untold=OF_BODY),
        alone=_fit(cases, lambda case: (case.heard_alone, Surroundings(traits=case.around.traits))),
        cosines=_rounded(np.quantile([case.cosine for case in cases], np.linspace(0, 1, _STEPS + 1))),
    )


def _fit(
    cases: Sequence[NameCase], told: Callable[[NameCase], tuple[Heard, Surroundings]], untold: Sequence[str] = ()
) -> NameScorer:
    rows, right = list[Rows](), list[float]()
    for at, case in enumerate(cases):
        heard, around = told(case)
        names, features = candidates(heard, _unseen(around) if at % _BLIND == 0 else around)
        rows.append(features)
        right += [float(name == case.name.strip("_")) for name in names]
    inputs = np.concatenate(rows)
    inputs[:, [FEATURES.index(feature) for feature in untold]] = 0.0
    mean, spread = inputs.mean(0), inputs.std(0)
    scale = np.where(spread > _LEAST_SPREAD, spread, _UNSEEN)
    scaled = ((inputs - mean) / scale).astype(np.float32)
    networks = [_trained(scaled, np.array(right, np.float32), seed) for seed in _SEEDS]
    return _as_one(networks, mean, scale)


def _unseen(around: Surroundings) -> Surroundings:
    """The same with neighbours whose code could not be looked at."""
    return replace(around, neighbours=tuple(replace(each, resemblance=None) for each in around.neighbours))


def _trained(inputs: NDArray[np.float32], right: Labels, seed: int) -> nn.Sequential:
    torch.manual_seed(seed)
    network = nn.Sequential(nn.Linear(inputs.shape[1], _HIDDEN), nn.Tanh(), nn.Linear(_HIDDEN, 1))
    features, target = torch.from_numpy(inputs), torch.from_numpy(right)
    optimizer = torch.optim.AdamW(network.parameters(), lr=_RATE, weight_decay=_DECAY)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, _EPOCHS)
    for _ in range(_EPOCHS):
        for rows in torch.randperm(len(target)).split(_BATCH):
            optimizer.zero_grad()
            loss = functional.binary_cross_entropy_with_logits(network(features[rows])[:, 0], target[rows])
            loss.backward()  # pyright: ignore[reportUnknownMemberType]
            optimizer.step()
        schedule.step()
    return network.eval()


def _as_one(networks: Sequence[nn.Sequential], mean: Rows, scale: Rows) -> NameScorer:
    """The mean of the networks' log odds, as one hidden layer."""
    states = [{name: value.double().numpy() for name, value in each.state_dict().items()} for each in networks]
    return NameScorer(
        mean=_rounded(mean),
        scale=_rounded(scale),
        hidden=tuple(_rounded(row) for state in states for row in state["0.weight"]),
        hidden_bias=_rounded(np.concatenate([state["0.bias"] for state in states])),
        out=_rounded(np.concatenate([state["2.weight"][0] for state in states]) / len(states)),
        bias=round(float(np.mean([state["2.bias"][0] for state in states])), _DIGITS),
    )


def _rounded(values: Rows) -> tuple[float, ...]:
    return tuple(round(float(value), _DIGITS) for value in values)
