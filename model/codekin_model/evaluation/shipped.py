"""A model folder as users run it, on ONNX Runtime: search, names and summaries, and its student by itself.

In: a model folder. Out: a :class:`VectorSystem` that names functions too, alone and with neighbours, and summarises
them, as far as the folder can; or one of what functions are found by until the model has read them.
"""

from collections.abc import Sequence
from pathlib import Path

from codekin_model.checkpoint.manifest import read_manifest
from codekin_model.corpus.function import CorpusFunction
from codekin_model.embedder import Described, Surroundings, Vectors
from codekin_model.evaluation.system import VectorSystem
from codekin_model.extracted import extract
from codekin_model.extraction.passage import passage
from codekin_model.runtime.onnx_embedder import OnnxEmbedder, load_onnx_embedder
from codekin_model.runtime.sketcher import OnnxSketcher, load_onnx_sketcher


class ShippedSystem(VectorSystem):
    """The exported graphs, the calibrated ranking of names included."""

    def __init__(self, embedder: OnnxEmbedder) -> None:
        self.embedder = embedder

    def code(self, functions: Sequence[CorpusFunction], *, masked: bool) -> Vectors:
        """What units are found by."""
        units = [extract(function.unit, masked=masked, docstring=False) for function in functions]
        return self.embedder.embed_units(units)

    def queries(self, texts: Sequence[str]) -> Vectors:
        """What units are asked for with."""
        return self.embedder.embed_queries(texts)


class ShippedNamingSystem(ShippedSystem):
    """The same, where the folder holds a naming head."""

    def names(self, functions: Sequence[CorpusFunction], limit: int) -> list[list[tuple[str, float]]]:
        """By the naming head alone."""
        return self.names_in(functions, [Surroundings.alone(each.unit) for each in functions], limit)

    def names_in(
        self, functions: Sequence[CorpusFunction], surroundings: Sequence[Surroundings], limit: int
    ) -> list[list[tuple[str, float]]]:
        """By the head and what stands around."""
        return [self._named(function, around, limit) for function, around in zip(functions, surroundings, strict=True)]

    def _named(self, function: CorpusFunction, around: Surroundings, limit: int) -> list[tuple[str, float]]:
        unit = extract(function.unit, masked=True, docstring=False)
        return [(each.name, each.probability) for each in self.embedder.suggest_names(unit, around, limit)]


class ShippedSummarySystem(ShippedSystem):
    """The same, where the folder holds a decoder of summaries."""

    def summaries(self, functions: Sequence[CorpusFunction]) -> list[str]:
        """What an editor would offer as a docstring; nothing where the decoder wrote nothing."""
        return self.summaries_in(functions, [()] * len(functions))

    def summaries_in(self, functions: Sequence[CorpusFunction], near: Sequence[tuple[Described, ...]]) -> list[str]:
        """The same, beside what is said of functions near each."""
        return [
            self.embedder.summarise(extract(each.unit, docstring=False), described) or ""
            for each, described in zip(functions, near, strict=True)
        ]


class ShippedWholeSystem(ShippedNamingSystem, ShippedSummarySystem):
    """The same, where the folder holds both."""


def load_shipped(folder: Path, threads: int) -> ShippedSystem:
    """Load a model folder.

    Raises:
        CheckpointError: the folder is damaged, of another version, or holds no ONNX model.
    """
    manifest = read_manifest(folder)
    if manifest.summaries is None:
        system = ShippedSystem if manifest.names is None else ShippedNamingSystem
    else:
        system = ShippedSummarySystem if manifest.names is None else ShippedWholeSystem
    return system(load_onnx_embedder(folder, threads))


class ShippedStudentSystem(VectorSystem):
    """Code by the exported student, questions by the language model."""

    def __init__(self, sketcher: OnnxSketcher, embedder: OnnxEmbedder) -> None:
        self._sketcher, self._embedder = sketcher, embedder

    def code(self, functions: Sequence[CorpusFunction], *, masked: bool) -> Vectors:
        """The student's vectors as they are searched, extraction included."""
        return self._sketcher.embed_passages([passage(each.unit, masked=masked, docstring=False) for each in functions])

    def queries(self, texts: Sequence[str]) -> Vectors:
        """What units are asked for with."""
        return self._embedder.embed_queries(texts)


def load_shipped_student(folder: Path, threads: int) -> ShippedStudentSystem:
    """Load the student of a model folder.

    Raises:
        CheckpointError: the folder is damaged, of another version, or holds no ONNX model or no student.
    """
    return ShippedStudentSystem(load_onnx_sketcher(folder, threads), load_onnx_embedder(folder, threads))
