"""The files of a corpus: written beside those of an older one, which they replace once they are whole, and read back.

In: functions, a line each, and what is to be kept about them; or a folder. Out: ``functions.jsonl``, ``left_out.tsv``
(files that were not read, with the reason) and ``manifest.json``; or the functions, checked against the manifest. Must
not know where functions come from.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from codekin_model.corpus.function import CorpusFunction
from codekin_model.corpus.package_list import Split
from codekin_model.source.unit import CodeUnit

FUNCTIONS, LEFT_OUT, MANIFEST = "functions.jsonl", "left_out.tsv", "manifest.json"
_WRITTEN = (LEFT_OUT, FUNCTIONS, MANIFEST)
"""In the order in which they are put in place: a manifest that is not of these functions is found out by its hash."""


class CorpusError(ValueError):
    """A corpus cannot be built or read; the message is one line that says why and what to do."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is read of a manifest: ``sha256`` is that of the functions' lines, one after another, without their ends."""

    sha256: str
    counts: Mapping[str, int] = field(default_factory=dict[str, int])

    @property
    def functions(self) -> int:
        """On all sides of the hold-out together."""
        return sum(self.counts.get(f"{split} functions", 0) for split in Split)


@dataclass(frozen=True, slots=True)
class _Record:
    """A line of :data:`FUNCTIONS`."""

    split: Split
    package: str
    path: str
    unit: CodeUnit


class CorpusWriter:
    """Writes a corpus below ``folder``: what stood there before stays until :meth:`finish`, or if it never comes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lines, self._file = sha256(), sha256()

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._functions = _part(self._folder, FUNCTIONS).open("wb")
        self._left_out = _part(self._folder, LEFT_OUT).open("wb")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, at: TracebackType | None
    ) -> None:
        self._functions.close()
        self._left_out.close()
        for name in _WRITTEN:
            _part(self._folder, name).unlink(missing_ok=True)

    def write(self, function: CorpusFunction, split: Split, licence: str) -> None:
        """Add a function."""
        line = json.dumps({**asdict(function), "split": split, "licence": licence}, ensure_ascii=True).encode()
        self._lines.update(line)
        self._file.update(line + b"\n")
        self._functions.write(line + b"\n")

    def mark(self, left_out: Iterable[tuple[str, str]]) -> None:
        """Add files that were not read: reason and path."""
        lines = (f"{reason}\t{path}\n".encode("utf-8", "surrogateescape") for reason, path in left_out)
        self._left_out.writelines(lines)

    def finish(self, about: Mapping[str, object]) -> dict[str, object]:
        """Put everything in place of what stood there; gives the manifest: both hashes, and what is said ``about``."""
        manifest = {"sha256": self._lines.hexdigest(), "file_sha256": self._file.hexdigest(), **about}
        _part(self._folder, MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
        self._functions.close()
        self._left_out.close()
        for name in _WRITTEN:
            _part(self._folder, name).replace(self._folder / name)
        return manifest


def _part(folder: Path, name: str) -> Path:
    return folder / f"{name}.part"


def read_manifest(folder: Path) -> Manifest | None:
    """What a corpus' manifest says; None where there is none, as beside functions that were put together by hand.

    Raises:
        CorpusError: the file is no manifest.
    """
    path = folder / MANIFEST
    if not path.is_file():
        return None
    try:
        return msgspec.json.decode(path.read_bytes(), type=Manifest)
    except (ValueError, RecursionError) as problem:
        raise CorpusError(f"{path} is no manifest of a corpus ({problem}): {_again(folder)}") from problem


def read_corpus(folder: Path) -> Iterator[tuple[Split, CorpusFunction]]:
    """The functions of a corpus, in its order. Whoever reads to the end knows that they are those of the manifest.

    Raises:
        CorpusError: ``folder`` holds no corpus, a line is no function, or the manifest is none or one of other lines.
    """
    path = folder / FUNCTIONS
    if not path.is_file():
        raise CorpusError(f"{folder} holds no corpus: make one with `codekin corpus build --out {folder}`")
    manifest, digest, number = read_manifest(folder), sha256(), 0
    decoder = msgspec.json.Decoder(_Record)
    with path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            digest.update(line.rstrip(b"\r\n"))
            try:
                record = _decoded(decoder, line)
            except (ValueError, RecursionError) as problem:
                raise CorpusError(f"{path}, line {number} is no function ({problem}): {_again(folder)}") from problem
            yield record.split, CorpusFunction(record.package, record.path, record.unit)
    if manifest is not None and digest.hexdigest() != manifest.sha256:
        there = f"{number:,} functions here, {manifest.functions:,} there"
        raise CorpusError(f"{path} is not what {MANIFEST} was written for ({there}): {_again(folder)}")


def _decoded(decoder: msgspec.json.Decoder[_Record], line: bytes) -> _Record:
    try:
        return decoder.decode(line)
    except ValueError:
        # Halves of surrogate pairs, as in the name of a file that is no UTF-8, are only read by the library that wrote.
        return msgspec.convert(json.loads(line), type=_Record)


def _again(folder: Path) -> str:
    return f"build it again (codekin corpus build --out {folder})"
