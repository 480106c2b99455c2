"""What the similarity of two functions means, as a number that users see.

In: the cosine of two units' vectors, and the words of their code. Out: 0 to 1. Pure. Must not know of workspaces: a
number that depended on what else is in one would mean something else in the next.

Vectors say what functions do, words how they say it; a little of the second sets copies under other names before what
only does something like it (tests/benchmarks/KIN.md). Of 300,000 pairs of functions of four lines and more, drawn at
random from eight packages, docstrings left out, the median has .04; 99 of 100 have less than .3 (of two packages: .26),
999 of 1,000 less than .46, all but one in 10,000 less than .66. The same text has 1.
"""

from collections.abc import Set as AbstractSet

_SHARED = 0.2
"""What shared words weigh beside vectors."""


def similarity(cosine: float) -> float:
    """The similarity of two units whose vectors have this cosine, by meaning alone.

    The model was trained to bring functions of one meaning together and to push all others apart, so the cosine itself
    is a scale once what lies below 0 is cut off. A model with another scale would have to be brought to this one here;
    ``tests/server/search/test_similarity.py`` notices.
    """
    return min(1.0, max(0.0, cosine))


def cosine_of(similarity: float) -> float:
    """The cosine from which on two units are at least this similar by meaning."""
    return similarity


def likeness(cosine: float, one: AbstractSet[str], other: AbstractSet[str]) -> float:
    """The similarity of two units by meaning and by words: ``one`` and ``other`` are the sub-tokens of their code."""
    return (similarity(cosine) + _SHARED * _jaccard(one, other)) / (1.0 + _SHARED)


def _jaccard(one: AbstractSet[str], other: AbstractSet[str]) -> float:
    """The share of all words that both have (Jaccard 1912)."""
    return len(one & other) / len(one | other) if one or other else 1.0
