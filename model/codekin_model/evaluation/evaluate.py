"""Everything that is measured of one system: what ``codekin evaluate`` does.

In: a checkpoint, a corpus, and what else there is to measure on. Out: a result file. Which evaluations are made depends
on what the system can do: search, find similar functions, name, summarise.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from codekin_model.corpus.build import MANIFEST
from codekin_model.corpus.function import CorpusFunction
from codekin_model.corpus.package_list import Split
from codekin_model.evaluation import human_queries, naming, search, similar, summaries
from codekin_model.evaluation.bm25 import Bm25
from codekin_model.evaluation.figures import Figures, measured, measures_of
from codekin_model.evaluation.held_out import HeldOut, read_held_out, sample
from codekin_model.evaluation.kin import Pair, read_pairs
from codekin_model.evaluation.loaders import load_system
from codekin_model.evaluation.rank_fusion import RankFusion
from codekin_model.evaluation.results import Result, evaluated, write_result
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
    ``only`` are the sections that are measured.
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
    only: Collection[Section] = EVERYTHING


def evaluate_checkpoint(checkpoint: str | Path, corpus: Path, options: Options | None = None) -> Path:
    """Measure ``checkpoint`` (a folder, or one of :data:`loaders.BASELINES`) and write its result; gives its path.

    Raises:
        CheckpointError: the checkpoint cannot be loaded.
        CorpusError: there is no corpus.
        EvaluationError: the corpus, the pairs or the queries give nothing to measure on.
    """
    options = options or Options()
    loaded = load_system(checkpoint, options.threads, options.frozen, options.features)
    vectors = _vectors(loaded.system, options)
    material = read_material(corpus, options)
    found = list(_reported(evaluations(loaded.system, material, vectors, options.only)))
    if not found:
        raise EvaluationError(
            f"{checkpoint} can do nothing that is measured here ({', '.join(sorted(options.only))}): "
            "measure another section, or all"
        )
    result = Result(
        system=options.name or loaded.name,
        kind=loaded.kind,
        seed=loaded.seed if options.seed is None else options.seed,
        commit=_commit(),
        command=options.command or " ".join([Path(sys.argv[0]).name, *sys.argv[1:]]),
        corpus=_corpus_hash(corpus),
        evaluations={figures.title: evaluated(figures) for figures in found},
        speed=_speed(_unread(checkpoint, options), material.held_out.functions, options.threads),
    )
    return write_result(result, options.out)


def read_material(corpus: Path, options: Options) -> Material:
    """Read what all systems are measured on.

    Raises:
        CorpusError: there is no corpus.
        EvaluationError: it holds no such split, or the pairs or queries cannot be read.
    """
    pairs = read_pairs(options.pairs) if options.pairs else ()
    human = None if options.human is None else human_queries.read_human_queries(options.human, options.limit)
    named = {address for pair in pairs for address in (pair.a, pair.b)}
    return Material(read_held_out(corpus, options.split, named), pairs, human, options.limit)


def evaluations(
    system: object,
    material: Material,
    vectors: VectorSystem | None = None,
    only: Collection[Section] = EVERYTHING,
) -> Iterator[Figures]:
    """Every evaluation that ``system`` can take part in; ``vectors`` find the neighbours that lend their names."""
    functions = material.held_out.functions
    if isinstance(system, SearchSystem):
        if Section.SEARCH in only:
            yield from search.search_held_out(system, functions, material.limit or search.QUERIES)
        if Section.HUMAN in only and material.human is not None:
            yield human_queries.search_human_queries(system, material.human)
    if isinstance(system, SimilaritySystem) and Section.SIMILAR in only:
        yield from similar.find_originals(system, functions, material.limit or similar.COPIES)
        if material.pairs:
            yield from similar.find_kin(system, functions, material.pairs, material.held_out.named, material.limit)
    if isinstance(system, NamingSystem) and Section.NAMES in only:
        yield from naming.name_held_out(system, functions, vectors, material.limit)
    if isinstance(system, SummarySystem) and Section.SUMMARIES in only:
        yield summaries.summarise_held_out(system, functions, material.limit or summaries.FUNCTIONS)


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


def _reported(found: Iterator[Figures]) -> Iterator[Figures]:
    """The same, a line on standard error for each: an evaluation of a whole system takes a while."""
    for figures in found:
        first = measures_of(figures)[0]
        sys.stderr.write(f"{figures.title}: {first.name} {measured(figures, first)}, {len(figures):,} cases\n")
        yield figures


def _corpus_hash(corpus: Path) -> str:
    """Of the corpus' manifest; empty where it has none."""
    path = corpus / MANIFEST
    return str(json.loads(path.read_text(encoding="utf-8")).get("sha256", "")) if path.is_file() else ""


def _commit() -> str:
    """The commit that is checked out where this module stands; empty where it is installed from a wheel."""
    git = shutil.which("git")
    if git is None:
        return ""
    command = [git, "-C", str(Path(__file__).parent), "describe", "--always", "--dirty", "--exclude=*"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
