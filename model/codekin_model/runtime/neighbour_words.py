"""Which word comes next in the names of a function's neighbours.

In: named neighbours and the words said so far. Out: shares of next words, as a nearest-neighbour language model gives
them (Khandelwal et al. 2020): the beam search mixes them in, so that a name can begin as a neighbour's and go on with a
word of the body. Must not know of what the decoder says.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from codekin_model.embedder import Neighbour
from codekin_model.extraction.tokens import name_words

_SHARPNESS = 20.0
"""How fast a neighbour's vote fades with its distance: one at cosine .9 counts e² times one at .8."""
_ENOUGH = 2.0
"""Names that begin with what was said count in full once they hold one part in so many of all votes."""


def vote(similarity: float) -> float:
    """What a neighbour's name counts."""
    return float(np.exp(_SHARPNESS * similarity))


class NeighbourWords:
    """What may follow, by the names of the ``neighbours``; the end of a name is ``""``."""

    def __init__(self, neighbours: Sequence[Neighbour]) -> None:
        nearest = max((each.similarity for each in neighbours), default=0.0)
        weighted = ((name_words(each.name), vote(each.similarity - nearest)) for each in neighbours)
        self._names = [(words, weight) for words, weight in weighted if words]
        self._total = sum(weight for _, weight in self._names)

    def after(self, said: tuple[str, ...]) -> Mapping[str, float]:
        """Shares of the words after ``said``, which sum to at most 1.

        Where few names begin so, names that hold the last word anywhere speak for the rest.
        """
        begun, followed = defaultdict[str, float](float), defaultdict[str, float](float)
        for words, weight in self._names:
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


def _word(words: Sequence[str], place: int) -> str:
    return words[place] if place < len(words) else ""
