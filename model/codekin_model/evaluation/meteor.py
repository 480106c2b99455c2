"""METEOR of one sentence against one reference, by words and their stems.

In: two lists of words. Out: a figure from 0 to 1. Lavie and Agarwal 2007, section 2, with alpha .9, beta 3, gamma .5 as
in CoCoAST's appendix. Left out: synonyms (WordNet), which need a data file of their own, and paraphrases; and words are
paired greedily from the end, as nltk does, not so that the chunks are fewest. Figures are thus a little below those
with synonyms.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

import snowballstemmer

_ALPHA, _BETA, _GAMMA = 0.9, 3.0, 0.5

Pairs = list[tuple[int, int]]
"""Positions in the sentence and in the reference."""


def meteor(words: Sequence[str], reference: Sequence[str]) -> float:
    """The harmonic mean of precision and recall, recall weighted nine times, less a penalty for broken order."""
    pairs = _align(words, reference)
    if not pairs:
        return 0.0
    precision, recall = len(pairs) / len(words), len(pairs) / len(reference)
    mean = precision * recall / (_ALPHA * precision + (1 - _ALPHA) * recall)
    return mean * (1 - _GAMMA * (_chunks(pairs) / len(pairs)) ** _BETA)


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """Porter's stem."""
    return _stemmer().stemWord(word)


@lru_cache(maxsize=1)
def _stemmer() -> Any:  # noqa: ANN401 - it has no types
    library: Any = snowballstemmer
    return library.stemmer("porter")


def _align(words: Sequence[str], reference: Sequence[str]) -> Pairs:
    """Equal words first, then equal stems of what is left; no word twice. Sorted."""
    left, right = list(range(len(words))), list(range(len(reference)))
    exact = _match(left, right, list(words), list(reference))
    return sorted(exact + _match(left, right, list(map(stem, words)), list(map(stem, reference))))


def _match(left: list[int], right: list[int], words: Sequence[str], reference: Sequence[str]) -> Pairs:
    """Pairs of equal words; their positions are taken out of ``left`` and ``right``."""
    pairs: Pairs = []
    for mine in reversed(tuple(left)):
        other = next((at for at in reversed(right) if reference[at] == words[mine]), None)
        if other is not None:
            pairs.append((mine, other))
            left.remove(mine)
            right.remove(other)
    return pairs


def _chunks(pairs: Pairs) -> int:
    """Runs of pairs that are neighbours in both sentences."""
    return 1 + sum(later != (mine + 1, other + 1) for (mine, other), later in pairwise(pairs))
