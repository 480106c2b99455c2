"""The naming head on ONNX Runtime.

In: the full-strength vector and the joint representation of a masked unit. Out: names of the closed vocabulary with
their probabilities.
"""

from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from codekin_model.embedder import Vectors
from codekin_model.runtime.language_model import open_session
from codekin_model.runtime.name_ranking import NameRanking
from codekin_model.vocab.vocabulary import UNKNOWN, Vocabulary

HEAD_NAMES = 20
"""Names of the closed vocabulary that enter the ranking."""


class OnnxNaming:
    """A loaded naming graph with its vocabulary, and the calibrated ranking that its names go into."""

    def __init__(self, graph: Path, names: Vocabulary, ranking: NameRanking, threads: int) -> None:
        self._session = open_session(graph, threads)
        self._names = names
        self.ranking = ranking

    def head_names(self, meaning: Vectors, joint: Vectors) -> tuple[tuple[str, float], ...]:
        """Names with probabilities for the one unit of this meaning (1, width) and representation (1, joint width)."""
        (scores,) = self._session.run(["scores"], {"meaning": meaning, "joint": joint})
        return most_probable(cast("NDArray[np.float32]", scores)[0], self._names)


def most_probable(
    scores: NDArray[np.float32], names: Vocabulary, count: int = HEAD_NAMES
) -> tuple[tuple[str, float], ...]:
    """The ``count`` most probable names under the softmax of ``scores``, the unknown name left out."""
    odds = np.exp(scores.astype(np.float64) - scores.max())
    probabilities = odds / odds.sum()
    order: list[int] = np.argsort(-probabilities)[: count + UNKNOWN + 1].tolist()
    return tuple((names.words[at], float(probabilities[at])) for at in order if at > UNKNOWN)[:count]
