"""Beam search over the words of a sentence that says what a function does.

In: a function that gives the distributions of the next word, and the identifier word at each token. Out: the words of
the best sentence. Must not know of what computes the distributions.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codekin_model.runtime.name_search import ReadFunction
from codekin_model.vocab.summary_text import END_WORD
from codekin_model.vocab.vocabulary import Vocabulary

BEAMS = 4
_BEGIN, _FIRST = 2, 3
"""The id that every sentence begins with, and the first that can be said: the end, then words."""
_CHOICES = 6
"""Next words that each beam is continued with."""
_NGRAM = 3
"""No three words in a row are said twice."""
_LEAST = 1e-12
"""What is less likely is never said."""


@dataclass(frozen=True, slots=True)
class _Beam:
    words: tuple[str, ...] = ()
    log_probability: float = 0.0

    @property
    def score(self) -> float:
        """By word, so that longer sentences are not at a loss."""
        return self.log_probability / max(1, len(self.words))

    def with_word(self, word: str, probability: float) -> "_Beam":
        return _Beam((*self.words, word), self.log_probability + float(np.log(probability)))


def search_sentence(function: ReadFunction, vocabulary: Vocabulary, longest: int) -> tuple[str, ...]:
    """The words of the best sentence of at most ``longest`` words, its end included.

    Where none comes to an end, what was written so far.
    """
    beams, ended = [_Beam()], list[_Beam]()
    for _ in range(longest):
        grown = list[_Beam]()
        for beam, following in zip(beams, _next_words(function, vocabulary, beams), strict=True):
            grown += [beam.with_word(word, odds) for word, odds in following.items() if _is_new(beam.words, word)]
        grown = sorted(grown, key=lambda beam: -beam.log_probability)[: 2 * BEAMS]
        ended += [beam for beam in grown[:BEAMS] if beam.words[-1] == END_WORD and len(beam.words) > 1]
        beams = [beam for beam in grown if beam.words[-1] != END_WORD][:BEAMS]
        if len(ended) >= BEAMS or not beams:
            break
    best = max(ended or beams, key=lambda beam: beam.score, default=_Beam())
    return tuple(word for word in best.words if word != END_WORD)


def _is_new(words: Sequence[str], word: str) -> bool:
    last = (*words[1 - _NGRAM :], word)
    return all(tuple(words[at : at + _NGRAM]) != last for at in range(len(words) - _NGRAM + 1))


def _next_words(function: ReadFunction, vocabulary: Vocabulary, beams: Sequence[_Beam]) -> list[Mapping[str, float]]:
    said = np.array([[_BEGIN, *map(vocabulary.id_of, beam.words)] for beam in beams], np.int64)
    generated, copied = function.following(said)
    return [_likely(generated[row, -1], copied[row, -1], function.words, vocabulary) for row in range(len(beams))]


def _likely(
    generated: NDArray[np.float32], copied: NDArray[np.float32], words: Sequence[str], vocabulary: Vocabulary
) -> Mapping[str, float]:
    odds = defaultdict[str, float](float)
    sayable = generated[_FIRST:]
    top: list[int] = np.argpartition(-sayable, min(_CHOICES, len(sayable) - 1))[:_CHOICES].tolist()
    for at in top:
        odds[vocabulary.words[_FIRST + at]] += float(sayable[at])
    for word, weight in zip(words, copied.tolist(), strict=True):
        if word:
            if word not in odds and word in vocabulary:
                odds[word] = float(generated[vocabulary.id_of(word)])
            odds[word] += weight
    best = sorted(odds.items(), key=lambda each: -each[1])[:_CHOICES]
    return {word: weight for word, weight in best if weight > _LEAST}
