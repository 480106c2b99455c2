"""What the student learns from: functions as bags, and what the teacher says of them and of the questions for them.

In: a corpus and teachers. Out: :class:`StudentSet`. The teachers' vectors are kept on disk, so that a killed run does
not ask them twice. Each function is seen in two views, with its name and without; test packages are never read.
"""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from codekin_model.corpus.build import read_corpus
from codekin_model.corpus.function import CorpusFunction, has_query, is_named_well
from codekin_model.corpus.package_list import Split
from codekin_model.extracted import ExtractedUnit, extract
from codekin_model.extraction.passage import passage
from codekin_model.source.unit_tree import unit_tree
from codekin_model.training.asked_data import WAYS, ways
from codekin_model.training.machine import TrainingError
from codekin_model.training.student_config import StudentData
from codekin_model.training.student_teacher import StudentTeacher
from codekin_model.training.text_store import embed_all
from codekin_model.training.written_questions import check_fitting, read_questions
from codekin_model.vocab.bag_batch import BAG_PATHS, BagBatch, encode_bags, name_and_source_words
from codekin_model.vocab.vocabulary import Vocabulary
from codekin_model.vocab.word_parts import Reading, WordParts, taken_apart, vocabulary_with_parts

VIEWS = 2
"""A function with its name, and with its name masked."""
NO_QUESTION = -1
_MASKED = (False, True)
_RAREST = 5
_CHUNK = 4096


@dataclass(frozen=True)
class Answers:
    """What a teacher says: ``vectors`` (N, VIEWS, width) of views, ``questions`` (M, WAYS, width) of what is asked."""

    vectors: NDArray[np.float16]
    questions: NDArray[np.float16]


@dataclass(frozen=True)
class StudentSet:
    """Rows are functions; ``bags`` have a row a view, the views of a function together.

    ``taught`` is what the teacher says, ``others`` what further ones say, of any width. ``asked`` (N,) is the row of a
    function's questions, or :data:`NO_QUESTION`; the splits are rows too.
    """

    bags: BagBatch
    taught: Answers
    others: Sequence[Answers]
    asked: NDArray[np.int64]
    training: NDArray[np.int64]
    validation: NDArray[np.int64]


@dataclass(frozen=True)
class StudentUnits:
    """Chosen functions: their views one behind the other, their splits, and :data:`WAYS` to ask for each, or none."""

    views: Sequence[ExtractedUnit]
    splits: NDArray[np.str_]
    questions: Sequence[Sequence[str]]


def read_student_units(
    corpora: Sequence[Path], questions: Path | None, data: StudentData, *, paths: bool
) -> StudentUnits:
    """A seeded share of the training and validation splits of each corpus, training functions first.

    Path contexts are extracted only where they are read.

    Raises:
        CorpusError: there is no corpus.
        TrainingError: ``questions`` is no file of questions, or asks for none of the functions.
    """
    written = read_questions(questions) if questions else {}
    chosen = [_chosen(corpus, data, frozenset(written)) for corpus in corpora]
    if questions:
        check_fitting(questions, written, (function.unit.fingerprint for each in chosen for function in each.asked))
    draw = random.Random(data.seed)  # noqa: S311 - a sample of data, not a secret
    views, asked = list[ExtractedUnit](), list[Sequence[str]]()
    for each in chosen:
        shown = int(data.shown * len(each.asked))
        for at, function in enumerate([*each.asked, *each.silent]):
            views += _views(function, docstring=at < shown, paths=paths)
        asked += [*(ways(function, written, draw) for function in each.asked), *([] for _ in each.silent)]
    held_out = [function for each in chosen for function in each.held_out]
    views += [view for function in held_out for view in _views(function, docstring=False, paths=paths)]
    splits = np.array([Split.TRAIN.value] * len(asked) + [Split.VALIDATION.value] * len(held_out))
    return StudentUnits(views, splits, [*asked, *(ways(function, {}, draw) for function in held_out)])


@dataclass(frozen=True, slots=True)
class _Chosen:
    """Training functions that something asks for, others that are named well, held-out ones; each in a seeded order."""

    asked: Sequence[CorpusFunction]
    silent: Sequence[CorpusFunction]
    held_out: Sequence[CorpusFunction]


