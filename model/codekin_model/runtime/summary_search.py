"""Beam search over the words of a sentence that says what a function does.

In: a function that was read. Out: the likeliest sentences, and of these the one that lies near to the function. Must
not know of what computes distributions and vectors.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from codekin_model.runtime.neighbour_words import NeighbourWords, mixed
from codekin_model.runtime.next_words import ReadFunction, words_after
from codekin_model.vocab.summary_text import END_WORD, summary_line
from codekin_model.vocab.vocabulary import Vocabulary

BEAMS = 8
Embed = Callable[[Sequence[str]], NDArray[np.float32]]
"""Texts -> vectors (texts, width) of length 1."""
_BEGIN, _FIRST = 2, 3
"""The id that every sentence begins with, and the first that can be said: the end, then words."""
_CHOICES = 6
"""Next words that each beam is continued with."""
_LEAST = 1e-12
"""What is less likely is never said."""
_LEANING = 0.4
"""The part that neighbours have in the odds of each next word."""
_SMALL = (
    "a all an and any are as at be been by can each for from given had has have if in into is it its no not of on or "
    "that the this to was were when which will with"
)
_AGAIN = frozenset(_SMALL.split())
"""Words that a sentence may say twice, though no two words in a row: of others, the second is a decoder that has lost
its way (``the standard deviation of the standard deviation``)."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words without marks; ``score`` is their mean log-probability, so that longer sentences are not at a loss."""

    words: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True)
class _Beam:
    words: tuple[str, ...] = ()
    log_probability: float = 0.0

    def with_word(self, word: str, probability: float) -> "_Beam":
        return _Beam((*self.words, word), self.log_probability + float(np.log(probability)))

    def sentence(self) -> Sentence:
        said = tuple(word for word in self.words if word != END_WORD)
        return Sentence(said, self.log_probability / max(1, len(self.words)))


def search_sentences(
    function: ReadFunction, vocabulary: Vocabulary, longest: int, near: NeighbourWords | None = None
) -> tuple[Sentence, ...]:
    """The likeliest sentences of at most ``longest`` words, their end included, best first.

    Where none comes to an end, what was written so far. With ``near`` the odds are mixed with what neighbours say.
    """
    beams, ended = [_Beam()], list[_Beam]()
    for _ in range(longest):
        grown = list[_Beam]()
        for beam, following in zip(beams, _next_words(function, vocabulary, beams, near), strict=True):
            grown += [beam.with_word(word, odds) for word, odds in following.items() if _is_new(beam.words, word)]
        if not grown:
            break
        grown = sorted(grown, key=lambda beam: -beam.log_probability)[: 2 * BEAMS]
        ended += [beam for beam in grown[:BEAMS] if beam.words[-1] == END_WORD and len(beam.words) > 1]
        beams = [beam for beam in grown if beam.words[-1] != END_WORD][:BEAMS]
        if len(ended) >= BEAMS or not beams:
            break
    found = (beam.sentence() for beam in ended or beams)
    return tuple(sorted((each for each in found if each.words), key=lambda each: -each.score))


def fitting_line(found: Sequence[Sentence], vector: NDArray[np.float32], embed: Embed) -> str:
    """Of the sentences ``found`` the one whose score and nearness to ``vector`` (width,), the function's, are highest.

    What is likely alone fits many functions (``Return the value.``). Empty where none was found.
    """
    if not found:
        return ""
    lines = [summary_line(each.words) for each in found]
    fits = np.array([each.score for each in found]) + embed(lines) @ vector
    return lines[int(fits.argmax())]


def _is_new(words: Sequence[str], word: str) -> bool:
    if word.isalpha() and word not in _AGAIN:
        return word not in words
    return not words or (word != words[-1] and (words[-1], word) not in pairwise(words))


def _next_words(
    function: ReadFunction, vocabulary: Vocabulary, beams: Sequence[_Beam], near: NeighbourWords | None
) -> list[Mapping[str, float]]:
    said = np.array([[_BEGIN, *map(vocabulary.id_of, beam.words)] for beam in beams], np.int64)
    found = words_after(function, said, vocabulary, _CHOICES, first=_FIRST)
    if near is not None:
        said_so_far = (beam.words for beam in beams)
        found = [mixed(odds, near.after(words), _LEANING) for words, odds in zip(said_so_far, found, strict=True)]
    return [{word: weight for word, weight in odds.items() if weight > _LEAST} for odds in found]
