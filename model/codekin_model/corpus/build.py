"""Building a corpus: wheels of pinned packages and a user's own folders -> functions, twins removed, split by package.

In: a package list, local folders, a folder to cache wheels in. Out: ``functions.jsonl``, ``left_out.tsv`` (files that
were not read, with the reason) and ``manifest.json`` (counts and hashes, by which a rebuild can be checked). Held-out
packages are read first, so that a twin is dropped from training, never the other way round.
"""

import json
import random
import signal
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from hashlib import blake2b, sha256
from pathlib import Path

from codekin_model.corpus.duplicate import Signs, Twins, signs_of, syntax_digest
from codekin_model.corpus.function import CorpusFunction, functions_of, has_query
from codekin_model.corpus.package_list import Package, Split
from codekin_model.corpus.wheel import fetch_source
from codekin_model.source.span import Span
from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.unit import CodeUnit, UnitKind
from codekin_model.source.units import find_units

FUNCTIONS, LEFT_OUT, MANIFEST = "functions.jsonl", "left_out.tsv", "manifest.json"
_SEED = 17
_HELD_OUT_FIRST = {Split.TEST: 0, Split.VALIDATION: 1, Split.TRAIN: 2}
_PROCESSES = 2
_TENTH = 10
_LOCAL_LICENCE = "the user's own"


class CorpusError(ValueError):
    """A corpus cannot be built or read; the message is one line that says why and what to do."""


@dataclass(frozen=True)
class _Source:
    """Where functions come from. Without a ``split``, whole files are held out, one in ten on either side."""

    name: str
    licence: str
    folder: Path
    split: Split | None


@dataclass(frozen=True)
class _Read:
    """The functions of one source with what they are compared by, and what was skipped."""

    found: list[tuple[CorpusFunction, Signs]]
    skipped: Counter[str]
    marked: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """``cap`` bounds the functions of one package; ``excluded`` are syntax digests of evaluation data to keep out.

    ``beside`` is another corpus, to be read together with this one: twins of what it holds out are left out as well.
    """

    cap: int
    cache: Path
    excluded: Sequence[str] = ()
    beside: Path | None = None


