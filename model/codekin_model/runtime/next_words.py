"""What a decoder that read a function may write next: words of its vocabulary, words copied from the body, or both.

In: a function that gives the distributions of the next word, the identifier word at each token, and prefixes. Out: the
likely words after each prefix. Must not know of what computes the distributions, nor of what is written.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codekin_model.vocab.vocabulary import PADDING, UNKNOWN, Vocabulary

Following = Callable[[NDArray[np.int64]], tuple[NDArray[np.float32], NDArray[np.float32]]]
"""Prefixes (B, P) of word ids -> (B, P, words) generated and (B, P, tokens) copied."""


@dataclass(frozen=True, slots=True)
class ReadFunction:
    """A function that was read: the word at each of its tokens (``""`` for none), and what may follow."""

    words: Sequence[str]
    following: Following


def words_after(
    function: ReadFunction, prefixes: NDArray[np.int64], vocabulary: Vocabulary, count: int, *, first: int = PADDING
) -> list[dict[str, float]]:
    """The ``count`` likeliest words after each prefix, best first, with their odds.

    ``first`` is the first id that can be generated; that of padding says the end, which is ``""``.
    """
    generated, copied = function.following(prefixes)
    return [
        _likely(generated[row, -1], copied[row, -1], function.words, vocabulary, count, first)
        for row in range(len(prefixes))
    ]


def _likely(
    generated: NDArray[np.float32],
    copied: NDArray[np.float32],
    words: Sequence[str],
    vocabulary: Vocabulary,
    count: int,
    first: int,
) -> dict[str, float]:
    odds = defaultdict[str, float](float)
    sayable = generated[first:]
    top: list[int] = np.argpartition(-sayable, min(count, len(sayable) - 1))[:count].tolist()
    for at in (first + place for place in top):
        if at != UNKNOWN:
            odds["" if at == PADDING else vocabulary.words[at]] += float(generated[at])
    for word, weight in zip(words, copied.tolist(), strict=True):
        if word:
            if word not in odds and word in vocabulary:
                odds[word] = float(generated[vocabulary.id_of(word)])
            odds[word] += weight
    return dict(sorted(odds.items(), key=lambda each: -each[1])[:count])
