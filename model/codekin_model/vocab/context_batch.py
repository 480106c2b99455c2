"""Path contexts as arrays: what the structural encoders compute on.

In: the path contexts of several units and two vocabularies. Out: :class:`ContextBatch`. Training and serving both come
through here. Must not know of torch or ONNX.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codekin_model.extraction.paths import PathContext
from codekin_model.vocab.vocabulary import PADDING, Vocabulary

SUBTOKENS = 5
"""Sub-tokens of a terminal that are read; the rest of a longer name is dropped."""

Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ContextBatch:
    """``terminals`` (T, SUBTOKENS) are sub-token ids, row 0 all padding; ``start`` and ``end`` (B, C) are rows of it.

    ``path`` (B, C) are path ids. Where ``path`` is padding there is no context.
    """

    terminals: Ids
    start: Ids
    path: Ids
    end: Ids


@dataclass(frozen=True, slots=True)
class StructureVocabulary:
    """The sub-tokens of terminals, and whole paths."""

    subtokens: Vocabulary
    paths: Vocabulary

    def terminal_ids(self, token: str) -> list[int]:
        """SUBTOKENS ids for a terminal's ``a|b`` token, padded."""
        ids = [self.subtokens.id_of(word) for word in token.split("|")[:SUBTOKENS]]
        return ids + [PADDING] * (SUBTOKENS - len(ids))


def encode_contexts(units: Sequence[Sequence[PathContext]], vocabulary: StructureVocabulary) -> ContextBatch:
    """Encode the contexts of each unit; units with fewer are padded, and C is at least 1."""
    rows: dict[str, int] = {}
    terminals: list[list[int]] = [[PADDING] * SUBTOKENS]

    def row(token: str) -> int:
        if token not in rows:
            rows[token] = len(terminals)
            terminals.append(vocabulary.terminal_ids(token))
        return rows[token]

    width = max([1, *map(len, units)])
    start, path, end = (np.zeros((len(units), width), np.int64) for _ in range(3))
    for at, contexts in enumerate(units):
        for column, context in enumerate(contexts):
            start[at, column] = row(context.start.token)
            path[at, column] = vocabulary.paths.id_of(context.path)
            end[at, column] = row(context.end.token)
    return ContextBatch(np.array(terminals, np.int64), start, path, end)
