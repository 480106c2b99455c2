"""A frozen language model as a source of features: the shipped ONNX model, or any Hugging Face encoder or decoder.

In: a :class:`LanguageModelConfig`. Out: texts -> vectors, with a fingerprint of the weights and of how they are read,
by which vectors on disk are kept. The fingerprint is the same wherever the same files lie.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, Protocol

import onnxruntime

from codekin_model.checkpoint.manifest import (
    CheckpointError,
    HuggingFacePart,
    default_model_dir,
    read_manifest,
    verify_files,
)
from codekin_model.embedder import Vectors
from codekin_model.runtime.language_model import GRAPH, TOKENIZER, OnnxLanguageModel
from codekin_model.torch_runtime.hugging_face import HuggingFaceEmbedder, too_many_tokens
from codekin_model.torch_runtime.search_config import LanguageModelConfig

_runtime: Any = onnxruntime  # has no types
_state = _runtime.capi.onnxruntime_pybind11_state
_REFUSALS = (_state.InvalidArgument, _state.RuntimeException, _state.Fail)
"""What ONNX Runtime raises for inputs that a graph cannot compute; they have no base of their own."""

SHIPPED = "codekin"
"""The source that stands for the language model of codekin's own model folder."""
_READ = 1 << 20
_WEIGHTS = (".safetensors", ".json", ".txt", ".model")
"""Files of a Hugging Face folder that its vectors depend on."""


class Embeds(Protocol):
    """Texts -> vectors."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Shape (texts, width), rows of length 1."""
        ...


@dataclass(frozen=True)
class FrozenModel:
    """``width`` is the length of a vector, ``query_prefix`` is to stand before questions."""

    model: Embeds
    width: int
    fingerprint: str
    query_prefix: str = ""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors (texts, width); before questions, the caller puts the prefix."""
        return self.model.embed(texts)


def load_frozen_model(config: LanguageModelConfig, threads: int) -> FrozenModel:
    """Load the language model that ``config`` names.

    Raises:
        CheckpointError: it cannot be loaded, or reads fewer tokens of a text than ``config`` asks for.

    """
    folder = default_model_dir() if config.source == SHIPPED else Path(config.source)
    if (folder / GRAPH).is_file():
        return _exported(folder, config, threads)
    part = HuggingFacePart(config.source, config.revision, config.pooling.value, config.max_tokens)
    embedder = HuggingFaceEmbedder("", part)
    return FrozenModel(_HuggingFace(embedder), embedder.width, _seal(embedder, config), config.query_prefix)


def exported_fingerprint(folder: Path, max_tokens: int) -> str:
    """Of the language model of a model folder, read to ``max_tokens`` of a text."""
    return _digest([folder / GRAPH, folder / TOKENIZER], str(max_tokens))


def _exported(folder: Path, config: LanguageModelConfig, threads: int) -> FrozenModel:
    verify_files(folder, read_manifest(folder))
    model = OnnxLanguageModel(folder, threads, max_tokens=config.max_tokens)
    if not _reads(model, config.max_tokens):
        most = bisect_left(range(1, config.max_tokens), 1, key=lambda tokens: int(not _reads(model, tokens)))
        raise too_many_tokens(config.source, config.max_tokens, most)
    seal = exported_fingerprint(folder, config.max_tokens)
    return FrozenModel(model, model.width, seal, config.query_prefix)


def _reads(model: OnnxLanguageModel, tokens: int) -> bool:
    """Whether a text may have so many tokens; a graph does not say how many places it knows."""
    try:
        model.states([0] * tokens)
    except _REFUSALS:
        return False
    return True


def check_fingerprint(model: FrozenModel, expected: str, source: str) -> None:
    """Refuse a language model that is not the one a run was trained with.

    Raises:
        CheckpointError: it is another one.

    """
    if model.fingerprint != expected:
        raise CheckpointError(f"{source} is not the language model that the run was trained with: train the run again")


@dataclass(frozen=True)
class _HuggingFace:
    embedder: HuggingFaceEmbedder

    def embed(self, texts: Sequence[str]) -> Vectors:
        return self.embedder.embed_queries(texts)  # with no prefix: code is read as well


def _seal(embedder: HuggingFaceEmbedder, config: LanguageModelConfig) -> str:
    """By content for a folder; a hub name stands for its commit."""
    reading = f"{embedder.pooling.value} {config.max_tokens}"  # what ``configured`` stands for
    folder = Path(config.source)
    if folder.is_dir():
        return _digest(sorted(path for path in folder.iterdir() if path.suffix in _WEIGHTS), reading)
    return _digest([], f"{reading} {config.source} {embedder.commit}")


def _digest(files: Sequence[Path], reading: str) -> str:
    digest = blake2b(reading.encode(), digest_size=16)
    for path in files:
        digest.update(path.name.encode())
        with path.open("rb") as stream:
            while block := stream.read(_READ):
                digest.update(block)
    return digest.hexdigest()
