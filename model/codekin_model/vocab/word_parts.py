"""Words that a vocabulary lacks are read in parts: ``introspectable`` as ``introspect`` and ``##able``.

In: counted words; or a vocabulary that holds parts, marked as WordPiece marks what goes on with a word (Wu et al.
2016). Out: such a vocabulary; the ids of any word, by the longest match from its beginning. One word in twenty of a
package that nobody trained on is in no vocabulary, and it is often the one that is asked for.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from functools import lru_cache
from random import Random

from codekin_model.vocab.vocabulary import UNKNOWN, Vocabulary, vocabulary_of

Reading = Callable[[str], tuple[int, ...]]
"""The ids that a word is read as."""

GOES_ON = "##"
"""Begins a part that goes on with a word."""
_KEPT = 1 << 16
_LONGEST_WORD = 40
"""Longer ones are keys and hashes; their parts would tell nothing."""
_LONGEST_MIDDLE = 8
_SHORTEST_BEGINNING = 2
"""Letters after which the rest of a rare word may be a part, whatever they are."""
_COMMON = 500
"""The most frequent words, which no package lacks: they are never taken apart in training."""


class WordParts:
    """Reads words by a vocabulary with parts; one without is read as it is."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.ids_of: Reading = lru_cache(_KEPT)(self._ids_of)
        """The id of a word, the ids of its parts, or that of the unknown word."""
        self.parts_of: Reading = lru_cache(_KEPT)(self._parts_of)
        """The same as though the vocabulary lacked the word itself."""

    def _ids_of(self, word: str) -> tuple[int, ...]:
        return (self.vocabulary.id_of(word),) if word in self.vocabulary else self.parts_of(word)

    def _parts_of(self, word: str) -> tuple[int, ...]:
        found, at = list[int](), 0
        while at < len(word):
            last = len(word) if at else len(word) - 1
            mark = GOES_ON if at else ""
            end = next((end for end in range(last, at, -1) if mark + word[at:end] in self.vocabulary), at)
            if end == at:
                return (UNKNOWN,)
            found.append(self.vocabulary.id_of(mark + word[at:end]))
            at = end
        return tuple(found) or (UNKNOWN,)


def taken_apart(parts: WordParts, share: float, draw: Random) -> Reading:
    """A reading for training: a ``share`` of the words is read in parts, which are hardly learnt otherwise.

    The training packages' own words are nearly all in the vocabulary; those of the next user are not.
    """

    def read(word: str) -> tuple[int, ...]:
        found = parts.ids_of(word)
        is_whole = len(found) == 1 and found[0] > _COMMON
        if not is_whole or draw.random() >= share:
            return found
        cut = parts.parts_of(word)
        return found if cut == (UNKNOWN,) else cut

    return read


def vocabulary_with_parts(counts: Counter[str], *, at_least: int, words: int, parts: int) -> Vocabulary:
    """The ``words`` most frequent words that were counted ``at_least`` times, and ``parts`` of the others.

    Among the parts are all letters and digits, so that every ASCII word can be read; the others are those that read
    most of the rare words' characters.
    """
    known = vocabulary_of(counts, at_least=at_least, at_most=words)
    letters = sorted({letter for word in counts for letter in word if letter.isascii()})
    forced = [letter for letter in letters if letter not in known] + [GOES_ON + letter for letter in letters]
    rare = {word: count for word, count in counts.items() if word not in known and len(word) <= _LONGEST_WORD}
    saved = _characters_read(rare, known)
    best = sorted(saved.keys() - set(forced), key=lambda part: (-saved[part], part))
    return Vocabulary((*known.words, *forced, *best[: max(0, parts - len(forced))]))


def _characters_read(rare: Mapping[str, int], known: Vocabulary) -> Counter[str]:
    """How many characters more than a letter each part would read: ends of rare words, middles between known ones."""
    saved = Counter[str]()
    for word, count in rare.items():
        for at in range(1, len(word)):
            if word[:at] in known or at <= _SHORTEST_BEGINNING:
                saved[GOES_ON + word[at:]] += count * (len(word) - at - 1)
            if word[:at] not in known:
                continue
            for end in range(at + 2, min(len(word), at + _LONGEST_MIDDLE + 1)):
                if word[end:] in known:
                    saved[GOES_ON + word[at:end]] += count * (end - at - 1)
    return saved
