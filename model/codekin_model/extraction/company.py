"""The company a name keeps: how functions are called that stand beside the same names elsewhere.

In: the names of the other functions of a function's scope, its mates, and the names of other scopes. Out: names with
their shares. What scopes share is weighed as Adamic and Adar (2003) weigh common friends: a name that few scopes have
says more. Must not know of code, nor where scopes and their names come from.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from heapq import nsmallest
from math import log, sqrt

Scope = tuple[str, str]
"""A module, class or function whose functions are named: the path of its file, and its qualified name there."""

_COMPARED = 60
"""Scopes that share most, whose other names are looked at."""
_LIKEST = 20
_MOST = 20
"""Names at most."""


@dataclass(frozen=True, slots=True)
class Companion:
    """A name that scopes like the function's own have, and it has not.

    ``share`` is theirs of the likeness of all scopes like it, ``scopes`` is how many they are. ``name`` is without
    outer underscores.
    """

    name: str
    share: float
    scopes: int


def likely_scopes(mates: AbstractSet[str], holders: Mapping[str, AbstractSet[Scope]], own: Scope) -> dict[Scope, float]:
    """The scopes beside ``own`` that share most with ``mates``, each with the weight of what it shares.

    ``holders`` are all scopes that have a name, for every mate at least.
    """
    shared = defaultdict[Scope, float](float)
    for mate in sorted(mates):  # sums of floats depend on their order
        those = holders.get(mate, frozenset())
        weight = 1 / log(2 + len(those) - (own in those))
        for scope in those:
            shared[scope] += weight
    shared.pop(own, None)
    most = nsmallest(_COMPARED, shared, key=lambda scope: (-shared[scope], scope))
    return {scope: shared[scope] for scope in most}


def company_of(
    mates: AbstractSet[str], likely: Mapping[Scope, float], names: Mapping[Scope, AbstractSet[str]]
) -> tuple[Companion, ...]:
    """The likeliest names beside ``mates``, best first; ``names`` are those of the functions of ``likely`` scopes."""
    likeness = {scope: likely[scope] / sqrt(len(mates) * len(names[scope])) for scope in likely if names.get(scope)}
    likest = nsmallest(_LIKEST, likeness, key=lambda scope: (-likeness[scope], scope))
    weights, scopes = defaultdict[str, float](float), Counter[str]()
    for scope in likest:
        for name in set(_others(names[scope], mates)):
            weights[name] += likeness[scope]
            scopes[name] += 1
    total = sum(likeness[scope] for scope in likest)
    best = nsmallest(_MOST, weights, key=lambda name: (-weights[name], name))
    return tuple(Companion(name, weights[name] / total, scopes[name]) for name in best)


def _others(names: AbstractSet[str], mates: AbstractSet[str]) -> Iterator[str]:
    """The ``names`` beside the mates that are not Python's own, without outer underscores."""
    for name in names - mates:
        bare = name.strip("_")
        if bare and not (name.startswith("__") and name.endswith("__")):
            yield bare
