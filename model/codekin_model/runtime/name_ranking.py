"""One ranked list of names out of two sources, with probabilities.

In: the decoder's names with their probabilities, how probable it finds the neighbours' names, and the function's
surroundings. Out: suggestions, each with the probability that it is the author's own choice. What the features are
worth is fitted on held-out packages; its figures are in the model card. Must not know how names or neighbours were
found.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from codekin_model.checkpoint.manifest import CheckpointError
from codekin_model.embedder import NameSuggestion, Surroundings
from codekin_model.extraction.tokens import name_words, subtokens
from codekin_model.runtime.name_features import FEATURES, Heard, Rows, candidates

Words = tuple[str, ...]

_SAID = 0.005
"""What the decoder finds less probable, it was led to by the neighbours' words."""
_COMPARED = 48
"""Most probable names that are compared with each other for what they share."""
_WORTH = 0.225
"""A word is worth saying where it is likelier than this to be one of the author's. For the greatest F1 over many names
the threshold is half of that F1 (Lipton et al. 2014)."""
_STEM = 4
"""Letters that two words begin with which are one word in two forms."""


@dataclass(frozen=True, slots=True)
class NameScorer:
    """What features of a name are worth: they are scaled by ``mean`` and ``scale``, then one hidden layer reads them.

    ``hidden`` has a row of weights for each hidden number.
    """

    mean: tuple[float, ...]
    scale: tuple[float, ...]
    hidden: tuple[tuple[float, ...], ...]
    hidden_bias: tuple[float, ...]
    out: tuple[float, ...]
    bias: float


@dataclass(frozen=True, slots=True)
class NameRanking:
    """How names are scored with neighbours, and without any; ``features`` are those that the scorers were fitted on.

    ``cosines`` are those of authors' names and their functions, from the least to the greatest in equal steps; none
    where they were not looked at.
    """

    with_neighbours: NameScorer
    alone: NameScorer
    features: tuple[str, ...] = FEATURES
    cosines: tuple[float, ...] = ()

    def share_farther(self, cosine: float) -> float:
        """The share of authors' names whose cosine is less; 1 where none is known."""
        if not self.cosines:
            return 1.0
        return float(np.interp(cosine, self.cosines, np.linspace(0.0, 1.0, len(self.cosines))))

    def rank(self, heard: Heard, around: Surroundings, limit: int) -> tuple[NameSuggestion, ...]:
        """At most ``limit`` names: the one whose words are likeliest to be the author's, then the likeliest names.

        So a name that is likely in several forms comes before a shorter one that is likelier by itself, and is not
        followed by more of these forms.
        """
        names, features = candidates(heard, around)
        if not names:
            return ()
        probabilities = score(self.with_neighbours if around.neighbours else self.alone, features)
        near = {name_words(each.name) for each in (*around.neighbours, *around.company)}
        by_decoder = {name_words(name) for name, probability in heard.own if probability >= _SAID or not near}
        likeliest: list[int] = np.argsort(-probabilities, kind="stable")[: max(limit, _COMPARED)].tolist()
        worth = _worth([names[at] for at in likeliest], probabilities[likeliest])
        first = likeliest[int(worth.argmax())]
        order = [first, *(at for at in likeliest if at != first)][:limit]
        return tuple(
            NameSuggestion(names[at], float(probabilities[at]), _source(name_words(names[at]), by_decoder, near))
            for at in order
        )


def score(scorer: NameScorer, features: Rows) -> NDArray[np.float64]:
    """The probability of each row of ``features``, shape (names,): one hidden layer, tanh, logistic."""
    scaled = (features - np.array(scorer.mean)) / np.array(scorer.scale)
    hidden = np.tanh(scaled @ np.array(scorer.hidden).T + np.array(scorer.hidden_bias))
    return 1.0 / (1.0 + np.exp(-(hidden @ np.array(scorer.out) + scorer.bias)))


def _worth(names: Sequence[str], probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """For each name the sub-tokens that it is expected to have right, less :data:`_WORTH` for each that it has.

    One of ``names`` is taken to be right, each as likely as it is probable beside the others (minimum Bayes risk). A
    name that says a word twice has one less.
    """
    words = [Counter(subtokens(name)) for name in names]
    shared = np.array([[(one & other).total() for other in words] for one in words], np.float64)
    right = shared @ (probabilities / probabilities.sum())
    twice = np.array([_says_twice(each) for each in words], np.float64)
    return right - _WORTH * np.array([each.total() for each in words]) - twice


def _says_twice(words: Counter[str]) -> bool:
    """Whether a name hedges between forms of a word, as in ``suggest_suggestions``: people hardly ever write that."""
    forms = permutations(words.elements(), 2)
    return any(len(other) >= _STEM and one.startswith(other) for one, other in forms)


def _source(name: Words, own: Collection[Words], near: Collection[Words]) -> str:
    if name in near:
        return "decoder+neighbours" if name in own else "neighbours"
    return "decoder" if name in own else "decoder+neighbours"


def write_ranking(ranking: NameRanking, path: Path) -> None:
    """Write JSON, a row of weights a line."""
    path.write_bytes(msgspec.json.encode(ranking).replace(b"],", b"],\n") + b"\n")


def read_ranking(path: Path) -> NameRanking:
    """Read what :func:`write_ranking` wrote.

    Raises:
        CheckpointError: it is no ranking, or one of other features.
    """
    try:
        ranking = msgspec.json.decode(path.read_bytes(), type=NameRanking)
    except (OSError, msgspec.DecodeError) as problem:
        raise CheckpointError(f"{path} holds no ranking of names ({problem}): export the model again") from problem
    if ranking.features != FEATURES:
        raise CheckpointError(f"{path} ranks names by other features than this codekin knows: export the model again")
    return ranking
