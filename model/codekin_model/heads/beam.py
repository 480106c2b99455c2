"""Beam search over any decoder that writes word by word.

In: a function that gives the log-probabilities of the next word. Out: the best texts with their probabilities. Must not
know what the words mean.
"""

import math
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from codekin_model.vocab.vocabulary import PADDING, UNKNOWN

BEGIN, END = 2, 3
"""Ids that every vocabulary of a decoder sets aside."""
_NEVER = float("-inf")


@dataclass(frozen=True, slots=True)
class BeamOptions:
    """``width`` texts are followed at once (1 is greedy search) for at most ``length`` words.

    Texts are compared by log-probability over ``length ** exponent``. No ``ngram`` words in a row are written twice; 0
    allows it.
    """

    width: int = 4
    length: int = 24
    exponent: float = 1.0
    ngram: int = 3


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """``words`` without END; ``probability`` is that of the whole text."""

    words: tuple[int, ...]
    probability: float


class NextWord(Protocol):
    """A decoder that goes on from where it was."""

    def __call__(self, words: Tensor, beams: Tensor) -> Tensor:
        """Log-probabilities (B, W, E) of the next word.

        ``words`` (B, W) are the last words of each beam; ``beams`` (B, W) say which beam of the call before each one
        goes on from. The caller owns what is returned and writes into it.
        """
        ...


@dataclass(frozen=True, slots=True)
class _Beam:
    words: tuple[int, ...] = ()
    score: float = 0.0
    origin: int = 0
    """The beam of the step before that this one goes on from."""


def beam_search(next_word: NextWord, batch: int, options: BeamOptions) -> list[list[Hypothesis]]:
    """For each of ``batch`` inputs at most ``width`` texts, best first; call it without gradients."""
    searches = [_Search(options) for _ in range(batch)]
    for step in range(options.length):
        log = next_word(*_last_words(searches, options.width))
        log[..., [PADDING, UNKNOWN, BEGIN]] = _NEVER
        if step == 0:
            log[..., END] = _NEVER  # a text has a word at least
        _forbid_repeats(log, searches, options.ngram)
        scores = torch.tensor([search.scores() for search in searches], dtype=log.dtype, device=log.device)
        total = (scores.unsqueeze(-1) + log).flatten(1)  # (B, W * E)
        best = total.topk(min(2 * options.width, total.shape[1]), dim=-1)
        rows = zip(searches, best.values.tolist(), best.indices.tolist(), strict=True)
        for search, values, places in rows:
            search.advance(values, places, log.shape[-1])
        if all(search.is_done for search in searches):
            break
    return [search.best() for search in searches]


def _last_words(searches: list["_Search"], width: int) -> tuple[Tensor, Tensor]:
    words = [[beam.words[-1] if beam.words else BEGIN for beam in search.padded(width)] for search in searches]
    origins = [[beam.origin for beam in search.padded(width)] for search in searches]
    return torch.tensor(words), torch.tensor(origins)


def _forbid_repeats(log: Tensor, searches: list["_Search"], size: int) -> None:
    if size == 0:
        return
    for row, search in enumerate(searches):
        for column, beam in enumerate(search.live):
            words, last = beam.words, beam.words[len(beam.words) - size + 1 :]
            for at in range(len(words) - size + 1):
                if words[at : at + size - 1] == last:
                    log[row, column, words[at + size - 1]] = _NEVER


class _Search:
    """The beams of one input. ``live`` go on; done when ``width`` texts have ended."""

    def __init__(self, options: BeamOptions) -> None:
        self._options = options
        self.live = [_Beam()]
        self._ended: list[_Beam] = []

    @property
    def is_done(self) -> bool:
        return not self.live or len(self._ended) >= self._options.width

    def padded(self, width: int) -> list[_Beam]:
        return self.live + [_Beam()] * (width - len(self.live))

    def scores(self) -> list[float]:
        """One for each beam; those that are not there never go on."""
        live = [] if self.is_done else [beam.score for beam in self.live]
        return live + [_NEVER] * (self._options.width - len(live))

    def advance(self, values: list[float], places: list[int], words: int) -> None:
        """Go on with the candidates, best first: total log-probabilities, and places in beams times ``words``."""
        if self.is_done:
            return
        live: list[_Beam] = []
        for rank, (value, place) in enumerate(zip(values, places, strict=True)):
            if value == _NEVER or len(live) == self._options.width:
                break
            origin, word = divmod(place, words)
            before = self.live[origin].words
            if word != END:
                live.append(_Beam((*before, word), value, origin))
            elif rank < self._options.width:
                self._ended.append(_Beam(before, value, origin))
        if not live and not self._ended:
            self._ended = self.live  # a dead end: what was written so far is all there is
        self.live = live

    def best(self) -> list[Hypothesis]:
        """The texts that ended, and where those are too few, what was written so far."""
        texts = self._ended + (self.live if not self.is_done else [])
        order = sorted(texts, key=lambda beam: -beam.score / max(1, len(beam.words)) ** self._options.exponent)
        chosen = [beam for beam in order if beam.words][: self._options.width]
        return [Hypothesis(beam.words, math.exp(beam.score)) for beam in chosen]
