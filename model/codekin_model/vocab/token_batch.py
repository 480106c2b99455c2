"""Texts as rows of sub-token ids: what token encoders read.

In: texts and a vocabulary. Out: int32 ids, padding at the end of a row. Training and serving both come through here.
Must not know of torch.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from codekin_model.extraction.tokens import split_words
from codekin_model.vocab.vocabulary import PADDING, Vocabulary

TokenIds = NDArray[np.int32]
"""(texts, longest)."""


def encode_tokens(texts: Sequence[str], vocabulary: Vocabulary, longest: int) -> TokenIds:
    """The first ``longest`` sub-tokens of each text; shorter texts are padded."""
    ids = np.full((len(texts), longest), PADDING, np.int32)
    for row, text in enumerate(texts):
        words = split_words(text)[:longest]
        ids[row, : len(words)] = [vocabulary.id_of(word) for word in words]
    return ids
