"""Beam search over the words of a sentence that says what a function does.

In: a function that was read. Out: the words of the best sentence. Must not know of what computes the distributions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from codekin_model.runtime.next_words import ReadFunction, words_after
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
    found = words_after(function, said, vocabulary, _CHOICES, first=_FIRST)
    return [{word: weight for word, weight in odds.items() if weight > _LEAST} for odds in found]