def build(packages: Sequence[Package], folders: Sequence[Path], out: Path, options: BuildOptions) -> dict[str, object]:
    """Write the corpus below ``out`` and return its manifest.

    Local ``folders`` are trained on; where there are no packages beside them, some of their files are held out.

    Raises:
        CorpusError: a folder is none, nothing to read was named, or ``beside`` holds no corpus.
        FetchError: pip could not bring a package.
    """
    twins, counts, skipped = _held_out(options), Counter[str](), Counter[str]()
    sources = _sources(packages, folders, options.cache)
    out.mkdir(parents=True, exist_ok=True)
    digest = sha256()
    with (
        (out / FUNCTIONS).open("w", encoding="utf-8", newline="\n") as stream,
        (out / LEFT_OUT).open("w", encoding="utf-8", newline="\n") as marks,
        ProcessPoolExecutor(_PROCESSES, initializer=_leave_interrupts) as pool,
    ):
        for source, read in zip(sources, pool.map(_read, sources), strict=True):
            skipped.update(read.skipped)
            marks.writelines(f"{reason}\t{path}\n" for reason, path in read.marked)
            kept = _capped(list(_distinct(read.found, twins, skipped)), options.cap)
            for function in kept:
                split = source.split or _split_of_file(function.path)
                line = json.dumps({**asdict(function), "split": split, "licence": source.licence}, ensure_ascii=True)
                digest.update(line.encode())
                stream.write(line + "\n")
                counts[f"{split} functions"] += 1
                counts[f"{split} documented"] += has_query(function)
            counts[f"package {source.name}"] += len(kept)
            sys.stderr.write(f"{source.name}: {len(kept)} of {len(read.found)}\n")
    manifest: dict[str, object] = {"sha256": digest.hexdigest(), "cap": options.cap, "seed": _SEED}
    manifest |= {"counts": dict(sorted(counts.items())), "skipped": dict(sorted(skipped.items()))}
    (out / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    return manifest


def _sources(packages: Sequence[Package], folders: Sequence[Path], cache: Path) -> list[_Source]:
    if not packages and not folders:
        raise CorpusError("nothing to build from: name a package list (--packages FILE) or folders (--folder DIR)")
    for folder in folders:
        if not folder.is_dir():
            raise CorpusError(f"{folder} is no folder: --folder takes a folder of Python files")
    ordered = sorted(packages, key=lambda each: (_HELD_OUT_FIRST[each.split], each.name))
    fetched = [_Source(each.name, each.licence, fetch_source(each, cache), each.split) for each in ordered]
    split = Split.TRAIN if packages else None
    return fetched + [_Source(each.resolve().name, _LOCAL_LICENCE, each.resolve(), split) for each in folders]


def _held_out(options: BuildOptions) -> Twins:
    """What no function may be a twin of."""
    twins = Twins(options.excluded)
    for split, function in read_corpus(options.beside) if options.beside else ():
        if split is not Split.TRAIN:
            twins.is_twin(signs_of(function.unit))
    return twins


def _leave_interrupts() -> None:
    """Ctrl-C is the first process' to handle: it ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _read(source: _Source) -> _Read:
    skipped, marked = Counter[str](), list[tuple[str, str]]()
    functions = functions_of(source.name, source.folder, skipped, marked)
    return _Read([(function, signs_of(function.unit)) for function in functions], skipped, marked)


def _distinct(
    found: Sequence[tuple[CorpusFunction, Signs]], twins: Twins, skipped: Counter[str]
) -> Iterator[CorpusFunction]:
    """The functions that are nobody's twin; twins are counted in ``skipped``."""
    for function, signs in found:
        twin = twins.is_twin(signs)
        if twin is None:
            yield function
        else:
            skipped[f"{twin} duplicates"] += 1


def _split_of_file(path: str) -> Split:
    """By a hash of the path, so that a file stays on its side when others come and go."""
    place = int.from_bytes(blake2b(path.encode("utf-8", "replace"), digest_size=4).digest(), "big") % _TENTH
    return {0: Split.TEST, 1: Split.VALIDATION}.get(place, Split.TRAIN)


def _capped(functions: list[CorpusFunction], cap: int) -> list[CorpusFunction]:
    """At most ``cap`` functions, documented ones first, the choice seeded, the order that of the source."""
    if len(functions) <= cap:
        return functions
    order = random.Random(_SEED).sample(range(len(functions)), len(functions))  # noqa: S311 - a choice, no secret
    order.sort(key=lambda at: functions[at].summary is None)
    return [functions[at] for at in sorted(order[:cap])]


def read_corpus(folder: Path) -> Iterator[tuple[Split, CorpusFunction]]:
    """The functions that :func:`build` wrote, in its order.

    Raises:
        CorpusError: ``folder`` holds no corpus.
    """
    if not (folder / FUNCTIONS).is_file():
        raise CorpusError(f"{folder} holds no corpus: make one with `codekin corpus build --out {folder}`")
    with (folder / FUNCTIONS).open(encoding="utf-8") as stream:
        for line in stream:
            record = json.loads(line)
            unit = record["unit"]
            unit["kind"] = UnitKind(unit["kind"])
            unit["span"] = Span(**unit["span"])
            unit["name_span"] = Span(**unit["name_span"]) if unit["name_span"] else None
            yield Split(record["split"]), CorpusFunction(record["package"], record["path"], CodeUnit(**unit))


def excluded_digests(files: Sequence[Path]) -> list[str]:
    """Syntax digests of the functions in JSON-lines files with a ``code`` field: evaluation data to keep out.

    Raises:
        CorpusError: a file cannot be read, or is something else.
    """
    digests: list[str] = []
    for file in files:
        try:
            codes = [json.loads(line)["code"] for line in file.read_text(encoding="utf-8").splitlines()]
            trees = [parse(text_of(code)) for code in codes]
        except OSError as problem:
            raise CorpusError(f"{file} cannot be read ({problem.strerror}): give the path of a file") from problem
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            raise CorpusError(f'{file} is no evaluation data: every line must be {{"code": ...}}') from problem
        units = [unit for tree in trees for unit in find_units(tree)]
        digests += [syntax_digest(unit) for unit in units if unit.kind.is_function]
    return digests
