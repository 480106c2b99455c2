"""A model folder as data: what it holds, and the fingerprint of all of it.

In: a folder with `config.json`. Out: :class:`Manifest`. The server reads it too, so it must not import what
runs a model.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from pathlib import Path

import msgspec

from codekin_model.extracted import EXTRACTION_VERSION

FORMAT = 7
CONFIG = "config.json"


class CheckpointError(ValueError):
    """A model folder cannot be used; the message is one line that says why and what to do."""


@dataclass(frozen=True, slots=True)
class LanguageModelPart:
    """An ONNX graph `input_ids, attention_mask -> vector, states`, its tokenizer, and how much of a text it reads."""

    file: str = "language_model.onnx"
    tokenizer: str = "tokenizer.json"
    max_tokens: int = 128


@dataclass(frozen=True, slots=True)
class StructurePart:
    """The fusion's ONNX graph and the vocabularies of the path contexts that it reads."""

    file: str = "fusion.onnx"
    subtokens: str = "subtokens.txt"
    paths: str = "paths.txt"


@dataclass(frozen=True, slots=True)
class NamesPart:
    """The name decoder's ONNX graph, its words, and what ranks its names among those of neighbours."""

    file: str = "name_decoder.onnx"
    words: str = "name_words.txt"
    ranking: str = "name_ranking.json"


@dataclass(frozen=True, slots=True)
class StudentPart:
    """The student's ONNX graph and its words."""

    file: str = "student.onnx"
    words: str = "student_words.txt"


@dataclass(frozen=True, slots=True)
class BlendPart:
    """The ONNX graph that adds the student's vector of a unit's words to the unit's vector."""

    file: str = "blend.onnx"


@dataclass(frozen=True, slots=True)
class SketchPart:
    """The ONNX graph that turns the student's vectors towards questions, where they are searched by themselves."""

    file: str = "sketch.onnx"


@dataclass(frozen=True, slots=True)
class HubnessPart:
    """The ONNX graph `vector -> unit, question` that sets back units which are near to every question."""

    file: str = "hubness.onnx"


@dataclass(frozen=True, slots=True)
class SummariesPart:
    """The ONNX graph of the decoder of summaries, its words, and how many of them a sentence may have."""

    longest: int
    file: str = "summary_decoder.onnx"
    words: str = "summary_words.txt"


@dataclass(frozen=True, slots=True)
class HuggingFacePart:
    """A user's own model: a folder or a hub name, and how its tokens become a vector (`mean`, `last` or `cls`)."""

    source: str
    revision: str | None = None
    pooling: str = "mean"
    max_tokens: int = 256
    query_prefix: str = ""


