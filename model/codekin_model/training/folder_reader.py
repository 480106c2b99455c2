"""The two readers of a model folder, each by itself, for what is trained over their vectors.

In: a model folder. Out: vectors of texts by its language model, of passages by its student: neither blended nor
turned, hubs not set back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from codekin_model.embedder import Vectors
from codekin_model.runtime.onnx_embedder import OnnxEmbedder, load_onnx_embedder
from codekin_model.runtime.student import OnnxStudent, load_onnx_student


@dataclass(frozen=True, slots=True)
class FolderReader:
    """The language model and the student of one model folder, each by itself."""

    embedder: OnnxEmbedder
    student: OnnxStudent

    @property
    def fingerprint(self) -> str:
        """Names the folder's files."""
        return self.embedder.fingerprint

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        """The language model's vectors of texts."""
        return self.embedder.embed_texts(texts)

    def embed_words(self, passages: Sequence[str]) -> Vectors:
        """The student's vectors of passages, by their words alone."""
        return self.student.embed_passages(passages)


def load_reader(folder: Path) -> FolderReader:
    """The reader of a model folder.

    Raises:
        CheckpointError: the folder is damaged, of another version, or holds no student.
    """
    threads = torch.get_num_threads()
    return FolderReader(load_onnx_embedder(folder, threads), load_onnx_student(folder, threads))
