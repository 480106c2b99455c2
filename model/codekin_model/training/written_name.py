"""What a decoder of names writes, before any export.

In: the token states of a masked function and the words at its tokens; or functions, for a system that is measured. Out:
names with their probabilities.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from codekin_model.corpus.function import CorpusFunction
from codekin_model.encoders.language_model import Pooling, pooled
from codekin_model.extraction.passage import passage
from codekin_model.heads.name_decoder import NameDecoder
from codekin_model.runtime.name_search import search_names
from codekin_model.runtime.next_words import ReadFunction
from codekin_model.vocab.vocabulary import Vocabulary


class WritingSystem(ABC):
    """A :class:`codekin_model.evaluation.system.NamingSystem` that reads a function's masked passage, no more of it."""

    @abstractmethod
    def names_of(self, masked: str) -> tuple[tuple[str, float], ...]:
        """The most probable names for a masked passage, best first."""

    def names(self, functions: Sequence[CorpusFunction], limit: int) -> list[list[tuple[str, float]]]:
        """The decoder's most probable names."""
        passages = (passage(function.unit, masked=True, docstring=False) for function in functions)
        return [list(self.names_of(each)[:limit]) for each in passages]


@torch.inference_mode()
def written_names(
    decoder: NameDecoder,
    vocabulary: Vocabulary,
    states: Tensor,
    words: Sequence[str],
    pooling: Pooling = Pooling.MEAN,
) -> tuple[tuple[str, float], ...]:
    """The most probable names, best first; ``states`` (1, tokens, width) are of the tokens that ``words`` stand at.

    ``pooling`` is how the language model makes one vector of them.
    """
    real = torch.ones(states.shape[:2], dtype=torch.bool)
    vector = pooled(states, real.long(), pooling)

    def following(said: NDArray[np.int64]) -> tuple[NDArray[Any], NDArray[Any]]:
        step = decoder(states, real, vector, torch.from_numpy(said))
        return step.generated.numpy(), step.copied.numpy()

    return search_names(ReadFunction(words, following), vocabulary)
