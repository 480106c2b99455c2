"""What is trained over a model folder reads its language model and its student as they are."""

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("onnxscript")

from codekin_model.runtime.onnx_embedder import load_onnx_embedder
from codekin_model.runtime.student import load_onnx_student
from codekin_model.training.folder_reader import load_reader

TEXTS = ["read a file", "sort the rows of a table"]


def test_texts_are_read_by_the_language_model_whatever_is_known_of_hubs(tiny_model, model_with_hubness):
    plain = load_onnx_embedder(tiny_model.folder, threads=1).embed_queries(TEXTS)
    assert np.array_equal(load_reader(model_with_hubness).embed_texts(TEXTS), plain)
    assert load_onnx_embedder(model_with_hubness, threads=1).embed_queries(TEXTS) != pytest.approx(plain, abs=1e-3)


def test_words_are_read_by_the_student(tiny_model, model_with_hubness):
    student = load_onnx_student(tiny_model.folder, threads=1)
    assert load_reader(model_with_hubness).embed_words(TEXTS) == pytest.approx(student.embed_passages(TEXTS), abs=1e-6)
