"""Which names are in question for a function, and what speaks for each.

In: what the decoder says, and the function's surroundings. Out: candidates and a row of :data:`FEATURES` for each. Must
not know how names or neighbours were found, nor what the features are worth.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codekin_model.embedder import Neighbour, Surroundings
from codekin_model.extraction.company import Companion
from codekin_model.extraction.tokens import name_words, subtokens
from codekin_model.extraction.traits import Resemblance, Traits
from codekin_model.runtime.neighbour_words import vote

OF_DECODER = ("log_odds", "first")
OF_VOTES = ("share", "nearest", "votes", "nearest_of_all", "in_both")
OF_WORDS = (
    "words_of_neighbours",
    "words_of_siblings",
    "words_of_body",
    "words_of_parameters",
    "words_of_scope",
    "words",
)
OF_BODY = ("times_in_body", "last_in_body", "last_used", "words_returned", "words_called")
OF_FUNCTION = ("taken", "used_in_body", "says_own_name", "is_property")
OF_RESEMBLANCE = (
    "parameters",
    "same_parameters",
    "identifiers",
    "same_kind",
    "same_decorators",
    "length",
    "scope",
    "both_say_own_name",
    "same_return",
    "looked_at",
)
OF_COMPANY = ("company_share", "company_rank", "company_scopes")
FEATURES = (*OF_DECODER, *OF_VOTES, *OF_WORDS, *OF_BODY, *OF_FUNCTION, *OF_RESEMBLANCE, *OF_COMPANY)
_LEAST = 1e-9
"""No probability is read as nearer to 0 or 1: log odds stay finite."""

Rows = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Heard:
    """What the decoder says of a function: its ``own`` names, best first, and the probabilities of ``given`` ones."""

    own: tuple[tuple[str, float], ...]
    given: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class _Vote:
    """Of the neighbours of one name: their share of all votes, the nearest one's similarity, how many they are."""

    share: float
    nearest: float
    count: int


_NO_VOTE = _Vote(0.0, 0.0, 0)


def candidates(heard: Heard, around: Surroundings) -> tuple[list[str], Rows]:
    """Every candidate with its features, shape (names, FEATURES). Outer underscores are style, not name: they go."""
    votes = _votes(around.neighbours)
    company = _of_company(around.company)
    # the decoder writes words, a project may write camelCase
    spelling = {name_words(name): name for name in (*company, *votes)}
    own = {spelling.get(name_words(name), name): probability for name, probability in heard.own}
    names = list(dict.fromkeys([*own, *votes, *company]))
    probabilities = {name.strip("_"): probability for name, probability in heard.given} | own
    nearest = max((vote.nearest for vote in votes.values()), default=0.0)
    first = next(iter(own), None)
    words, body, resemblances = _Words(around), _Body(around.traits), _resemblances(around.neighbours)
    siblings = {name.strip("_") for name in around.siblings}
    used = {name.strip("_") for name in around.traits.identifiers} if around.traits else set[str]()
    own_signs = _own_signs(around.traits)
    rows = [
        [
            _log_odds(probabilities.get(name, 0.0)),
            float(name == first),
            *_of_votes(votes.get(name, _NO_VOTE), nearest, is_own=name in own),
            *words.of(name),
            *body.of(name),
            float(name in siblings),
            float(name in used),
            *own_signs,
            *resemblances.get(name, _NOT_LOOKED_AT),
            *company.get(name, _NOT_IN_COMPANY),
        ]
        for name in names
    ]
    return names, np.array(rows, np.float64).reshape(-1, len(FEATURES))


def _log_odds(probability: float) -> float:
    clipped = min(max(probability, _LEAST), 1 - _LEAST)
    return float(np.log(clipped / (1 - clipped)))


def _votes(neighbours: Sequence[Neighbour]) -> Mapping[str, _Vote]:
    by_name: defaultdict[str, list[float]] = defaultdict(list)
    for neighbour in neighbours:
        if neighbour.name.strip("_"):
            by_name[neighbour.name.strip("_")].append(neighbour.similarity)
    weights = {name: sum(map(vote, found)) for name, found in by_name.items()}
    total = sum(weights.values())
    return {name: _Vote(weights[name] / total, max(found), len(found)) for name, found in by_name.items()}


