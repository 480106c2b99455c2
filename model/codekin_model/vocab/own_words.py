"""The words of a batch, each once: what is computed of a word alone is computed once for all its places.

In: bags of words. Out: :class:`OwnWords`. Must not know of torch or ONNX.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codekin_model.vocab.bag_batch import BagBatch

_FEWEST = 2
"""Places that stay: a graph that was traced with several takes one for another case."""
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class OwnWords:
    """``own`` (U,) are the batch's words, padding first; ``names`` and ``words`` (B, places) are rows of it.

    Places that no unit of the batch fills are cut off.
    """

    own: Numbers
    names: Numbers
    words: Numbers


def own_words(bags: BagBatch) -> OwnWords:
    """The words of ``bags`` and where they stand; contexts are left out."""
    names, words = _cut(bags.names), _cut(bags.words)
    flat = np.concatenate([np.zeros(1, np.int32), names.ravel(), words.ravel()]).astype(np.int64)
    own, rows = np.unique(flat, return_inverse=True)
    return OwnWords(own, rows[1 : 1 + names.size].reshape(names.shape), rows[1 + names.size :].reshape(words.shape))


def _cut(ids: NDArray[np.int32]) -> NDArray[np.int32]:
    """Without the places at the end that are empty in all rows."""
    filled = np.flatnonzero(ids.any(0))
    return ids[:, : max(_FEWEST, filled[-1] + 1 if len(filled) else 0)]
