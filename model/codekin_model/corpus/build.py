"""Building a corpus: ``python -m codekin_model.corpus.build --packages model/packages.toml --out DIR``.

In: a package list, a folder to cache wheels in. Out: ``functions.jsonl`` and ``manifest.json`` (counts and hashes, by
which a rebuild can be checked). Held-out packages are read first, so that a twin is dropped from training, never the
other way round.
"""

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

from codekin_model.corpus.duplicate import Twins, distinct, syntax_digest
from codekin_model.corpus.function import CorpusFunction, functions_of, has_query
from codekin_model.corpus.package_list import Package, Split, read_package_list
from codekin_model.corpus.wheel import fetch_source
from codekin_model.source.span import Span
from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.unit import CodeUnit, UnitKind
from codekin_model.source.units import find_units

_SEED = 17
_HELD_OUT_FIRST = {Split.TEST: 0, Split.VALIDATION: 1, Split.TRAIN: 2}


def build(packages: Sequence[Package], cache: Path, out: Path, cap: int, excluded: Sequence[str]) -> dict[str, object]:
    """Write the corpus below ``out`` and return its manifest. ``cap`` bounds the functions of one package."""
    out.mkdir(parents=True, exist_ok=True)
    twins, counts, skipped = Twins(excluded), Counter[str](), Counter[str]()
    digest = sha256()
    with (out / "functions.jsonl").open("w", encoding="utf-8") as stream:
        for package in sorted(packages, key=lambda each: (_HELD_OUT_FIRST[each.split], each.name)):
            found = list(distinct(functions_of(package.name, fetch_source(package, cache), skipped), twins, skipped))
            kept = _capped(found, cap)
            for function in kept:
                line = json.dumps({**asdict(function), "split": package.split}, ensure_ascii=True)
                digest.update(line.encode())
                stream.write(line + "\n")
                counts[f"{package.split} functions"] += 1
                counts[f"{package.split} documented"] += has_query(function)
            counts[f"package {package.name}"] = len(kept)
            sys.stderr.write(f"{package.name}: {len(kept)} of {len(found)}\n")
    manifest: dict[str, object] = {"sha256": digest.hexdigest(), "cap": cap, "seed": _SEED}
    manifest |= {"counts": dict(sorted(counts.items())), "skipped": dict(sorted(skipped.items()))}
    (out / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    return manifest


def _capped(functions: list[CorpusFunction], cap: int) -> list[CorpusFunction]:
    """At most ``cap`` functions, documented ones first, the choice seeded, the order that of the source."""
    if len(functions) <= cap:
        return functions
    order = random.Random(_SEED).sample(range(len(functions)), len(functions))  # noqa: S311 - a choice, no secret
    order.sort(key=lambda at: functions[at].summary is None)
    return [functions[at] for at in sorted(order[:cap])]


def read_corpus(folder: Path) -> Iterator[tuple[Split, CorpusFunction]]:
    """The functions that :func:`build` wrote, in its order."""
    with (folder / "functions.jsonl").open(encoding="utf-8") as stream:
        for line in stream:
            record = json.loads(line)
            unit = record["unit"]
            unit["kind"] = UnitKind(unit["kind"])
            unit["span"] = Span(**unit["span"])
            unit["name_span"] = Span(**unit["name_span"]) if unit["name_span"] else None
            yield Split(record["split"]), CorpusFunction(record["package"], record["path"], CodeUnit(**unit))


def excluded_digests(files: Sequence[Path]) -> list[str]:
    """Syntax digests of the functions in JSON-lines files with a ``code`` field: evaluation data to keep out."""
    digests: list[str] = []
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            units = find_units(parse(text_of(json.loads(line)["code"])))
            digests += [syntax_digest(unit) for unit in units if unit.kind.is_function]
    return digests


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packages", type=Path, required=True, help="TOML list of pinned packages")
    parser.add_argument("--out", type=Path, required=True, help="folder to write the corpus to")
    parser.add_argument("--cache", type=Path, default=Path("runs/wheels"), help="folder for wheels and their sources")
    parser.add_argument("--cap", type=int, default=1500, help="functions of one package at most")
    parser.add_argument("--exclude", type=Path, nargs="*", default=[], help="JSON lines with `code`: keep these out")
    options = parser.parse_args(arguments)
    excluded = excluded_digests(options.exclude)
    manifest = build(read_package_list(options.packages), options.cache, options.out, options.cap, excluded)
    sys.stdout.write(json.dumps(manifest, indent=2) + "\n")


if __name__ == "__main__":
    main()
