"""Path contexts of a whole corpus in memory, encoded once.

In: extracted contexts, unit by unit. Out: arrays from which batches are cut. Tokens are interned as they arrive, so
that the vocabularies can be counted afterwards without a second extraction.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from codekin_model.extraction.paths import PathContext
from codekin_model.vocab.context_batch import SUBTOKENS, ContextBatch, StructureVocabulary
from codekin_model.vocab.vocabulary import PADDING, Vocabulary, vocabulary_of

_ABSENT = -1
_BEHIND_ALL = 2.0
"""Ranks of real contexts are below 1."""
_RAREST = 5
"""What is seen less often has no vector worth having; it reads as unknown, and so the unknown one is trained."""

Triples = NDArray[np.int32]
"""(units, contexts, 3): interned start terminal, path and end terminal; -1 where there is no context."""


class ContextStore:
    """Interns the contexts of units as they are added."""

    def __init__(self, contexts: int) -> None:
        """``contexts`` bounds those of one unit."""
        self._limit = contexts
        self._terminals: dict[str, int] = {}
        self._paths: dict[str, int] = {}
        self._rows: list[Triples] = []

    def add(self, contexts: Sequence[PathContext]) -> None:
        """Append one unit."""
        row = np.full((self._limit, 3), _ABSENT, np.int32)
        for at, context in enumerate(contexts[: self._limit]):
            row[at] = (
                self._terminals.setdefault(context.start.token, len(self._terminals)),
                self._paths.setdefault(context.path, len(self._paths)),
                self._terminals.setdefault(context.end.token, len(self._terminals)),
            )
        self._rows.append(row)

    def __len__(self) -> int:
        return len(self._rows)

    def triples(self) -> Triples:
        """The units in the order in which they were added."""
        return np.stack(self._rows)

    @property
    def terminals(self) -> tuple[str, ...]:
        """Interned terminals in the order of their numbers."""
        return tuple(self._terminals)

    @property
    def paths(self) -> tuple[str, ...]:
        """Interned paths in the order of their numbers."""
        return tuple(self._paths)


@dataclass(frozen=True)
class EncodedContexts:
    """A corpus' contexts under a vocabulary: ``triples`` as interned, and what each number stands for."""

    triples: Triples
    terminal_ids: NDArray[np.int64]
    path_ids: NDArray[np.int64]

    def batch(self, rows: NDArray[np.int64], contexts: int, random: np.random.Generator | None = None) -> ContextBatch:
        """The units ``rows`` with ``contexts`` each: the first ones, or a random choice where ``random`` is given.

        In no order, and padding may stand anywhere: no encoder looks at either.
        """
        chosen = self.triples[rows]
        if contexts < chosen.shape[1]:
            order = np.where(chosen[..., 1] == _ABSENT, _BEHIND_ALL, _ranks(chosen.shape[:2], random))
            picked = np.argpartition(order, contexts, axis=1)[:, :contexts]
            chosen = np.take_along_axis(chosen, picked[..., None], axis=1)
        used, inverse = np.unique(chosen[..., (0, 2)], return_inverse=True)
        inverse = inverse.reshape(*chosen.shape[:2], 2)
        terminals = np.where(used[:, None] == _ABSENT, PADDING, self.terminal_ids[used])
        path = np.where(chosen[..., 1] == _ABSENT, PADDING, self.path_ids[chosen[..., 1]])
        return ContextBatch(terminals, inverse[..., 0], path, inverse[..., 1])


def _ranks(shape: tuple[int, ...], random: np.random.Generator | None) -> NDArray[np.float64]:
    if random is not None:
        return random.random(shape)
    return np.broadcast_to(np.arange(shape[1]) / shape[1], shape)


class Interned(Protocol):
    """Where interned numbers come from."""

    @property
    def terminals(self) -> tuple[str, ...]:
        """Terminals in the order of their numbers."""
        ...

    @property
    def paths(self) -> tuple[str, ...]:
        """Paths in the order of their numbers."""
        ...


def encode(triples: Triples, store: Interned, vocabulary: StructureVocabulary) -> EncodedContexts:
    """Number the interned tokens of ``store`` by ``vocabulary``."""
    terminal_ids = np.array([vocabulary.terminal_ids(token) for token in store.terminals], np.int64)
    path_ids = np.array([vocabulary.paths.id_of(path) for path in store.paths], np.int64)
    return EncodedContexts(triples, terminal_ids.reshape(-1, SUBTOKENS), path_ids)


def count_structure(triples: Triples, store: Interned, subtokens: int, paths: int) -> StructureVocabulary:
    """Vocabularies of the most frequent sub-tokens and paths of ``triples``, each seen five times or more."""
    terminals, paths_used = triples[..., (0, 2)], triples[..., 1]
    terminal_counts = np.bincount(terminals[terminals != _ABSENT], minlength=len(store.terminals))
    path_counts = np.bincount(paths_used[paths_used != _ABSENT], minlength=len(store.paths))
    words: Counter[str] = Counter()
    for token, count in zip(store.terminals, terminal_counts, strict=True):
        for word in token.split("|")[:SUBTOKENS]:
            words[word] += int(count)
    named = Counter({path: int(count) for path, count in zip(store.paths, path_counts, strict=True)})
    return StructureVocabulary(
        subtokens=vocabulary_of(words, at_least=_RAREST, at_most=subtokens),
        paths=vocabulary_of(named, at_least=_RAREST, at_most=paths),
    )


def name_vocabulary(names: Counter[str], packages: Counter[str], at_most: int) -> Vocabulary:
    """The names that the most packages use; among equals, the most frequent."""
    order = sorted(names, key=lambda name: (-packages[name], -names[name], name))
    return vocabulary_of(
        Counter({name: at_most - at for at, name in enumerate(order[:at_most])}), at_least=1, at_most=at_most
    )
