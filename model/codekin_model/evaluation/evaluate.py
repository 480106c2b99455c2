"""Everything that is measured of one system: what ``codekin evaluate`` does.

In: a checkpoint, a corpus, and what else there is to measure on. Out: a result file. Which evaluations are made depends
on what the system can do (search, find similar functions, name, summarise) and on what there is in the corpus.
"""

import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from codekin_model.corpus.files import read_manifest
from codekin_model.corpus.function import CorpusFunction
from codekin_model.corpus.package_list import Split
from codekin_model.evaluation import human_queries, naming, search, similar, summaries
from codekin_model.evaluation.bm25 import Bm25
from codekin_model.evaluation.figures import Figures, measured, measures_of
from codekin_model.evaluation.held_out import HeldOut, read_held_out, sample
from codekin_model.evaluation.kin import Pair, read_pairs
from codekin_model.evaluation.loaders import load_system
from codekin_model.evaluation.rank_fusion import RankFusion
from codekin_model.evaluation.results import Result, check_folder, evaluated, write_result
from codekin_model.evaluation.speed import SAMPLE, Encode, Speed, measure_speed
from codekin_model.evaluation.system import (
    EvaluationError,
    NamingSystem,
    SearchSystem,
    SimilaritySystem,
    SummarySystem,
    VectorSystem,
)

RESULTS = Path("runs/results")


class Section(StrEnum):
    """What is measured, as a report is divided."""

    SEARCH = "search"
    HUMAN = "human queries"
    SIMILAR = "similar"
    NAMES = "names"
    SUMMARIES = "summaries"


EVERYTHING = frozenset(Section)

Measuring = Callable[[], Iterable[Figures]]
"""Makes evaluations of one section; an :class:`EvaluationError` says that there is nothing to make them on."""


@dataclass(frozen=True, slots=True)
class Material:
    """What systems are measured on; as in :class:`Options`."""

    held_out: HeldOut
    pairs: tuple[Pair, ...] = ()
    human: human_queries.HumanQueries | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """How a system is measured, beside what and on which corpus.

    ``human`` is a folder of queries that people typed, ``pairs`` a file of functions of the same purpose, ``out`` the
    folder of results. ``limit`` bounds the cases of each evaluation, never the candidates. ``name`` and ``seed``
    replace what the checkpoint says. ``frozen`` is the language model of the baselines that need one; ``neighbours``
    the checkpoint whose vectors find neighbours for a system that names functions and has no vectors of its own.
    ``only`` are the sections that must be measured; None for all for which there is something to measure on.
    """

    human: Path | None = None
    pairs: Path | None = None
    out: Path = RESULTS
    limit: int | None = None
    split: Split = Split.TEST
    threads: int = 1
    name: str | None = None
    seed: int | None = None
    frozen: str | Path | None = None
    neighbours: str | Path | None = None
    features: Path | None = None
    command: str | None = None
    only: Collection[Section] | None = None


def evaluate_checkpoint(checkpoint: str | Path, corpus: Path, options: Options | None = None) -> Path:
    """Measure ``checkpoint`` (a folder, or one of :data:`loaders.BASELINES`) and write its result; gives its path.

    A section that there is nothing to measure on is passed over, with a line on standard error. Where it was asked for,
    the error comes after the others were measured and written.

    Raises:
        CheckpointError: the checkpoint cannot be loaded.
        CorpusError: there is no corpus, or a damaged one.
        EvaluationError: the corpus, the pairs or the queries give nothing to measure on, or results cannot be kept.
    """
    options = options or Options()
    check_folder(options.out)
    loaded = load_system(checkpoint, options.threads, options.frozen, options.features)
    vectors = _vectors(loaded.system, options)
    material = read_material(corpus, options)
    manifest = read_manifest(corpus)
    only = EVERYTHING if options.only is None else options.only
    found, lacking = measured_sections(evaluations(loaded.system, material, vectors, only))
    if not found:
        nothing = f"{checkpoint} can do nothing that is measured here ({', '.join(sorted(only))})"
        raise EvaluationError("; ".join(lacking) or f"{nothing}: measure another section, or all")
    result = Result(
        system=options.name or loaded.name,
        kind=loaded.kind,
        seed=loaded.seed if options.seed is None else options.seed,
        commit=_commit(),
        command=options.command or shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]]),
        corpus=manifest.sha256 if manifest else "",
        evaluations={figures.title: evaluated(figures) for figures in found},
        speed=_speed(_unread(checkpoint, options), material.held_out.functions, options.threads),
    )
    path = write_result(result, options.out)
    if lacking and options.only is not None:
        raise EvaluationError(f"{'; '.join(lacking)} (what else was measured is in {path})")
    for reason in lacking:
        sys.stderr.write(f"not measured: {reason}\n")
    return path


