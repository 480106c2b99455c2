"""A closed vocabulary.

In: counted words. Out: ids; 0 is padding, 1 is every unknown word. Must not know what its words mean.
"""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

PADDING, UNKNOWN = 0, 1
_RESERVED = ("<PAD>", "<UNK>")


@dataclass(frozen=True)
class Vocabulary:
    """Words in the order of their ids; the first two are reserved."""

    words: tuple[str, ...]

    @cached_property
    def _ids(self) -> dict[str, int]:
        return {word: at for at, word in enumerate(self.words)}

    def __len__(self) -> int:
        return len(self.words)

    def id_of(self, word: str) -> int:
        """The id of ``word``, or that of the unknown word."""
        return self._ids.get(word, UNKNOWN)

    def __contains__(self, word: object) -> bool:
        return word in self._ids


def vocabulary_of(counts: Counter[str], *, at_least: int, at_most: int) -> Vocabulary:
    """The words counted ``at_least`` times, the ``at_most`` most frequent of them; ties in alphabetical order."""
    frequent = sorted(
        (word for word, count in counts.items() if count >= at_least), key=lambda word: (-counts[word], word)
    )
    return Vocabulary(_RESERVED + tuple(frequent[:at_most]))


def write_vocabulary(vocabulary: Vocabulary, path: Path) -> None:
    """One word a line, in the order of ids."""
    path.write_text("\n".join(vocabulary.words), encoding="utf-8", newline="\n")


def read_vocabulary(path: Path) -> Vocabulary:
    """The vocabulary that :func:`write_vocabulary` wrote.

    Raises:
        ValueError: the reserved words do not stand first.
    """
    words = tuple(path.read_text(encoding="utf-8").split("\n"))
    if words[: len(_RESERVED)] != _RESERVED:
        raise ValueError(f"{path} is no vocabulary: its reserved words do not stand first")
    return Vocabulary(words)