def _chosen(corpus: Path, data: StudentData, written: frozenset[str]) -> _Chosen:
    asked, silent, held_out = (list[CorpusFunction]() for _ in range(3))
    for split, function in read_corpus(corpus):
        if split is Split.VALIDATION and has_query(function):
            held_out.append(function)
        elif split is Split.TRAIN and (has_query(function) or function.unit.fingerprint in written):
            asked.append(function)
        elif split is Split.TRAIN and is_named_well(function):
            silent.append(function)
    bounds = ((asked, data.documented), (silent, data.undocumented), (held_out, data.held_out))
    return _Chosen(
        *(
            [each[at] for at in np.random.default_rng(data.seed).permutation(len(each))[:bound].tolist()]
            for each, bound in bounds
        )
    )


def _views(function: CorpusFunction, *, docstring: bool, paths: bool) -> list[ExtractedUnit]:
    """The visible view, with its docstring where that is asked for, and the masked one, always without."""
    unit = function.unit
    if paths:
        return [
            extract(unit, masked=masked, docstring=docstring and not masked, limits=BAG_PATHS) for masked in _MASKED
        ]
    tree = unit_tree(unit)
    passages = [passage(unit, masked=masked, docstring=docstring and not masked, tree=tree) for masked in _MASKED]
    return [ExtractedUnit(unit.fingerprint, text, (), masked) for text, masked in zip(passages, _MASKED, strict=True)]


def count_words(units: StudentUnits, words: int, parts: int) -> Vocabulary:
    """The words of the training functions and parts of rare ones; words of names say more, and count several times."""
    counts = Counter[str]()
    for unit, split in zip(units.views[::VIEWS], units.splits, strict=True):
        if split == Split.TRAIN.value:
            name, source = name_and_source_words(unit.passage)
            counts.update(name * 3 + source)
    return vocabulary_with_parts(counts, at_least=_RAREST, words=words, parts=parts)


@dataclass(frozen=True, slots=True)
class Encoding:
    """How bags are made: a vocabulary, buckets of contexts, the share of words that training reads in parts, a seed."""

    vocabulary: Vocabulary
    buckets: int
    apart: float
    seed: int


def teach(units: StudentUnits, encoding: Encoding, teachers: Sequence[StudentTeacher], cache: Path) -> StudentSet:
    """Ask the teachers, whose vectors are kept in ``cache``, and encode the bags.

    Raises:
        TrainingError: nothing can be asked for.
    """
    rows = [at for at, questions in enumerate(units.questions) if questions]
    if not rows:
        raise TrainingError("no function has a docstring or a question to search with: train on more code")
    asked = np.full(len(units.splits), NO_QUESTION, np.int64)
    asked[rows] = np.arange(len(rows))
    taught, *others = (_answers(units, rows, teacher, cache) for teacher in teachers)
    return StudentSet(
        bags=_bags(units, encoding),
        taught=taught,
        others=others,
        asked=asked,
        training=np.flatnonzero(units.splits == Split.TRAIN.value),
        validation=np.flatnonzero((units.splits == Split.VALIDATION.value) & (asked != NO_QUESTION)),
    )


def _answers(units: StudentUnits, rows: Sequence[int], teacher: StudentTeacher, cache: Path) -> Answers:
    """``rows`` are the functions that are asked for."""
    texts = [text for row in rows for text in units.questions[row]]
    vectors = embed_all([view.passage for view in units.views], teacher.code, teacher.fingerprint, cache, "function")
    questions = embed_all(texts, teacher.queries, teacher.fingerprint, cache, "question")
    return Answers(
        vectors=vectors.reshape(-1, VIEWS, vectors.shape[1]),
        questions=questions.reshape(-1, WAYS, questions.shape[1]),
    )


def _bags(units: StudentUnits, encoding: Encoding) -> BagBatch:
    """Training rows come first; held-out ones are read as any user's code is."""
    words = WordParts(encoding.vocabulary)
    learnt = VIEWS * int((units.splits == Split.TRAIN.value).sum())
    read = taken_apart(words, encoding.apart, random.Random(encoding.seed))  # noqa: S311 - no secret
    parts = [
        *_encoded(units.views[:learnt], read, encoding.buckets),
        *_encoded(units.views[learnt:], words.ids_of, encoding.buckets),
    ]
    names, sources, contexts = zip(*((part.names, part.words, part.contexts) for part in parts), strict=True)
    return BagBatch(np.concatenate(names), np.concatenate(sources), np.concatenate(contexts))


def _encoded(views: Sequence[ExtractedUnit], read: Reading, buckets: int) -> list[BagBatch]:
    return [encode_bags(views[at : at + _CHUNK], read, buckets) for at in range(0, len(views), _CHUNK)]
