"""Beam search over the words of a name, and how probable a given name is.

In: a masked function that was read, and what neighbours' names go on with. Out: names with their probabilities. Must
not know of what computes the distributions.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from codekin_model.extraction.tokens import name_words
from codekin_model.runtime.neighbour_words import NeighbourWords, mixed
from codekin_model.runtime.next_words import ReadFunction, words_after
from codekin_model.vocab.vocabulary import Vocabulary

BEAMS = 24
_LONGEST = 7
"""Words of a name; the decoder has learnt no longer ones."""
_CHOICES = 12
"""Next words that each beam is continued with."""
_LEANING = 0.3
"""Share of the neighbours' say in the search for names; fitted on validation packages (.6 finds no more)."""
_LEAST = 1e-12
_END = 0


@dataclass(frozen=True, slots=True)
class _Beam:
    words: tuple[str, ...]
    log_probability: float


def search_names(
    function: ReadFunction, vocabulary: Vocabulary, limit: int = BEAMS, near: NeighbourWords | None = None
) -> tuple[tuple[str, float], ...]:
    """The most probable names, best first, each with its probability; ``parse_header`` is how one looks.

    With ``near`` the probabilities are of the mixture that was searched.
    """
    beams, ended = [_Beam((), 0.0)], list[_Beam]()
    for _ in range(_LONGEST + 1):  # the last time only ends what has all its words
        grown = list[_Beam]()
        for beam, following in zip(beams, _next_words(function, vocabulary, beams, near), strict=True):
            for word, probability in following.items():
                if beam.words[-1:] == (word,):
                    continue  # no name says a word twice in a row
                further = _Beam((*beam.words, word), beam.log_probability + float(np.log(probability)))
                (grown if word else ended).append(further)
        ended = _best(ended, limit)
        beams = [beam for beam in _best(grown, BEAMS) if _may_win(beam, ended, limit)]
        if not beams:
            break
    found = defaultdict[str, float](float)
    for beam in ended:
        found["_".join(filter(None, beam.words))] += float(np.exp(beam.log_probability))
    names = [(name, probability) for name, probability in found.items() if name.isidentifier()]
    return tuple(sorted(names, key=lambda each: -each[1]))


def _best(beams: Sequence[_Beam], count: int) -> list[_Beam]:
    return sorted(beams, key=lambda beam: -beam.log_probability)[:count]


def _may_win(beam: _Beam, ended: Sequence[_Beam], limit: int) -> bool:
    """Whether a longer name can still be among the best: probabilities only fall."""
    return len(ended) < limit or beam.log_probability > ended[-1].log_probability


def name_probabilities(function: ReadFunction, vocabulary: Vocabulary, names: Sequence[str]) -> list[float]:
    """How probable each of ``names`` is; a name of no words, or of too many, is impossible."""
    words = [name_words(name) for name in names]
    sayable = [at for at, each in enumerate(words) if 0 < len(each) <= _LONGEST]
    result = [0.0] * len(names)
    if not sayable:
        return result
    longest = max(len(words[at]) for at in sayable)
    generated, copied = function.following(_prefixes([words[at] for at in sayable], longest + 1, vocabulary))
    places = _places(function.words)
    for row, at in enumerate(sayable):
        likelihoods = [
            _likelihood(word, generated[row, place], copied[row, place], places, vocabulary)
            for place, word in enumerate((*words[at], ""))
        ]
        result[at] = float(np.exp(np.log(np.array(likelihoods) + _LEAST).sum()))
    return result


def _next_words(
    function: ReadFunction, vocabulary: Vocabulary, beams: Sequence[_Beam], near: NeighbourWords | None
) -> Sequence[Mapping[str, float]]:
    """The likely next words after each beam, the end among them as ``""``."""
    said = [beam.words for beam in beams]
    prefixes = _prefixes(said, len(said[0]) + 1, vocabulary)
    likely = [
        {word: max(weight, _LEAST) for word, weight in odds.items()}
        for odds in words_after(function, prefixes, vocabulary, _CHOICES)
    ]
    if near is None:
        return likely
    both = (mixed(odds, near.after(words), _LEANING) for words, odds in zip(said, likely, strict=True))
    return [dict(islice(each.items(), _CHOICES)) for each in both]


def _likelihood(
    word: str,
    generated: NDArray[np.float32],
    copied: NDArray[np.float32],
    places: Mapping[str, list[int]],
    vocabulary: Vocabulary,
) -> float:
    if not word:
        return float(generated[_END])
    own = float(generated[vocabulary.id_of(word)]) if word in vocabulary else 0.0
    return own + float(copied[places[word]].sum() if word in places else 0.0)


def _places(words: Sequence[str]) -> Mapping[str, list[int]]:
    places = defaultdict[str, list[int]](list)
    for at, word in enumerate(words):
        if word:
            places[word].append(at)
    return places


def _prefixes(said: Sequence[tuple[str, ...]], count: int, vocabulary: Vocabulary) -> NDArray[np.int64]:
    ids = np.zeros((len(said), count), np.int64)
    for row, words in enumerate(said):
        for place, word in enumerate(words[: count - 1], start=1):
            ids[row, place] = vocabulary.id_of(word)
    return ids
