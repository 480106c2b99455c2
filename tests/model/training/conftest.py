"""A language model that only counts words, what is loaded with it, and a teacher after two steps."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import pytest

WIDTH = 16


def embed_words(texts):
    """The sum of a random vector for each word, of length 1."""
    words = [text.lower().replace("_", " ").split() or [""] for text in texts]
    vectors = np.array([np.sum([word_vector(word) for word in each], axis=0) for each in words], np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@cache
def word_vector(word):
    return np.random.default_rng(crc32(word.encode())).normal(size=WIDTH)


@dataclass(frozen=True)
class WordModel:
    def embed(self, texts):
        return embed_words(texts)


@pytest.fixture(scope="session")
def embed():
    return embed_words


@pytest.fixture(scope="session")
def frozen():
    """The counting model, as a loaded language model."""
    pytest.importorskip("torch")
    from codekin_model.torch_runtime.frozen_model import FrozenModel  # noqa: PLC0415 - needs an extra

    return FrozenModel(WordModel(), WIDTH, "words")


@pytest.fixture
def _word_model(frozen, monkeypatch):
    """The counting model wherever a configuration names the shipped one."""
    for module in ("train_search", "search_system"):
        monkeypatch.setattr(f"codekin_model.training.{module}.load_frozen_model", lambda config, threads: frozen)


@dataclass(frozen=True)
class TeacherRun:
    """A teacher after two tiny steps, and what it was trained with."""

    folder: Path
    config: Any
    corpus: Path


@pytest.fixture(scope="session")
def functions(corpus):
    """Those of the packages that nothing was trained on."""
    pytest.importorskip("datasketch")
    from codekin_model.corpus.build import read_corpus  # noqa: PLC0415 - needs an extra
    from codekin_model.corpus.package_list import Split  # noqa: PLC0415

    return [function for split, function in read_corpus(corpus) if split is Split.TEST]


@pytest.fixture(scope="session")
def teacher_run(bert, corpus, tmp_path_factory):
    pytest.importorskip("datasketch")
    from codekin_model.training.start import start  # noqa: PLC0415 - needs an extra
    from codekin_model.training.teacher_config import TeacherConfig, TeacherSizes, TeacherTraining  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("teacher")
    training = TeacherTraining(steps=2, described=4, questioned=0, named=2, learning_rate=1e-3)
    config = TeacherConfig(str(bert), data=TeacherSizes(tokens=40, words=50), training=training)
    start(config, corpus, folder)
    return TeacherRun(folder, config, corpus)
