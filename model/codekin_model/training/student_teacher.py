"""Who a student learns from: a teacher's run, or a whole model folder, whose units are found by more than their text.

In: a folder. Out: vectors of passages and of questions, in one space. Path contexts are not read for it: the fused
vector lies so near to the language model's own that one serves for both, as for the blend.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import torch

from codekin_model.checkpoint.manifest import CONFIG, read_manifest
from codekin_model.embedder import Vectors
from codekin_model.runtime.blend import OnnxBlend
from codekin_model.runtime.onnx_embedder import OnnxEmbedder, load_onnx_embedder
from codekin_model.runtime.student import open_student
from codekin_model.training.beside import graph_fingerprint
from codekin_model.training.teacher import TeacherSystem, load_teacher


class StudentTeacher(Protocol):
    """Gives vectors (texts, width) of length 1."""

    @property
    def fingerprint(self) -> str:
        """Names what the vectors depend on beside the texts."""
        ...

    @property
    def language_model(self) -> str:
        """Names the language model alone, which questions are read by."""
        ...

    def code(self, passages: Sequence[str]) -> Vectors:
        """Where units with these passages are found."""
        ...

    def queries(self, texts: Sequence[str]) -> Vectors:
        """What questions are asked with."""
        ...


class RunTeacher:
    """A language model as it was trained."""

    def __init__(self, system: TeacherSystem) -> None:
        self._system = system

    @property
    def fingerprint(self) -> str:
        """Names the language model's weights."""
        return self._system.fingerprint

    @property
    def language_model(self) -> str:
        """There is nothing else."""
        return self._system.fingerprint

    def code(self, passages: Sequence[str]) -> Vectors:
        """Vectors of passages, as of any other text."""
        return self._system.queries(passages)

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts."""
        return self._system.queries(texts)


class FolderTeacher:
    """A model folder; its blend, where it has one, is part of the vectors, its hubness is not."""

    def __init__(self, embedder: OnnxEmbedder, language_model: str, blend: OnnxBlend | None) -> None:
        """``language_model`` is the fingerprint of its graph."""
        self._embedder, self._language_model, self._blend = embedder, language_model, blend

    @property
    def fingerprint(self) -> str:
        """Names the folder's files."""
        return self._embedder.fingerprint

    @property
    def language_model(self) -> str:
        """Names the graph of the language model."""
        return self._language_model

    def code(self, passages: Sequence[str]) -> Vectors:
        """Vectors of passages without path contexts."""
        text = self._embedder.embed_texts(passages)
        return text if self._blend is None else self._blend.mix(text, text, passages)

    def queries(self, texts: Sequence[str]) -> Vectors:
        """The language model's vectors."""
        return self._embedder.embed_texts(texts)


def load_student_teacher(folder: Path, *, halves: bool = False) -> StudentTeacher:
    """The teacher in ``folder``; with ``halves`` a run computes in bfloat16.

    Raises:
        CheckpointError: it is neither a teacher's run nor a model folder that can be used.
    """
    if not (folder / CONFIG).is_file():
        return RunTeacher(TeacherSystem(load_teacher(folder), halves=halves))
    return load_folder_teacher(folder)


def load_folder_teacher(folder: Path) -> FolderTeacher:
    """A model folder as a teacher.

    Raises:
        CheckpointError: it cannot be used.
    """
    threads = torch.get_num_threads()
    embedder, manifest = load_onnx_embedder(folder, threads), read_manifest(folder)
    language_model = graph_fingerprint(manifest)
    if manifest.blend is None:
        return FolderTeacher(embedder, language_model, None)
    student = open_student(folder, manifest, threads)
    return FolderTeacher(embedder, language_model, OnnxBlend(folder / manifest.blend.file, student, threads))
