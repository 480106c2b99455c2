"""The blend on ONNX Runtime: the student's vectors of units' words beside what the language model says.

In: fused vectors, the language model's, passages. Out: the vectors that units are found by, hubs not yet set back.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from codekin_model.embedder import Vectors
from codekin_model.runtime.language_model import open_session
from codekin_model.runtime.student import OnnxStudent


class OnnxBlend:
    """A loaded blend with the student that it adds."""

    def __init__(self, graph: Path, student: OnnxStudent, threads: int) -> None:
        self._session = open_session(graph, threads)
        self._student = student

    def mix(self, fused: Vectors, text: Vectors, passages: Sequence[str]) -> Vectors:
        """Vectors of length 1, a row a unit: of ``fused`` and ``text``, its vector with structure and without.

        Units run one at a time: an int8 graph scales activations over its whole batch, and a unit's vector must not
        depend on what stands beside it.
        """
        words = self._student.embed_passages(passages)
        mixed = np.empty_like(fused)
        for at in range(len(passages)):
            one = slice(at, at + 1)
            (vector,) = self._session.run(["vector"], {"fused": fused[one], "text": text[one], "words": words[one]})
            mixed[one] = vector
        return mixed
