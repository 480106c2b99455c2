"""The student on ONNX Runtime: units -> vectors in the teacher's space, thousands a second.

In: extracted units. Out: vectors of length 1. Questions are the teacher's to embed: they are one short text.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import cast

import numpy as np

from codekin_model.checkpoint.manifest import CheckpointError, read_manifest, verify_files
from codekin_model.embedder import Vectors
from codekin_model.extracted import ExtractedUnit
from codekin_model.runtime.language_model import open_session
from codekin_model.vocab.bag_batch import encode_bags
from codekin_model.vocab.vocabulary import Vocabulary, read_vocabulary

_BATCH = 128


class OnnxStudent:
    """A loaded student graph with its words."""

    def __init__(self, graph: Path, words: Vocabulary, buckets: int, threads: int) -> None:
        self._session = open_session(graph, threads)
        self._words, self._buckets = words, buckets
        self.width = int(self._session.get_outputs()[0].shape[-1])

    def embed_units(self, units: Sequence[ExtractedUnit]) -> Vectors:
        """One vector for each of ``units``, in their order; a unit's vector does not depend on the others."""
        vectors = np.empty((len(units), self.width), np.float32)
        for at in range(0, len(units), _BATCH):
            bags = encode_bags(units[at : at + _BATCH], self._words, self._buckets)
            inputs = {"names": bags.names, "words": bags.words, "contexts": bags.contexts}
            (found,) = self._session.run(["vector"], {name: ids.astype(np.int64) for name, ids in inputs.items()})
            vectors[at : at + _BATCH] = cast("Vectors", found)
        return vectors


def load_onnx_student(folder: Path, threads: int) -> OnnxStudent:
    """The student of a model folder.

    Raises:
        CheckpointError: the folder is damaged, of another version, or holds no student.
    """
    manifest = read_manifest(folder)
    part = manifest.student
    if part is None:
        raise CheckpointError(f"{folder} holds no student: train one, and export it into this folder")
    verify_files(folder, manifest)
    return OnnxStudent(folder / part.file, read_vocabulary(folder / part.words), part.buckets, threads)