@dataclass(frozen=True, slots=True)
class FileSeal:
    """Size and digest of a file, as it was when the folder was written."""

    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a model folder says about itself.

    Exactly one of ``language_model`` and ``hugging_face`` is there; ``structure``, ``names``, ``student``, ``hubness``
    and ``summaries`` need the former, ``blend`` and ``sketch`` a student too. ``origin`` is the fingerprint of the
    trained weights that ``language_model`` was exported from. ``fingerprint`` names everything else in here, the files'
    content included.
    """

    name: str
    width: int
    language_model: LanguageModelPart | None = None
    hugging_face: HuggingFacePart | None = None
    structure: StructurePart | None = None
    names: NamesPart | None = None
    student: StudentPart | None = None
    blend: BlendPart | None = None
    sketch: SketchPart | None = None
    hubness: HubnessPart | None = None
    summaries: SummariesPart | None = None
    origin: str | None = None
    files: Mapping[str, FileSeal] = field(default_factory=dict[str, FileSeal])
    format: int = FORMAT
    extraction: int = EXTRACTION_VERSION
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class _Version:
    """The one field that every format has."""

    format: int


def default_model_dir() -> Path:
    """The model that codekin is shipped with."""
    return Path(__file__).parents[1] / "weights" / "default"


def write_manifest(folder: Path, manifest: Manifest, files: Iterable[str]) -> Manifest:
    """Seal ``files`` (names inside ``folder``) and write `config.json`; gives the manifest as it was written."""
    seals = {name: _seal(folder / name) for name in sorted(files)}
    sealed = replace(manifest, files=seals, fingerprint="")
    sealed = replace(sealed, fingerprint=_fingerprint(sealed))
    (folder / CONFIG).write_bytes(msgspec.json.format(msgspec.json.encode(sealed), indent=2) + b"\n")
    return sealed


def read_manifest(folder: Path) -> Manifest:
    """Read `config.json` and compare the sizes of the files it names; content is :func:`verify_files`' business.

    Raises:
        CheckpointError: no such folder, a format or extraction of another version, or a file missing or cut short.

    """
    raw = _read_config(folder)
    try:
        version = msgspec.json.decode(raw, type=_Version).format
        if version != FORMAT:
            raise CheckpointError(
                f"{folder} holds a model of format {version}, this codekin reads format {FORMAT}: "
                "install the codekin it was written with, or export the model again"
            )
        manifest = msgspec.json.decode(raw, type=Manifest)
    except msgspec.DecodeError as problem:
        raise CheckpointError(
            f"{folder / CONFIG} describes no codekin model ({problem}); {_advice(folder)}"
        ) from problem
    _check(folder, manifest)
    return manifest


def verify_files(folder: Path, manifest: Manifest) -> None:
    """Compare the content of every file with its seal.

    Raises:
        CheckpointError: a file is not what it was when the folder was written.

    """
    for name, seal in manifest.files.items():
        if _seal(folder / name) != seal:
            raise CheckpointError(f"{folder / name} has changed since the model was written; {_advice(folder)}")


def _read_config(folder: Path) -> bytes:
    if not folder.is_dir():
        raise CheckpointError(f"there is no model folder {folder}; {_advice(folder)}")
    try:
        return (folder / CONFIG).read_bytes()
    except OSError as problem:
        raise CheckpointError(f"{folder / CONFIG} cannot be read ({problem.strerror}); {_advice(folder)}") from problem


def _check(folder: Path, manifest: Manifest) -> None:
    if manifest.extraction != EXTRACTION_VERSION:
        raise CheckpointError(
            f"{folder} was trained on extraction {manifest.extraction}, this codekin extracts version "
            f"{EXTRACTION_VERSION}: install the codekin it was written with, or train the model again"
        )
    if (manifest.language_model is None) == (manifest.hugging_face is None):
        raise CheckpointError(f"{folder / CONFIG} must name either language_model or hugging_face; {_advice(folder)}")
    if manifest.blend is not None and manifest.student is None:
        raise CheckpointError(f"{folder} blends with a student that it does not hold; {_advice(folder)}")
    if manifest.sketch is not None and manifest.student is None:
        raise CheckpointError(f"{folder} turns the vectors of a student that it does not hold; {_advice(folder)}")
    if manifest.fingerprint != _fingerprint(replace(manifest, fingerprint="")):
        raise CheckpointError(f"{folder / CONFIG} was edited by hand; {_advice(folder)}")
    for name, seal in manifest.files.items():
        path = folder / name
        if not path.is_file():
            raise CheckpointError(f"{path} is missing; {_advice(folder)}")
        if path.stat().st_size != seal.size:
            raise CheckpointError(f"{path} has {path.stat().st_size} bytes instead of {seal.size}; {_advice(folder)}")


def _advice(folder: Path) -> str:
    if folder == default_model_dir():
        return "install codekin again (pip install --force-reinstall codekin)"
    return "export the model again, or leave the setting away to use the model that codekin brings"


def _seal(path: Path) -> FileSeal:
    digest = blake2b(digest_size=16)
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return FileSeal(size=path.stat().st_size, digest=digest.hexdigest())


def _fingerprint(manifest: Manifest) -> str:
    """32 hexadecimal digits over the manifest, which holds the digests of the files.

    Parts that are not there do not count, so that a later version can know of further ones.
    """
    parts = {key: value for key, value in msgspec.to_builtins(manifest).items() if value is not None}
    return blake2b(msgspec.json.encode(parts, order="deterministic"), digest_size=16).hexdigest()
