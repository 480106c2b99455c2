"""Which word comes next in what a function's neighbours are called, or in what is said of them.

In: named or described neighbours and the words said so far. Out: shares of next words, as a nearest-neighbour language
model gives them (Khandelwal et al. 2020): the beam search mixes them in, so that a name can begin as a neighbour's and
go on with a word of the body. Must not know of what the decoder says.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Self

import numpy as np

from codekin_model.embedder import Described, Neighbour
from codekin_model.extraction.tokens import name_words
from codekin_model.vocab.summary_text import END_WORD, summary_words

_SHARPNESS = 20.0
"""How fast a neighbour's vote fades with its distance: one at cosine .9 counts e² times one at .8."""
_ENOUGH = 2.0
"""Names that begin with what was said count in full once they hold one part in so many of all votes."""

_ROLE = re.compile(r":[\w:.+-]+:`~?")
"""Of reStructuredText: ``:class:`Queue``` is said as ```Queue```."""
_NO_SENTENCE = (":", "@", ">>>")
"""What docstrings begin with that say nothing in words."""


def vote(similarity: float) -> float:
    """What a neighbour's name counts."""
    return float(np.exp(_SHARPNESS * similarity))


class NeighbourWords:
    """What may follow, by rows of words, each with how near the function is that it belongs to.

    The end of a row is ``""``.
    """

    def __init__(self, rows: Iterable[tuple[Sequence[str], float]]) -> None:
        given = [(tuple(words), similarity) for words, similarity in rows]
        nearest = max((similarity for _, similarity in given), default=0.0)
        self._rows = [(words, vote(similarity - nearest)) for words, similarity in given if words]
        self._total = sum(weight for _, weight in self._rows)

    @classmethod
    def of_names(cls, neighbours: Sequence[Neighbour]) -> Self:
        """Rows are the words of names."""
        return cls((name_words(each.name), each.similarity) for each in neighbours)

    @classmethod
    def of_sentences(cls, described: Sequence[Described]) -> Self:
        """Rows are sentences, each with its mark of the end."""
        said = ((_ROLE.sub("`", each.sentence), each.similarity) for each in described)
        return cls(
            ([*summary_words(sentence), END_WORD], similarity)
            for sentence, similarity in said
            if not sentence.startswith(_NO_SENTENCE)
        )

    def after(self, said: tuple[str, ...]) -> Mapping[str, float]:
        """Shares of the words after ``said``, which sum to at most 1.

        Where few rows begin so, those that hold the last word anywhere speak for the rest.
        """
        begun, followed = defaultdict[str, float](float), defaultdict[str, float](float)
        for words, weight in self._rows:
            if words[: len(said)] == said:
                begun[_word(words, len(said))] += weight
            for place in range(len(words)) if said else ():
                if words[place] == said[-1]:
                    followed[_word(words, place + 1)] += weight
        sure = min(1.0, _ENOUGH * sum(begun.values()) / self._total) if self._total else 0.0
        found = defaultdict[str, float](float)
        for shares, part in ((begun, sure), (followed, 1.0 - sure)):
            total = sum(shares.values())
            for word, weight in shares.items() if part else ():
                found[word] += part * weight / total
        return found


def mixed(odds: Mapping[str, float], shares: Mapping[str, float], leaning: float) -> Mapping[str, float]:
    """A decoder's ``odds`` of the next word with the neighbours' ``shares``, the likeliest first.

    Shares that sum to 1 are given the part ``leaning`` of the whole.
    """
    both = defaultdict[str, float](float)
    kept = 1.0 - leaning * sum(shares.values())
    for word, weight in odds.items():
        both[word] += kept * weight
    for word, weight in shares.items():
        both[word] += leaning * weight
    return dict(sorted(both.items(), key=lambda each: -each[1]))


def _word(words: Sequence[str], place: int) -> str:
    return words[place] if place < len(words) else ""
