"""The structural half on ONNX Runtime: path contexts fused into the language model's vectors.

In: language-model vectors and extracted units. Out: fused vectors, joint representations, context weights. Functions
are what the fusion was trained on: every other unit keeps its language-model vector.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from codekin_model.embedder import Explanation, Vectors
from codekin_model.extracted import ExtractedUnit
from codekin_model.runtime.language_model import open_session
from codekin_model.vocab.context_batch import StructureVocabulary, encode_contexts


@dataclass(frozen=True, slots=True)
class Fused:
    """``vector`` and ``meaning`` (1, width), the same at full strength; ``joint`` (1, joint width); ``weights``.

    The vectors have length 1, and each context has one weight.
    """

    vector: Vectors
    meaning: Vectors
    joint: Vectors
    weights: NDArray[np.float32]


class OnnxStructure:
    """A loaded fusion graph with its vocabularies."""

    def __init__(self, graph: Path, vocabulary: StructureVocabulary, threads: int) -> None:
        self._session = open_session(graph, threads)
        self._vocabulary = vocabulary

    def represent(self, language: NDArray[np.float32], unit: ExtractedUnit) -> Fused:
        """All that the fusion says of ``unit``; ``language`` is its language-model vector, shape (width,).

        Units run one at a time: an int8 graph scales activations over its whole batch, and a unit's vector must not
        depend on what stands beside it.
        """
        batch = encode_contexts([unit.contexts], self._vocabulary)
        inputs = {"text": language[None], "terminals": batch.terminals}
        inputs |= {"start": batch.start, "path": batch.path, "end": batch.end}
        vector, meaning, joint, weights = self._session.run(["vector", "meaning", "joint", "weights"], inputs)
        return Fused(vector, meaning, joint, weights[0])

    def fuse(self, language: Vectors, units: Sequence[ExtractedUnit]) -> Vectors:
        """Vectors of length 1, a row a unit."""
        fused = language.copy()
        for at, unit in enumerate(units):
            if unit.contexts and unit.is_function:
                fused[at] = self.represent(language[at], unit).vector[0]
        return fused

    def explain(self, language: NDArray[np.float32], unit: ExtractedUnit) -> Explanation:
        """The weight of each context of ``unit``, and how far they moved its vector away from ``language``."""
        if not unit.contexts:
            return Explanation(weights=(), structure_share=0.0)
        fused = self.represent(language, unit)
        weights = fused.weights[: len(unit.contexts)]
        turned = float(np.clip(fused.vector[0] @ language, -1.0, 1.0))
        return Explanation(tuple(float(weight) for weight in weights), 1.0 - turned * turned)
