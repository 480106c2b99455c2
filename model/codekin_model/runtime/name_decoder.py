"""The name decoder on ONNX Runtime.

In: a language model's token states of one masked function, its vector, the word at each token. Out: names with their
probabilities, the decoder's own best or those of names that are given. Must not know of units or neighbours.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from codekin_model.runtime.language_model import open_session
from codekin_model.runtime.name_search import BEAMS, name_probabilities, search_names
from codekin_model.runtime.neighbour_words import NeighbourWords
from codekin_model.runtime.next_words import ReadFunction
from codekin_model.vocab.vocabulary import Vocabulary


class OnnxNameDecoder:
    """A loaded decoder graph with its words."""

    def __init__(self, graph: Path, vocabulary: Vocabulary, threads: int) -> None:
        self._session = open_session(graph, threads)
        self._vocabulary = vocabulary

    def read(self, states: NDArray[np.float32], vector: NDArray[np.float32], words: Sequence[str]) -> ReadFunction:
        """A masked function: its ``states`` (tokens, width), its ``vector`` (width,), the ``words`` at its tokens."""

        def following(said: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
            inputs = {"states": states[None], "vector": vector[None], "said": said}
            generated, copied = self._session.run(["generated", "copied"], inputs)
            return cast("NDArray[np.float32]", generated), cast("NDArray[np.float32]", copied)

        return ReadFunction(words, following)

    def names(
        self, function: ReadFunction, limit: int = BEAMS, near: NeighbourWords | None = None
    ) -> tuple[tuple[str, float], ...]:
        """The most probable names, best first; with ``near`` those that neighbours' names lead to as well."""
        return search_names(function, self._vocabulary, limit, near)

    def probabilities(self, function: ReadFunction, names: Sequence[str]) -> list[float]:
        """How probable each of ``names`` is."""
        return name_probabilities(function, self._vocabulary, names)
