"""The sketch on ONNX Runtime: the student's vectors, turned towards questions.

In: the student's vectors. Out: vectors of length 1, in the same space.
"""

from pathlib import Path
from typing import cast

from codekin_model.embedder import Vectors
from codekin_model.runtime.language_model import open_session


class OnnxSketch:
    """A loaded graph."""

    def __init__(self, graph: Path, threads: int) -> None:
        self._session = open_session(graph, threads)

    def turn(self, words: Vectors) -> Vectors:
        """A row a unit."""
        (vectors,) = self._session.run(["vector"], {"words": words})
        return cast("Vectors", vectors)
