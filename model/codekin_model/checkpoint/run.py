"""A run folder as data: what was trained, by which configuration, on which vocabularies.

In: a folder with `description.json`, `best.safetensors` and vocabularies. Out: :class:`Run`, with its weights checked
to be whole. Must not know of torch: who reads a run loads its weights.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from codekin_model.checkpoint.manifest import CheckpointError
from codekin_model.extracted import EXTRACTION_VERSION
from codekin_model.vocab.vocabulary import Vocabulary, read_vocabulary, write_vocabulary

RUN_FORMAT = 1
DESCRIPTION = "description.json"
BEST = "best.safetensors"
_LENGTH = 8
"""Bytes at the beginning of a safetensors file that give the length of its header."""


@dataclass(frozen=True)
class Run:
    """``config`` is the configuration as plain data, ``vocabularies`` are by name.

    ``facts`` is what else the weights cannot be read without: widths, the fingerprint of a frozen model.
    """

    kind: str
    config: Mapping[str, Any]
    vocabularies: Mapping[str, Vocabulary] = field(default_factory=dict[str, Vocabulary])
    facts: Mapping[str, int | str] = field(default_factory=dict[str, "int | str"])


@dataclass(frozen=True, slots=True)
class _Version:
    """The one field that every format has."""

    format: int


@dataclass(frozen=True, slots=True)
class _Description:
    """`description.json`; ``vocabularies`` names files."""

    kind: str
    config: dict[str, Any]
    vocabularies: dict[str, str]
    facts: dict[str, int | str]
    extraction: int = EXTRACTION_VERSION
    format: int = RUN_FORMAT


@dataclass(frozen=True, slots=True)
class _Tensor:
    """An entry of a safetensors header; the one of the metadata has no offsets."""

    data_offsets: tuple[int, int] = (0, 0)


def write_run(folder: Path, run: Run) -> None:
    """Describe a run in ``folder``; the training loop adds weights and curves."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {name: f"{name}.txt" for name in run.vocabularies}
    for name, vocabulary in run.vocabularies.items():
        write_vocabulary(vocabulary, folder / files[name])
    description = _Description(run.kind, dict(run.config), files, dict(run.facts))
    partial = folder / f"{DESCRIPTION}.part"
    partial.write_bytes(msgspec.json.format(msgspec.json.encode(description), indent=2) + b"\n")
    partial.replace(folder / DESCRIPTION)


def read_run(folder: Path, kinds: Collection[str]) -> Run:
    """The run in ``folder``, whose best weights :func:`weights_of` then gives.

    Raises:
        CheckpointError: no run, another format or extraction version, a kind that is none of ``kinds``, or a file that
            is missing or cut short.

    """
    description = _read_description(folder)
    if description.kind not in kinds:
        raise CheckpointError(f"{folder} holds a run of kind {description.kind!r}; expected {' or '.join(kinds)}")
    run = _described(folder, description)
    weights_of(folder)
    return run


def find_run(folder: Path) -> Run | None:
    """The run that has begun in ``folder``, with weights or without; None where there is none.

    Raises:
        CheckpointError: another format or extraction version, or a file that is missing or cut short.

    """
    return _described(folder, _read_description(folder)) if (folder / DESCRIPTION).exists() else None


def _described(folder: Path, description: _Description) -> Run:
    if description.extraction != EXTRACTION_VERSION:
        raise CheckpointError(
            f"{folder} was trained on extraction {description.extraction}, this codekin extracts version "
            f"{EXTRACTION_VERSION}: train it again"
        )
    vocabularies = {name: _read_vocabulary(folder / file) for name, file in description.vocabularies.items()}
    return Run(description.kind, description.config, vocabularies, description.facts)


def weights_of(folder: Path, file: str = BEST) -> Path:
    """The path of a whole safetensors file of the run in ``folder``.

    Raises:
        CheckpointError: it is missing, cut short, or no safetensors file.

    """
    path = folder / file
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            header_length = int.from_bytes(stream.read(_LENGTH), "little")
            header = msgspec.json.decode(stream.read(min(header_length, size)), type=dict[str, _Tensor])
    except OSError as problem:
        raise CheckpointError(f"{path} cannot be read ({problem.strerror}): train the run to its first epoch") from None
    except msgspec.DecodeError:
        raise CheckpointError(f"{path} is cut short or no safetensors file: copy it again, or train again") from None
    expected = _LENGTH + header_length + max((each.data_offsets[1] for each in header.values()), default=0)
    if size != expected:
        raise CheckpointError(f"{path} has {size} bytes instead of {expected}: copy it again, or train again")
    return path


def _read_description(folder: Path) -> _Description:
    path = folder / DESCRIPTION
    try:
        raw = path.read_bytes()
        version = msgspec.json.decode(raw, type=_Version).format
        if version != RUN_FORMAT:
            raise CheckpointError(
                f"{folder} holds a run of format {version}, this codekin reads format {RUN_FORMAT}: "
                "use the codekin it was trained with, or train it again"
            )
        return msgspec.json.decode(raw, type=_Description)
    except OSError as problem:
        raise CheckpointError(
            f"{path} cannot be read ({problem.strerror}): give the folder of a finished `codekin train`"
        ) from problem
    except msgspec.DecodeError as problem:
        raise CheckpointError(f"{path} describes no run ({problem}): train it again") from problem


def _read_vocabulary(path: Path) -> Vocabulary:
    try:
        return read_vocabulary(path)
    except OSError as problem:
        raise CheckpointError(f"{path} cannot be read ({problem.strerror}): copy it again, or train again") from problem
    except UnicodeDecodeError as problem:
        raise CheckpointError(f"{path} is no text in UTF-8 ({problem}): copy it again, or train again") from problem
    except ValueError as problem:
        raise CheckpointError(f"{problem}: copy it again, or train again") from problem
