"""A model folder that knows hubs: what units are found by and asked for with, and what stays the language model's."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnxscript")

from codekin_model.checkpoint.manifest import read_manifest  # noqa: E402 - exports need extras
from codekin_model.runtime.hubness import open_hubness  # noqa: E402
from codekin_model.runtime.onnx_embedder import load_onnx_embedder  # noqa: E402


@pytest.fixture(scope="module")
def folder(model_with_hubness):
    return model_with_hubness


@pytest.fixture(scope="module")
def embedder(folder):
    return load_onnx_embedder(folder, threads=1)


@pytest.fixture(scope="module")
def hubness(folder):
    return open_hubness(folder, read_manifest(folder), threads=1)


def test_units_are_found_by_what_it_makes_of_their_vectors(embedder, plain, hubness, units):
    assert embedder.embed_units(units) == pytest.approx(hubness.units(plain.embed_units(units)), abs=1e-6)
    assert np.abs(embedder.embed_units(units) - plain.embed_units(units)).max() > 0.001


def test_questions_are_asked_as_it_says(embedder, plain, hubness):
    texts = ["read a file", "sort"]
    assert embedder.embed_queries(texts) == pytest.approx(hubness.questions(plain.embed_queries(texts)), abs=1e-6)


def test_texts_stay_the_language_models(embedder, plain):
    texts = ["read a file", "sort"]
    assert np.array_equal(embedder.embed_texts(texts), plain.embed_queries(texts))


def test_many_vectors_are_read_in_parts(hubness):
    vectors = np.random.default_rng(0).standard_normal((300, 32)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    together = hubness.units(vectors)
    for at in (0, 127, 128, 299):
        assert np.array_equal(hubness.units(vectors[at : at + 1])[0], together[at])


def test_nothing_is_read_of_nothing(embedder, hubness):
    assert embedder.embed_units([]).shape == (0, 32)
    assert hubness.questions(np.empty((0, 32), np.float32)).shape == (0, 32)
