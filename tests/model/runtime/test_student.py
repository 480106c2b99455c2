"""The exported student embeds passages as torch does, any number of them at a time."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from codekin_model.checkpoint.manifest import (  # noqa: E402 - torch is an extra
    CheckpointError,
    HuggingFacePart,
    Manifest,
    write_manifest,
)
from codekin_model.extraction.passage import passage  # noqa: E402
from codekin_model.runtime import student as module  # noqa: E402
from codekin_model.runtime.student import load_onnx_student  # noqa: E402
from codekin_model.source.text import text_of  # noqa: E402
from codekin_model.source.tree import parse  # noqa: E402
from codekin_model.source.units import find_units  # noqa: E402
from codekin_model.training.student_problem import tensors_of  # noqa: E402
from codekin_model.vocab.bag_batch import encode_words  # noqa: E402
from codekin_model.vocab.word_parts import WordParts  # noqa: E402

SOURCE = """
def read_file(path):
    with open(path) as file:
        return file.read()

def sort_rows(table, key):
    return sorted(table.rows, key=key)

def parse_line(line):
    name, value = line.split()
    return {name: value}
"""


@pytest.fixture(scope="module")
def passages():
    return [passage(unit) for unit in find_units(parse(text_of(SOURCE)))[1:]]


@pytest.fixture(scope="module")
def student(tiny_model):
    return load_onnx_student(tiny_model.folder, threads=1)


def test_it_says_what_torch_says(student, passages, tiny_model):
    bags = encode_words(passages, WordParts(tiny_model.words).ids_of)
    expected = tiny_model.student(*tensors_of(bags, torch.device("cpu"))).detach().numpy()
    found = student.embed_passages(passages)
    assert found.dtype == np.float32
    assert found.shape == (3, student.width)
    assert (found * expected).sum(axis=1).min() > 0.999


def test_other_code_is_another_vector(student, passages):
    first, second, third = student.embed_passages(passages)
    assert max(first @ second, first @ third, second @ third) < 0.999


def test_batches_change_no_vector(student, passages, monkeypatch):
    expected = student.embed_passages(passages)
    monkeypatch.setattr(module, "_BATCH", 2)
    assert student.embed_passages(passages) == pytest.approx(expected, abs=1e-6)


def test_no_units(student):
    assert student.embed_passages([]).shape == (0, student.width)


def test_a_folder_without_a_student(tmp_path):
    write_manifest(tmp_path, Manifest("own", 16, hugging_face=HuggingFacePart("some/model")), ())
    with pytest.raises(CheckpointError, match="holds no student: train one"):
        load_onnx_student(tmp_path, threads=1)
