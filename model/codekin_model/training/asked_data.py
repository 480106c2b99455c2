"""Functions that something asks for, and the vectors that they are asked for with.

In: corpora, questions, and what embeds texts. Out: :class:`AskedTexts` and :class:`AskedVectors`. Vectors are kept on
disk, so that a killed run does not compute them twice. Docstrings are in no function; test packages are never read.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from codekin_model.corpus.build import read_corpus
from codekin_model.corpus.function import CorpusFunction, has_query
from codekin_model.corpus.package_list import Split
from codekin_model.embedder import Vectors
from codekin_model.extraction.passage import passage
from codekin_model.source.unit_tree import unit_tree
from codekin_model.training.asked_config import AskedData
from codekin_model.training.machine import TrainingError
from codekin_model.training.question_style import ask, plain_sentence
from codekin_model.training.text_store import embed_all
from codekin_model.training.written_questions import check_fitting, read_questions

WAYS = 3
"""Texts that ask for a function: its docstring's sentence, the same as people type it, a question written for it."""
VIEWS = 2
"""Visible and masked."""
Half = NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class AskedTexts:
    """Functions, the first ``training`` of them to learn from, and for each :data:`WAYS` texts that ask for it."""

    functions: Sequence[CorpusFunction]
    training: int
    texts: Sequence[str]

    def passages(self) -> list[str]:
        """Of each function its visible and its masked one."""
        return [_passage(each, masked=masked) for each in self.functions for masked in (False, True)]


@dataclass(frozen=True, slots=True)
class AskedVectors:
    """Rows are functions: ``questions`` is (N, WAYS, width); ``training`` and ``validation`` are rows."""

    questions: Half
    training: NDArray[np.int64]
    validation: NDArray[np.int64]


def choose_asked(corpora: Sequence[Path], questions: Path | None, data: AskedData) -> AskedTexts:
    """Choose functions that something asks for.

    Raises:
        CorpusError: there is no corpus.
        TrainingError: nothing to train or to validate with can be asked for, ``questions`` is no file of questions, or
            asks for none of the functions.
    """
    written = read_questions(questions) if questions else {}
    training, held_out = _chosen(corpora, data, written)
    if questions:
        check_fitting(questions, written, (each.unit.fingerprint for each in training))
    if not training or not held_out:
        raise TrainingError("too few functions have a docstring to search with: train on more code")
    functions = [*training, *held_out]
    draw = random.Random(data.seed)  # noqa: S311 - a sample of data, not a secret
    return AskedTexts(functions, len(training), [text for each in functions for text in ways(each, written, draw)])


def embed_asked(
    asked: AskedTexts, embed: Callable[[Sequence[str]], Vectors], fingerprint: str, cache: Path
) -> AskedVectors:
    """The vectors under ``embed`` of what asks for the functions, kept in ``cache`` by ``fingerprint``."""
    count = len(asked.functions)
    vectors = in_rows(embed_all(asked.texts, embed, fingerprint, cache, "question"), WAYS)
    return AskedVectors(vectors, np.arange(asked.training), np.arange(asked.training, count))


def ways(function: CorpusFunction, written: Mapping[str, Sequence[str]], draw: random.Random) -> list[str]:
    """:data:`WAYS` texts that ask for ``function``, the plainest first."""
    questions = list(written.get(function.unit.fingerprint, ()))
    if not has_query(function):
        return [questions[0], draw.choice(questions), draw.choice(questions)]
    sentence = function.summary or ""
    return [
        plain_sentence(sentence),
        ask(sentence, draw),
        draw.choice(questions) if questions else ask(sentence, draw),
    ]


def _chosen(
    corpora: Sequence[Path], data: AskedData, written: Mapping[str, Sequence[str]]
) -> tuple[list[CorpusFunction], list[CorpusFunction]]:
    training: list[CorpusFunction] = []
    held_out: list[CorpusFunction] = []
    for split, function in chain.from_iterable(map(read_corpus, corpora)):
        if split is Split.TRAIN and (has_query(function) or function.unit.fingerprint in written):
            training.append(function)
        elif split is Split.VALIDATION and has_query(function):
            held_out.append(function)
    return _sample(training, data.functions, data.seed), _sample(held_out, data.held_out, data.seed)


def _sample(functions: Sequence[CorpusFunction], bound: int, seed: int) -> list[CorpusFunction]:
    order: list[int] = np.random.default_rng(seed).permutation(len(functions))[:bound].tolist()
    return [functions[at] for at in order]


def _passage(function: CorpusFunction, *, masked: bool) -> str:
    return passage(function.unit, masked=masked, docstring=False, tree=unit_tree(function.unit))


def in_rows(vectors: Half, each: int) -> Half:
    """Shape (texts, width) -> (functions, each, width)."""
    return vectors.reshape(-1, each, vectors.shape[1])
