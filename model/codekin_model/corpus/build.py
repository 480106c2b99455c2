"""Building a corpus: wheels of pinned packages and a user's own folders -> functions, twins removed, split by package.

In: a package list, local folders, a folder to cache wheels in. Out: the files of a corpus, whose manifest holds what a
rebuild needs, and counts and hashes by which it can be checked. Held-out packages are read first, so that a twin is
dropped from training, never the other way round.
"""

import json
import multiprocessing
import os
import random
import signal
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from hashlib import blake2b, sha256
from pathlib import Path

from codekin_model.corpus.duplicate import Signs, Twins, signs_of, syntax_digest
from codekin_model.corpus.files import CorpusError, CorpusWriter, read_corpus, read_manifest
from codekin_model.corpus.function import CorpusFunction, functions_of, has_query
from codekin_model.corpus.package_list import Package, Split
from codekin_model.corpus.wheel import fetch_source
from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.units import find_units

_SEED = 17
_HELD_OUT_FIRST = {Split.TEST: 0, Split.VALIDATION: 1, Split.TRAIN: 2}
_PROCESSES = 2
_TENTH = 10
_LOCAL_LICENCE = "the user's own"


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
    """``cap`` bounds the functions of one package; ``excluded`` are files of evaluation data to keep out.

    ``beside`` is another corpus, to be read together with this one: twins of what it holds out are left out as well.
    """

    cap: int
    cache: Path
    excluded: Sequence[Path] = ()
    beside: Path | None = None


def build(packages: Sequence[Package], folders: Sequence[Path], out: Path, options: BuildOptions) -> dict[str, object]:
    """Write the corpus below ``out`` and return its manifest.

    Local ``folders`` are trained on; where there are no packages beside them, some of their files are held out.

    Raises:
        CorpusError: a folder is none, nothing to read was named, ``beside`` holds no corpus, a file of evaluation data
            is none, or no function was found.
        FetchError: pip could not bring a package, or its wheel is damaged.
    """
    twins, counts, skipped = _held_out(options), Counter[str](), Counter[str]()
    sources = _sources(packages, folders, options.cache)
    made_of = _made_of(packages, folders, options)
    with CorpusWriter(out) as writer, ProcessPoolExecutor(_PROCESSES, initializer=_depend_on_first) as pool:
        for source, read in zip(sources, pool.map(_read, sources), strict=True):
            skipped.update(read.skipped)
            writer.mark(read.marked)
            kept = _capped(list(_distinct(read.found, twins, skipped)), options.cap)
            for function in kept:
                split = source.split or _split_of_file(function.path)
                writer.write(function, split, source.licence)
                counts[f"{split} functions"] += 1
                counts[f"{split} documented"] += has_query(function)
            counts[f"package {source.name}"] += len(kept)
            sys.stderr.write(f"{source.name}: {len(kept)} of {len(read.found)}\n")
        if not any(counts.values()):
            raise CorpusError(_nothing_found(sources, skipped))
        summary = {"counts": dict(sorted(counts.items())), "skipped": dict(sorted(skipped.items()))}
        return writer.finish({"cap": options.cap, "seed": _SEED, "made_of": made_of, **summary})


def _made_of(packages: Sequence[Package], folders: Sequence[Path], options: BuildOptions) -> dict[str, object]:
    """What a rebuild needs beside the cap: what was read, and what was kept out, with hashes of files."""
    pinned: dict[str, dict[str, str]] = {}
    for each in sorted(packages, key=lambda package: package.name):
        pinned.setdefault(each.split, {})[each.name] = each.version
    beside = None
    if options.beside is not None:
        manifest = read_manifest(options.beside)
        beside = {"folder": str(options.beside), "sha256": manifest.sha256 if manifest else None}
    return {
        "packages": pinned,
        "folders": [str(folder) for folder in folders],
        "exclude": {str(file): sha256(file.read_bytes()).hexdigest() for file in options.excluded},
        "beside": beside,
    }


def _nothing_found(sources: Sequence[_Source], skipped: Counter[str]) -> str:
    left_out = ", ".join(f"{count:,} {what}" for what, count in sorted(skipped.items())) or "nothing"
    places = ", ".join(str(source.folder) for source in sources)
    return f"no function was found in the .py files below {places}; left out: {left_out}"


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
    twins = Twins(excluded_digests(options.excluded))
    for split, function in read_corpus(options.beside) if options.beside else ():
        if split is not Split.TRAIN:
            twins.is_twin(signs_of(function.unit))
    return twins


def _depend_on_first() -> None:
    """Ctrl-C is the first process' to handle: it ends the others, as they end when it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_first, name="end-with-first", daemon=True).start()


def _end_with_first() -> None:
    first = multiprocessing.parent_process()
    if first is not None:
        first.join()
        os._exit(1)


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