def read_material(corpus: Path, options: Options) -> Material:
    """Read what all systems are measured on.

    Raises:
        CorpusError: there is no corpus, or a damaged one.
        EvaluationError: it holds no such split, or the pairs or queries cannot be read or were not named.
    """
    if options.only is not None and Section.HUMAN in options.only and options.human is None:
        raise EvaluationError(f"{Section.HUMAN} are to be measured: name the folder that holds them (--human)")
    pairs = read_pairs(options.pairs) if options.pairs else ()
    human = None if options.human is None else human_queries.read_human_queries(options.human, options.limit)
    named = {address for pair in pairs for address in (pair.a, pair.b)}
    return Material(read_held_out(corpus, options.split, named), pairs, human, options.limit)


def evaluations(
    system: object,
    material: Material,
    vectors: VectorSystem | None = None,
    only: Collection[Section] = EVERYTHING,
) -> Iterator[tuple[Section, Measuring]]:
    """Every evaluation that ``system`` can take part in; ``vectors`` find the neighbours that lend their names."""
    functions, limit = material.held_out.functions, material.limit
    if isinstance(system, SearchSystem):
        if Section.SEARCH in only:
            yield Section.SEARCH, lambda: search.search_held_out(system, functions, limit or search.QUERIES)
        human = material.human
        if Section.HUMAN in only and human is not None:
            yield Section.HUMAN, lambda: [human_queries.search_human_queries(system, human)]
    if isinstance(system, SimilaritySystem) and Section.SIMILAR in only:
        yield Section.SIMILAR, lambda: similar.find_originals(system, functions, limit or similar.COPIES)
        pairs, named = material.pairs, material.held_out.named
        if pairs:
            yield Section.SIMILAR, lambda: similar.find_kin(system, functions, pairs, named, limit)
    if isinstance(system, NamingSystem) and Section.NAMES in only:
        yield Section.NAMES, lambda: naming.name_held_out(system, functions, vectors, limit)
    if isinstance(system, SummarySystem) and Section.SUMMARIES in only:
        count = limit or summaries.FUNCTIONS
        yield Section.SUMMARIES, lambda: summaries.summarise_held_out(system, functions, vectors, count)


def measured_sections(measurings: Iterable[tuple[Section, Measuring]]) -> tuple[list[Figures], list[str]]:
    """What was found, and why of some there is nothing; a line on standard error for each evaluation, which is long."""
    found: list[Figures] = []
    lacking: list[str] = []
    for section, measuring in measurings:
        try:
            for figures in measuring():
                found.append(figures)
                first = measures_of(figures)[0]
                told = f"{first.name} {measured(figures, first)}, {len(figures):,} cases"
                sys.stderr.write(f"{figures.title}: {told}\n")
        except EvaluationError as problem:
            lacking.append(f"{section}: {problem}")
    return found, lacking


def _vectors(system: object, options: Options) -> VectorSystem | None:
    """The system's own, or those of the checkpoint that was named for it."""
    if isinstance(system, VectorSystem):
        return system
    if options.neighbours is None:
        return None
    other = load_system(options.neighbours, options.threads, options.frozen, options.features).system
    if not isinstance(other, VectorSystem):
        raise EvaluationError(f"{options.neighbours} has no vectors to find neighbours by: name a system of vectors")
    return other


def _unread(checkpoint: str | Path, options: Options) -> object:
    """The system anew, which has read nothing yet: it is timed."""
    return load_system(checkpoint, options.threads, options.frozen).system


def _speed(system: object, functions: Sequence[CorpusFunction], threads: int) -> Speed | None:
    encode = _encode(system)
    if encode is None:
        return None
    some = [functions[at] for at in sample(range(len(functions)), SAMPLE)]
    return measure_speed(encode, some, threads)


def _encode(system: object) -> Encode | None:
    """What a system does to each function of a code base before it is asked anything, or to answer."""
    match system:
        case RankFusion(parts=(first, second)):
            parts = [each for each in (_encode(first), _encode(second)) if each is not None]
            return lambda functions: [encode(functions) for encode in parts]
        case Bm25():
            return system.encode
        case VectorSystem():
            return lambda functions: system.code(functions, masked=False)
        case NamingSystem():
            return lambda functions: system.names(functions, naming.OFFERED)
        case SummarySystem():
            return system.summaries
        case _:
            return None


def _commit() -> str:
    """The commit that is checked out where this module stands; empty where it is installed from a wheel."""
    git = shutil.which("git")
    if git is None:
        return ""
    command = [git, "-C", str(Path(__file__).parent), "describe", "--always", "--dirty", "--exclude=*"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
