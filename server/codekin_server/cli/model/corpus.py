"""``codekin corpus build``: functions to train on, out of pinned packages and a user's own folders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from codekin_server.cli.model.telling import naming_the_extra, telling
from codekin_server.cli.terminal import write_json, write_line

_CACHE = ".wheels"
"""Hidden, so that it is never read as the user's own code where the corpus is written into a folder that is read."""


@dataclass(frozen=True, slots=True)
class CorpusSources:
    """``packages`` is a list in TOML, ``excluded`` are files of evaluation data, ``cache`` is where wheels are kept.

    ``beside`` is a corpus that this one is read together with.
    """

    packages: Path | None
    folders: Sequence[Path]
    excluded: Sequence[Path]
    cache: Path | None
    beside: Path | None


def run(sources: CorpusSources, out: Path, *, cap: int, as_json: bool) -> None:
    """Build the corpus below ``out`` and say what is in it."""
    with naming_the_extra():
        from codekin_model.corpus.build import (  # noqa: PLC0415 - an extra
            BuildOptions,
            CorpusError,
            build,
        )
        from codekin_model.corpus.package_list import PackageListError, read_package_list  # noqa: PLC0415
        from codekin_model.corpus.wheel import FetchError  # noqa: PLC0415

        with telling(CorpusError, PackageListError, FetchError):
            packages = read_package_list(sources.packages) if sources.packages else ()
            options = BuildOptions(cap, sources.cache or out / _CACHE, sources.excluded, sources.beside)
            manifest = build(packages, sources.folders, out, options)
    if as_json:
        write_json(manifest)
    else:
        show(out, manifest)


def show(out: Path, manifest: Mapping[str, object]) -> None:
    """The counts of each side of the hold-out, and how much was left out."""
    counts = cast("Mapping[str, int]", manifest["counts"])
    for split in ("train", "validation", "test"):
        functions, documented = counts.get(f"{split} functions", 0), counts.get(f"{split} documented", 0)
        write_line(f"{split}: {functions:,} functions, {documented:,} with a docstring to search by")
    for what, count in cast("Mapping[str, int]", manifest["skipped"]).items():
        write_line(f"left out: {count:,} {what}")
    write_line(f"{out / 'functions.jsonl'}: sha256 {manifest['file_sha256']}")
    write_line(f"results name it by the sha256 of its lines without their ends: {manifest['sha256']}")
