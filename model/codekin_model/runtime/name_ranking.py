"""One ranked list of names out of two sources, with probabilities.

In: the decoder's names with their probabilities, named neighbours with their similarities, and how probable the decoder
finds the neighbours' names. Out: suggestions, each with the probability that it is the author's own choice. The
probabilities are a logistic regression fitted on held-out packages; its figures are in the model card. Must not know
how names or neighbours were found.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codekin_model.embedder import NameSuggestion, Neighbour
from codekin_model.extraction.tokens import subtokens

FEATURES = ("log_odds", "first", "share", "nearest", "votes", "nearest_of_all", "in_both", "constant")
_SHARPNESS = 20.0
"""How fast a neighbour's vote fades with its distance: one at cosine .9 counts e² times one at .8."""
_COMPARED = 15
"""Most probable names that are compared with each other for what they share."""
_LEAST = 1e-9
"""No probability is read as nearer to 0 or 1: log odds stay finite."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What the decoder says of a function: its ``own`` names, best first, and the probabilities of ``given`` ones."""

    own: tuple[tuple[str, float], ...]
    given: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class NameRanking:
    """Logistic weights in the order of :data:`FEATURES`: with neighbours, and without any."""

    with_neighbours: tuple[float, ...]
    alone: tuple[float, ...]

    def rank(self, heard: Heard, neighbours: Sequence[Neighbour], limit: int) -> tuple[NameSuggestion, ...]:
        """At most ``limit`` names, the one first that is expected to share most words with the author's.

        So a name that is likely in several forms comes before a shorter one that is likelier by itself.
        """
        names, features = candidates(heard, neighbours)
        if not names:
            return ()
        weights = np.array(self.with_neighbours if neighbours else self.alone)
        probabilities = 1.0 / (1.0 + np.exp(-features @ weights))
        by_decoder = {name for name, _ in heard.own}
        near = {neighbour.name.strip("_") for neighbour in neighbours}
        kept: list[int] = np.argsort(-probabilities, kind="stable")[: max(limit, _COMPARED)].tolist()
        overlap = _expected_overlap([names[at] for at in kept], probabilities[kept])
        places: list[int] = np.argsort(-overlap, kind="stable")[:limit].tolist()
        order = [kept[place] for place in places]
        return tuple(
            NameSuggestion(names[at], float(probabilities[at]), _source(names[at], by_decoder, near)) for at in order
        )


def _expected_overlap(names: Sequence[str], probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """For each name the mean sub-token F1 with the others, each weighed by how probable it is (minimum Bayes risk)."""
    words = [Counter(subtokens(name)) for name in names]
    scores = [[2 * (a & b).total() / max(a.total() + b.total(), 1) for b in words] for a in words]
    return np.array(scores) @ probabilities


def _source(name: str, own: set[str], near: set[str]) -> str:
    if name in own and name in near:
        return "decoder+neighbours"
    return "decoder" if name in own else "neighbours"


def candidates(heard: Heard, neighbours: Sequence[Neighbour]) -> tuple[list[str], NDArray[np.float64]]:
    """Every candidate with its features, shape (names, FEATURES). Outer underscores are style, not name: they go."""
    votes, own = _votes(neighbours), dict(heard.own)
    probabilities = {name.strip("_"): probability for name, probability in heard.given} | own
    names = list(dict.fromkeys([*own, *votes]))
    nearest = max((vote.nearest for vote in votes.values()), default=0.0)
    first = heard.own[0][0] if heard.own else None
    found = ((name, probabilities.get(name, 0.0), votes.get(name, _NO_VOTE)) for name in names)
    rows = [
        _row(probability, vote, nearest, is_first=name == first, is_own=name in own)
        for name, probability, vote in found
    ]
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


def _row(probability: float, vote: _Vote, nearest: float, *, is_first: bool, is_own: bool) -> list[float]:
    clipped = min(max(probability, _LEAST), 1 - _LEAST)
    odds = float(np.log(clipped / (1 - clipped)))
    both = float(is_own and vote.count > 0)
    return [odds, float(is_first), vote.share, vote.nearest, float(np.log1p(vote.count)), nearest, both, 1.0]
