"""What the blend is trained on: vectors of functions as the model folder gives them, and of what is asked for them.

In: a corpus and a loaded model. Out: :class:`BlendSet`. Vectors are kept on disk, so that a killed run does not compute
them twice. Docstrings are in no function; test packages are never read.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from codekin_model.corpus.build import read_corpus
from codekin_model.corpus.function import CorpusFunction, has_query
from codekin_model.corpus.package_list import Split
from codekin_model.embedder import Vectors
from codekin_model.extraction.passage import passage
from codekin_model.source.unit_tree import unit_tree
from codekin_model.training.blend_config import BlendData
from codekin_model.training.machine import TrainingError
from codekin_model.training.question_style import ask, plain_sentence
from codekin_model.training.teacher_data import read_questions
from codekin_model.training.text_store import embed_all

WAYS = 3
"""Texts that ask for a function: its docstring's sentence, the same as people type it, a question written for it."""
Half = NDArray[np.float16]


class Reader(Protocol):
    """What reads texts, and what reads the words of passages, into one space."""

    def embed_queries(self, queries: Sequence[str]) -> Vectors:
        """The language model's vectors of texts."""
        ...

    def embed_words(self, passages: Sequence[str]) -> Vectors:
        """The student's vectors of passages, by their words alone."""
        ...


@dataclass(frozen=True)
class BlendSet:
    """Rows are functions. ``text`` and ``words`` hold for each its visible and its masked view: (N, 2, width).

    ``asked`` is (N, WAYS, width); ``training`` and ``validation`` are rows.
    """

    text: Half
    words: Half
    asked: Half
    training: NDArray[np.int64]
    validation: NDArray[np.int64]


def load_blend_set(corpus: Path, questions: Path | None, data: BlendData, reader: Reader, cache: Path) -> BlendSet:
    """Choose functions that something asks for, and embed them; vectors are kept in ``cache``.

    Raises:
        CorpusError: there is no corpus.
        TrainingError: nothing to train or to validate with can be asked for.
    """
    written = read_questions(questions) if questions else {}
    training, held_out = _chosen(corpus, data, written)
    if not training or not held_out:
        raise TrainingError("too few functions have a docstring to search with: train on more code")
    functions = [*training, *held_out]
    views = [text for each in functions for text in (_passage(each, masked=False), _passage(each, masked=True))]
    draw = random.Random(data.seed)  # noqa: S311 - a sample of data, not a secret
    texts = [text for each in functions for text in ways(each, written, draw)]
    return BlendSet(
        text=_in_rows(embed_all(views, reader.embed_queries, cache, "passage"), 2),
        words=_in_rows(embed_all(views, reader.embed_words, cache, "words"), 2),
        asked=_in_rows(embed_all(texts, reader.embed_queries, cache, "question"), WAYS),
        training=np.arange(len(training)),
        validation=np.arange(len(training), len(functions)),
    )


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
    corpus: Path, data: BlendData, written: Mapping[str, Sequence[str]]
) -> tuple[list[CorpusFunction], list[CorpusFunction]]:
    training: list[CorpusFunction] = []
    held_out: list[CorpusFunction] = []
    for split, function in read_corpus(corpus):
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


def _in_rows(vectors: Half, each: int) -> Half:
    return vectors.reshape(-1, each, vectors.shape[1])
