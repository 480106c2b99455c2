"""The structural half on ONNX Runtime: path contexts fused into the language model's vectors.

In: language-model vectors and extracted units. Out: fused vectors, joint representations, context weights. Functions
are what the fusion was trained on: every other unit keeps its language-model vector.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from codekin_model.embedder import Explanation, Vectors
from codekin_model.extracted import ExtractedUnit
from codekin_model.runtime.language_model import open_session
from codekin_model.vocab.context_batch import StructureVocabulary, encode_contexts

_BATCH = 32


@dataclass(frozen=True, slots=True)
class Fused:
    """Row i is unit i: ``vector`` (B, width) of length 1, ``joint`` (B, joint width), ``weights`` (B, contexts)."""

    vector: Vectors
    joint: Vectors
    weights: Vectors


class OnnxStructure:
    """A loaded fusion graph with its vocabularies."""

    def __init__(self, graph: Path, vocabulary: StructureVocabulary, threads: int) -> None:
        self._session = open_session(graph, threads)
        self._vocabulary = vocabulary

    def represent(self, language: Vectors, units: Sequence[ExtractedUnit]) -> Fused:
        """All that the fusion says of ``units``; ``language`` are the same units' language-model vectors."""
        batch = encode_contexts([unit.contexts for unit in units], self._vocabulary)
        inputs = {"text": language, "terminals": batch.terminals}
        inputs |= {"start": batch.start, "path": batch.path, "end": batch.end}
        outputs = self._session.run(["vector", "joint", "weights"], inputs)
        return Fused(*(cast("NDArray[np.float32]", output) for output in outputs))

    def fuse(self, language: Vectors, units: Sequence[ExtractedUnit]) -> Vectors:
        """Vectors of length 1, a row a unit."""
        fused = language.copy()
        rows = [at for at, unit in enumerate(units) if unit.contexts and unit.is_function]
        for first in range(0, len(rows), _BATCH):
            some = rows[first : first + _BATCH]
            fused[some] = self.represent(language[some], [units[at] for at in some]).vector
        return fused

    def explain(self, language: NDArray[np.float32], unit: ExtractedUnit) -> Explanation:
        """The weight of each context of ``unit``, and how far they moved its vector away from ``language``."""
        if not unit.contexts:
            return Explanation(weights=(), structure_share=0.0)
        fused = self.represent(language[None], [unit])
        weights = fused.weights[0][: len(unit.contexts)]
        turned = float(np.clip(fused.vector[0] @ language, -1.0, 1.0))
        return Explanation(tuple(float(weight) for weight in weights), float(1.0 - turned))