def _of_votes(vote: _Vote, nearest: float, *, is_own: bool) -> list[float]:
    both = float(is_own and vote.count > 0)
    return [vote.share, vote.nearest, float(np.log1p(vote.count)), nearest, both]


class _Words:
    """How much of a name's words stands around the function: among neighbours' names, siblings', in its own code."""

    def __init__(self, around: Surroundings) -> None:
        traits = around.traits
        self._near = _shares_of_words(around.neighbours)
        self._places: tuple[Collection[str], ...] = (
            _words_of(around.siblings),
            _words_of(traits.identifiers) if traits else (),
            _words_of(traits.parameters) if traits else (),
            traits.scope if traits else (),
        )

    def of(self, name: str) -> list[float]:
        """Mean over the words of ``name``, and their number."""
        words = subtokens(name)
        count = max(len(words), 1)
        near = sum(self._near.get(word, 0.0) for word in words) / count
        return [near, *(sum(word in place for word in words) / count for place in self._places), float(len(words))]


class _Body:
    """How a function's body uses the words of a name, its last word above all, which says what it is about."""

    def __init__(self, traits: Traits | None) -> None:
        self._uses = dict(traits.uses) if traits else dict[str, int]()
        self._places = (traits.returned, traits.called) if traits else (frozenset[str](), frozenset[str]())

    def of(self, name: str) -> list[float]:
        """:data:`OF_BODY`, noughts where nothing is known of the body."""
        words = subtokens(name)
        times = [float(np.log1p(self._uses.get(word, 0))) for word in words] or [0.0]
        shares = (sum(word in place for word in words) / max(len(words), 1) for place in self._places)
        return [sum(times) / len(times), times[-1], float(times[-1] > 0), *shares]


def _shares_of_words(neighbours: Sequence[Neighbour]) -> Mapping[str, float]:
    """Words of the neighbours' names, each with its share of the votes."""
    shares = defaultdict[str, float](float)
    total = sum(vote(each.similarity) for each in neighbours)
    for neighbour in neighbours:
        for word in set(subtokens(neighbour.name)):
            shares[word] += vote(neighbour.similarity) / total
    return shares


def _words_of(names: Iterable[str]) -> set[str]:
    return {word for name in names for word in subtokens(name)}


def _own_signs(traits: Traits | None) -> list[float]:
    """What is the same for every name of a function."""
    if traits is None:
        return [0.0, 0.0]
    return [float(traits.says_own_name), float("property" in traits.decorators)]


_NOT_LOOKED_AT = (0.0,) * len(OF_RESEMBLANCE)


def _resemblances(neighbours: Sequence[Neighbour]) -> Mapping[str, Sequence[float]]:
    """For each name how like the function its most alike neighbour of that name is, point by point."""
    found: defaultdict[str, list[Resemblance]] = defaultdict(list)
    for neighbour in neighbours:
        if neighbour.resemblance is not None:
            found[neighbour.name.strip("_")].append(neighbour.resemblance)
    return {name: _most_alike(alike) for name, alike in found.items()}


def _most_alike(found: Sequence[Resemblance]) -> list[float]:
    return [
        max(each.parameters for each in found),
        float(any(each.same_parameters for each in found)),
        max(each.identifiers for each in found),
        float(any(each.same_kind for each in found)),
        float(any(each.same_decorators for each in found)),
        min(each.length for each in found),
        max(each.scope for each in found),
        float(any(each.both_say_own_name for each in found)),
        float(any(each.same_return for each in found)),
        1.0,
    ]


_NOT_IN_COMPANY = (0.0, 1 / 100, 0.0)


def _of_company(company: Sequence[Companion]) -> Mapping[str, Sequence[float]]:
    """For each name of scopes like the function's: its share, its rank as 1 / (1 + place), how many scopes have it."""
    return {
        each.name: (each.share, 1 / (1 + place), float(np.log1p(each.scopes))) for place, each in enumerate(company)
    }
