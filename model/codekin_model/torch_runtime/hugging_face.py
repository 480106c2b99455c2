"""A user's own Hugging Face model as the embedder: encoders and decoders, by folder or by hub name.

In: a model folder that names one. Out: what :class:`codekin_model.embedder.Embedder` promises, without names. Needs the
extra `llm`. Reads safetensors only and runs no code of the checkpoint's. Must not import ONNX Runtime.
"""

from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import AutoTokenizer

from codekin_model.checkpoint.manifest import CheckpointError, HuggingFacePart, Manifest, read_manifest, write_manifest
from codekin_model.embedder import Described, Explanation, NameSuggestion, Surroundings, Vectors
from codekin_model.encoders.language_model import LanguageModel, Pooling, load_language_model
from codekin_model.extracted import ExtractedUnit

_BATCH = 8


class HuggingFaceEmbedder:
    """A loaded model. Not thread-safe."""

    def __init__(self, fingerprint: str, part: HuggingFacePart) -> None:
        self._fingerprint = fingerprint
        self._part = part
        self._model = _load_model(part)
        self._tokenizer = _load_tokenizer(part)

    @property
    def fingerprint(self) -> str:
        """Names the model and how it is used."""
        return self._fingerprint

    @property
    def width(self) -> int:
        """Length of a vector."""
        return self._model.width

    @property
    def pooling(self) -> Pooling:
        """How tokens become a vector."""
        return self._model.pooling

    @property
    def commit(self) -> str | None:
        """The commit that a hub name stands for; None for a folder."""
        return _commit(self._model)

    def embed_units(self, units: Sequence[ExtractedUnit]) -> Vectors:
        """One vector of length 1 for each of ``units``, in their order."""
        return self._embed([unit.passage for unit in units])

    def embed_queries(self, queries: Sequence[str]) -> Vectors:
        """One vector of length 1 for each text, after the model's own query prefix."""
        return self._embed([self._part.query_prefix + query for query in queries])

    def suggest_names(self, unit: ExtractedUnit, around: Surroundings, limit: int) -> tuple[NameSuggestion, ...]:
        """None: a naming head belongs to the vectors it was trained on.

        Raises:
            ValueError: ``unit`` was not extracted with its name masked.

        """
        del around, limit
        if not unit.masked:
            raise ValueError("names are suggested for units whose own name is masked")
        return ()

    def nearness(self, unit: ExtractedUnit, name: str) -> float:  # noqa: ARG002 - the protocol's signature
        """1: nobody has measured how near authors' names are in its space."""
        return 1.0

    def explain(self, unit: ExtractedUnit, name: str | None = None) -> Explanation:  # noqa: ARG002 - the protocol's signature
        """Every context the same, and no share of theirs: this model reads text alone."""
        count = len(unit.contexts)
        return Explanation(weights=(1 / count,) * count if count else (), structure_share=0.0)

    def summarise(self, unit: ExtractedUnit, near: Sequence[Described] = ()) -> str | None:  # noqa: ARG002 - the protocol's signature
        """Nothing: this model writes no sentences."""
        return None

    def _embed(self, texts: Sequence[str]) -> Vectors:
        vectors = np.empty((len(texts), self.width), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda row: len(texts[row]))  # like lengths together: less padding
        for start in range(0, len(order), _BATCH):
            rows = order[start : start + _BATCH]
            vectors[rows] = self._run([texts[row] for row in rows])
        return vectors

    @torch.inference_mode()
    def _run(self, texts: Sequence[str]) -> Vectors:
        batch = self._tokenizer(
            list(texts), truncation=True, max_length=self._part.max_tokens, padding=True, return_tensors="pt"
        )
        return self._model(batch["input_ids"], batch["attention_mask"]).numpy()


