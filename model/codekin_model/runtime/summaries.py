"""One line that says what a function does, on ONNX Runtime: read it once, write word by word.

In: a function's passage, sentences about functions near it. Out: a sentence. Must not know of units or docstrings.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from codekin_model.embedder import Described
from codekin_model.runtime.language_model import OnnxLanguageModel, open_session
from codekin_model.runtime.neighbour_words import NeighbourWords
from codekin_model.runtime.next_words import ReadFunction
from codekin_model.runtime.summary_search import fitting_line, search_sentences
from codekin_model.runtime.word_pieces import WordPieces
from codekin_model.vocab.vocabulary import Vocabulary

_ENOUGH = 5
"""Fewer sentences say nothing of how a project words them."""


class OnnxSummaries:
    """A language model whose token states the decoder reads, and the decoder of sentences with its words."""

    def __init__(
        self,
        language_model: OnnxLanguageModel,
        pieces: WordPieces,
        graph: Path,
        vocabulary: Vocabulary,
        longest: int,
        threads: int,
    ) -> None:
        self._language_model, self._pieces = language_model, pieces
        self._session, self._vocabulary, self._longest = open_session(graph, threads), vocabulary, longest

    def summarise(self, passage: str, near: Sequence[Described] = ()) -> str:
        """A likely sentence that lies near to the passage; empty where the decoder writes none.

        It is worded as those of functions ``near`` it are, where these are enough to say how a project words them.
        """
        pieces = self._pieces.with_words(passage, self._language_model.max_tokens)
        states, vector = self._language_model.states(pieces.ids)
        words = NeighbourWords.of_sentences(near) if len(near) >= _ENOUGH else None
        found = search_sentences(self._read(states, pieces.words), self._vocabulary, self._longest, words)
        return fitting_line(found, vector, self._language_model.embed)

    def _read(self, states: NDArray[np.float32], words: Sequence[str]) -> ReadFunction:
        there = np.array([[int(bool(word)) for word in words]], np.int64)

        def following(said: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
            inputs = {"states": states[None], "words": there, "said": said}
            generated, copied = self._session.run(["generated", "copied"], inputs)
            return cast("NDArray[np.float32]", generated), cast("NDArray[np.float32]", copied)

        return ReadFunction(words, following)
