"""One ranked list of names out of two sources, with probabilities.

In: the naming head's names with their probabilities, and named neighbours with their similarities. Out: suggestions,
each with the probability that it is the author's own choice. The probabilities are a logistic regression fitted on
held-out packages; its figures are in the model card. Must not know how names or neighbours were found.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codekin_model.embedder import NameSuggestion, Neighbour

FEATURES = ("head_log_odds", "head_first", "share", "nearest", "votes", "nearest_of_all", "in_both", "constant")
_SHARPNESS = 20.0
"""How fast a neighbour's vote fades with its distance: one at cosine .9 counts e² times one at .8."""
_LEAST = 1e-4
"""No probability is read as nearer to 0 or 1: the log odds of a name that the head does not offer stay finite."""


@dataclass(frozen=True, slots=True)
class NameRanking:
    """Logistic weights in the order of :data:`FEATURES`: with neighbours, and without any."""

    with_neighbours: tuple[float, ...]
    alone: tuple[float, ...]

    def rank(
        self, head: Sequence[tuple[str, float]], neighbours: Sequence[Neighbour], limit: int
    ) -> tuple[NameSuggestion, ...]:
        """At most ``limit`` names, most probable first; ``head`` is most probable first too."""
        names, features = candidates(head, neighbours)
        if not names:
            return ()
        weights = np.array(self.with_neighbours if neighbours else self.alone)
        probabilities = 1.0 / (1.0 + np.exp(-features @ weights))
        by_head = {name for name, _ in head}
        near = {neighbour.name.strip("_") for neighbour in neighbours}
        order: list[int] = np.argsort(-probabilities, kind="stable")[:limit].tolist()
        return tuple(
            NameSuggestion(names[at], float(probabilities[at]), _source(names[at], by_head, near)) for at in order
        )


def _source(name: str, head: set[str], near: set[str]) -> str:
    if name in head and name in near:
        return "vocabulary+neighbours"
    return "vocabulary" if name in head else "neighbours"


def candidates(
    head: Sequence[tuple[str, float]], neighbours: Sequence[Neighbour]
) -> tuple[list[str], NDArray[np.float64]]:
    """Every candidate with its features, shape (names, FEATURES). Outer underscores are style, not name: they go."""
    votes = _votes(neighbours)
    head_probability = dict(head)
    names = list(dict.fromkeys([*head_probability, *votes]))
    best = head[0][1] if head else 0.0
    nearest = max((vote.nearest for vote in votes.values()), default=0.0)
    rows = [_row(head_probability.get(name, 0.0), best, votes.get(name, _NO_VOTE), nearest) for name in names]
    return names, np.array(rows, np.float64).reshape(-1, len(FEATURES))


@dataclass(frozen=True, slots=True)
class _Vote:
    share: float
    nearest: float
    count: int


_NO_VOTE = _Vote(0.0, 0.0, 0)


def _votes(neighbours: Sequence[Neighbour]) -> Mapping[str, _Vote]:
    by_name: defaultdict[str, list[float]] = defaultdict(list)
    for neighbour in neighbours:
        if neighbour.name.strip("_"):
            by_name[neighbour.name.strip("_")].append(neighbour.similarity)
    weights = {name: sum(np.exp(_SHARPNESS * each) for each in found) for name, found in by_name.items()}
    total = sum(weights.values())
    return {name: _Vote(float(weights[name] / total), max(found), len(found)) for name, found in by_name.items()}


def _row(probability: float, best: float, vote: _Vote, nearest: float) -> list[float]:
    clipped = min(max(probability, _LEAST), 1 - _LEAST)
    odds = float(np.log(clipped / (1 - clipped)))
    is_first = float(probability > 0 and probability == best)
    both = float(probability > 0 and vote.count > 0)
    return [odds, is_first, vote.share, vote.nearest, float(np.log1p(vote.count)), nearest, both, 1.0]
