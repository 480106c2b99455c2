"""What the blend reads of functions: both readers' vectors of both views."""

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("datasketch")

from codekin_model.training.asked_config import AskedData
from codekin_model.training.asked_data import VIEWS, WAYS
from codekin_model.training.blend_data import load_blend_set

FUNCTIONS = 56
"""Documented ones of the tiny corpus to train and to validate with."""


class Reader:
    """Remembers what it was asked to read."""

    def __init__(self, embed, fingerprint="words") -> None:
        self._embed = embed
        self.fingerprint = fingerprint
        self.texts: list[str] = []
        self.passages: list[str] = []

    def embed_texts(self, texts):
        self.texts += texts
        return self._embed(texts)

    def embed_words(self, passages):
        self.passages += passages
        return self._embed(passages)


@pytest.fixture
def reader(embed):
    return Reader(embed)


def test_every_function_has_vectors_of_both_views(corpus, reader, embed, tmp_path):
    data = load_blend_set(corpus, None, AskedData(), reader, tmp_path)
    assert data.text.shape[:2] == data.words.shape[:2] == (FUNCTIONS, VIEWS)
    assert data.asked.questions.shape[:2] == (FUNCTIONS, WAYS)
    assert np.array_equal(data.words[:, 1], embed(reader.passages[1::2]).astype(np.float16))
    assert np.array_equal(data.text[:, 0], embed(reader.passages[::2]).astype(np.float16))


def test_what_was_embedded_once_is_kept(corpus, reader, embed, tmp_path):
    first = load_blend_set(corpus, None, AskedData(), reader, tmp_path)
    again = Reader(embed)
    second = load_blend_set(corpus, None, AskedData(), again, tmp_path)
    assert again.texts == again.passages == []
    assert np.array_equal(first.words, second.words)


def test_another_model_reads_everything_anew(corpus, reader, embed, tmp_path):
    load_blend_set(corpus, None, AskedData(), reader, tmp_path)
    other = Reader(lambda texts: embed(texts)[:, ::-1], "another")
    data = load_blend_set(corpus, None, AskedData(), other, tmp_path)
    assert (other.texts, other.passages) == (reader.texts, reader.passages)
    assert np.array_equal(data.words[:, 1], embed(reader.passages[1::2])[:, ::-1].astype(np.float16))
