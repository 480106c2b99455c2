"""What the student learns from: functions as bags, and what the teacher says of them and of the questions for them.

In: a corpus and a teacher. Out: :class:`StudentSet`. The teacher's vectors are kept on disk, so that a killed run does
not ask it twice. Each function is seen in one view: with its docstring where it has one, half of the time.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from codekin_model.corpus.build import read_corpus
from codekin_model.corpus.function import CorpusFunction, has_query, is_named_well
from codekin_model.corpus.package_list import Split
from codekin_model.embedder import Vectors
from codekin_model.extracted import ExtractedUnit, extract
from codekin_model.training.machine import TrainingError
from codekin_model.training.question_style import plain_sentence
from codekin_model.training.student_config import StudentData
from codekin_model.training.teacher_data import read_questions
from codekin_model.training.text_store import embed_all
from codekin_model.vocab.bag_batch import BAG_PATHS, BagBatch, encode_bags, name_and_source_words
from codekin_model.vocab.vocabulary import Vocabulary, vocabulary_of

Embed = Callable[[Sequence[str]], Vectors]
_RAREST = 5
_CHUNK = 4096
NO_QUESTION = -1


@dataclass(frozen=True)
class StudentSet:
    """Rows are functions: ``bags``, the teacher's ``vectors`` (N, width) and one of its ``questions`` (M, width).

    ``asked`` (N,) is the row of a function's question, or :data:`NO_QUESTION`; ``training`` and ``validation`` hold
    rows of functions.
    """

    bags: BagBatch
    vectors: NDArray[np.float16]
    questions: NDArray[np.float16]
    asked: NDArray[np.int64]
    training: NDArray[np.int64]
    validation: NDArray[np.int64]


@dataclass(frozen=True)
class StudentUnits:
    """Chosen functions as extracted units, with their splits and what is asked for them (``""`` for nothing)."""

    units: Sequence[ExtractedUnit]
    splits: NDArray[np.str_]
    questions: Sequence[str]


def read_student_units(corpus: Path, questions: Path | None, data: StudentData) -> StudentUnits:
    """A seeded share of each package of the training and validation splits."""
    written = read_questions(questions) if questions else {}
    chosen = _chosen(corpus, data, written)
    draw = np.random.default_rng(data.seed)
    shown = draw.random(len(chosen)) < 1 / 2
    units = [
        extract(each.unit, docstring=bool(show) and split is Split.TRAIN, limits=BAG_PATHS)
        for (split, each), show in zip(chosen, shown, strict=True)
    ]
    asked = [_question(each, written, draw) for _, each in chosen]
    return StudentUnits(units, np.array([split.value for split, _ in chosen]), asked)


def _chosen(
    corpus: Path, data: StudentData, written: Mapping[str, Sequence[str]]
) -> list[tuple[Split, CorpusFunction]]:
    groups = defaultdict[tuple[Split, str, bool], list[CorpusFunction]](list)
    for split, function in read_corpus(corpus):
        if split is not Split.TEST and (has_query(function) or is_named_well(function)):
            asked = has_query(function) or function.unit.fingerprint in written
            groups[split, function.package, asked].append(function)
    chosen: list[tuple[Split, CorpusFunction]] = []
    for (split, _, asked), functions in groups.items():
        if split is Split.TRAIN:
            bound = data.documented if asked else data.undocumented
        else:
            bound = data.held_out if asked else 0
        order: list[int] = np.random.default_rng(data.seed).permutation(len(functions))[:bound].tolist()
        chosen += [(split, functions[at]) for at in order]
    return chosen


def _question(function: CorpusFunction, written: Mapping[str, Sequence[str]], draw: np.random.Generator) -> str:
    found = written.get(function.unit.fingerprint)
    if found:
        return found[int(draw.integers(len(found)))]
    return plain_sentence(function.summary or "") if has_query(function) else ""


def count_words(units: StudentUnits, at_most: int) -> Vocabulary:
    """The words of the training functions; those of names count several times, since they say more."""
    counts = Counter[str]()
    for unit, split in zip(units.units, units.splits, strict=True):
        if split == Split.TRAIN.value:
            name, source = name_and_source_words(unit.passage)
            counts.update(name * 3 + source)
    return vocabulary_of(counts, at_least=_RAREST, at_most=at_most)


def teach(units: StudentUnits, vocabulary: Vocabulary, buckets: int, embed: Embed, cache: Path) -> StudentSet:
    """Ask the teacher, whose vectors are kept in ``cache``, and encode the bags.

    Raises:
        TrainingError: nothing can be asked for.
    """
    rows = [at for at, question in enumerate(units.questions) if question]
    if not rows:
        raise TrainingError("no function has a docstring or a question to search with: train on more code")
    asked = np.full(len(units.units), NO_QUESTION, np.int64)
    asked[rows] = np.arange(len(rows))
    return StudentSet(
        bags=_bags(units.units, vocabulary, buckets),
        vectors=embed_all([unit.passage for unit in units.units], embed, cache, "function"),
        questions=embed_all([units.questions[row] for row in rows], embed, cache, "question"),
        asked=asked,
        training=np.flatnonzero(units.splits == Split.TRAIN.value),
        validation=np.flatnonzero((units.splits == Split.VALIDATION.value) & (asked != NO_QUESTION)),
    )


def _bags(units: Sequence[ExtractedUnit], vocabulary: Vocabulary, buckets: int) -> BagBatch:
    parts = [encode_bags(units[at : at + _CHUNK], vocabulary, buckets) for at in range(0, len(units), _CHUNK)]
    names, words, contexts = zip(*((part.names, part.words, part.contexts) for part in parts), strict=True)
    return BagBatch(np.concatenate(names), np.concatenate(words), np.concatenate(contexts))
