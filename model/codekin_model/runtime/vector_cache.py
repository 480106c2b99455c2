"""The vectors of the last texts, so that what follows one question computes no text twice.

In: texts, and what embeds them. Out: their vectors. Naming a function embeds it to find its neighbours and again to
weigh names; who refines a search goes back to words searched before.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from codekin_model.embedder import Vectors


class VectorCache:
    """Embeds texts through ``embed``, keeping the last ``size`` of them. Not thread-safe."""

    def __init__(self, embed: Callable[[Sequence[str]], Vectors], width: int, size: int = 512) -> None:
        self._embed = embed
        self._width = width
        self._size = size
        self._known: OrderedDict[str, NDArray[np.float32]] = OrderedDict()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Shape (texts, width), in the order of ``texts``."""
        vectors = np.empty((len(texts), self._width), dtype=np.float32)
        unknown = list(dict.fromkeys(text for text in texts if text not in self._known))
        fresh = dict(zip(unknown, self._embed(unknown), strict=True)) if unknown else {}
        for row, text in enumerate(texts):
            vectors[row] = fresh[text] if text in fresh else self._known[text]
        self._remember(texts, fresh)
        return vectors

    def _remember(self, texts: Sequence[str], fresh: dict[str, NDArray[np.float32]]) -> None:
        for text in texts:
            if text in self._known:
                self._known.move_to_end(text)
            else:
                self._known[text] = fresh[text]
        while len(self._known) > self._size:
            self._known.popitem(last=False)
