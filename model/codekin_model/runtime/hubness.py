"""Hubness on ONNX Runtime: units that are near to every question step back.

In: vectors of units or of questions. Out: the vectors that they are found by and asked for with, of length 1.
"""

from pathlib import Path
from typing import cast

import numpy as np

from codekin_model.checkpoint.manifest import Manifest
from codekin_model.embedder import Vectors
from codekin_model.runtime.language_model import open_session

_BATCH = 128
"""Vectors read together: 12,288 kept questions times these are 6 MB of products."""


class OnnxHubness:
    """A loaded graph."""

    def __init__(self, graph: Path, threads: int) -> None:
        self._session = open_session(graph, threads)

    def units(self, vectors: Vectors) -> Vectors:
        """What units are found by, a row a unit; none depends on the others."""
        return self._run("unit", vectors)

    def questions(self, vectors: Vectors) -> Vectors:
        """What units are asked for with, a row a question."""
        return self._run("question", vectors)

    def _run(self, output: str, vectors: Vectors) -> Vectors:
        found = np.empty_like(vectors)
        for at in range(0, len(vectors), _BATCH):
            (part,) = self._session.run([output], {"vector": vectors[at : at + _BATCH]})
            found[at : at + _BATCH] = cast("Vectors", part)
        return found


def open_hubness(folder: Path, manifest: Manifest, threads: int) -> OnnxHubness | None:
    """What the verified model folder knows of hubs; None where it knows nothing."""
    return None if manifest.hubness is None else OnnxHubness(folder / manifest.hubness.file, threads)