def load_hugging_face_embedder(folder: Path, threads: int) -> HuggingFaceEmbedder:
    """Load the model that the model folder ``folder`` names.

    Raises:
        CheckpointError: the folder names none, or what it names cannot be loaded or has changed.

    """
    manifest = read_manifest(folder)
    part = manifest.hugging_face
    if part is None:
        raise CheckpointError(f"{folder} holds an ONNX model, which torch does not run")
    if part.revision != _revision(part.source, part.revision):
        raise CheckpointError(f"{part.source} has changed since {folder} was written: write the folder again")
    torch.set_num_threads(threads)
    return HuggingFaceEmbedder(manifest.fingerprint, part)


def write_hugging_face_folder(folder: Path, part: HuggingFacePart) -> Manifest:
    """Make ``folder`` a model folder that names ``part``, after trying that it loads.

    What is loaded is pinned: a local folder by a digest of its files, a hub name by the commit it stands for now.

    Raises:
        CheckpointError: the model cannot be loaded.

    """
    model = _load_model(part)
    _load_tokenizer(part)
    pinned = HuggingFacePart(
        source=part.source,
        revision=_revision(part.source, part.revision or _commit(model)),
        pooling=model.pooling.value,
        max_tokens=part.max_tokens,
        query_prefix=part.query_prefix,
    )
    folder.mkdir(parents=True, exist_ok=True)
    name = Path(part.source).name
    return write_manifest(folder, Manifest(name=name, width=model.width, hugging_face=pinned), ())


def _load_model(part: HuggingFacePart) -> LanguageModel:
    if part.pooling not in tuple(Pooling):
        raise CheckpointError(f"no pooling is called {part.pooling!r}: choose one of {', '.join(Pooling)}")
    try:
        model = load_language_model(part.source, Pooling(part.pooling), revision=_hub_revision(part))
    except (OSError, ValueError) as problem:
        raise _unusable(part, problem) from problem
    if model.positions is not None and part.max_tokens > model.positions:
        raise too_many_tokens(part.source, part.max_tokens, model.positions)
    return model


def _load_tokenizer(part: HuggingFacePart) -> Any:  # noqa: ANN401 - a class that transformers chooses
    loader: Any = AutoTokenizer  # has no types
    try:
        tokenizer = loader.from_pretrained(part.source, revision=_hub_revision(part) or "main", trust_remote_code=False)
    except (OSError, ValueError) as problem:
        raise _unusable(part, problem) from problem
    if not has_vocabulary(tokenizer):
        raise CheckpointError(f"{part.source} brings no tokenizer: put tokenizer.json beside the weights")
    if tokenizer.pad_token is None:  # decoders are trained without padding; what stands there is masked anyway
        tokenizer.pad_token = tokenizer.eos_token
    return tokenizer


def has_vocabulary(tokenizer: Any) -> bool:  # noqa: ANN401 - a class that transformers chooses
    """Whether it knows any word: where a folder has no tokenizer, transformers makes up one of marks alone."""
    return len(tokenizer) > len(tokenizer.all_special_tokens)


def too_many_tokens(source: str, asked: int, most: int) -> CheckpointError:
    """What is told where a text would be read further than the model of ``source`` can."""
    return CheckpointError(
        f"{source} reads {most} tokens of a text at most: set max_tokens to {most} or less, not {asked}"
    )


def _unusable(part: HuggingFacePart, problem: Exception) -> CheckpointError:
    first_line = str(problem).strip().partition("\n")[0]
    return CheckpointError(
        f"{part.source} cannot be loaded ({first_line}): it must be a folder or a hub name of a model that "
        "transformers knows, with its tokenizer and safetensors weights"
    )


def _commit(model: LanguageModel) -> str | None:
    return getattr(model.encoder.config, "_commit_hash", None)


def _hub_revision(part: HuggingFacePart) -> str | None:
    return None if Path(part.source).is_dir() else part.revision


def _revision(source: str, revision: str | None) -> str | None:
    """The digest of a local folder's file names, sizes and times (weights are too large to read), or ``revision``."""
    if not Path(source).is_dir():
        return revision
    digest = blake2b(digest_size=16)
    for path in sorted(Path(source).iterdir()):
        if path.is_file():
            digest.update(f"{path.name}\0{path.stat().st_size}\0{path.stat().st_mtime_ns}\0".encode())
    return digest.hexdigest()
