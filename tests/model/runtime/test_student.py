"""The exported student embeds units as torch does, any number of them at a time."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from codekin_model.checkpoint.manifest import (  # noqa: E402 - torch is an extra
    CheckpointError,
    HuggingFacePart,
    Manifest,
    write_manifest,
)
from codekin_model.extracted import extract  # noqa: E402
from codekin_model.runtime import student as module  # noqa: E402
from codekin_model.runtime.student import load_onnx_student  # noqa: E402
from codekin_model.source.text import text_of  # noqa: E402
from codekin_model.source.tree import parse  # noqa: E402
from codekin_model.source.units import find_units  # noqa: E402
from codekin_model.vocab.bag_batch import BAG_PATHS, encode_bags  # noqa: E402

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
def units():
    return [extract(unit, limits=BAG_PATHS) for unit in find_units(parse(text_of(SOURCE)))[1:]]


@pytest.fixture(scope="module")
def student(tiny_model):
    return load_onnx_student(tiny_model.folder, threads=1)


def test_it_says_what_torch_says(student, units, tiny_model):
    bags = encode_bags(units, tiny_model.words, tiny_model.student.config.buckets)
    ids = [torch.from_numpy(each.astype(np.int64)) for each in (bags.names, bags.words, bags.contexts)]
    expected = tiny_model.student(*ids).detach().numpy()
    found = student.embed_units(units)
    assert found.dtype == np.float32
    assert found.shape == (3, student.width)
    assert (found * expected).sum(axis=1).min() > 0.999


def test_other_code_is_another_vector(student, units):
    first, second, third = student.embed_units(units)
    assert max(first @ second, first @ third, second @ third) < 0.999


def test_batches_change_no_vector(student, units, monkeypatch):
    expected = student.embed_units(units)
    monkeypatch.setattr(module, "_BATCH", 2)
    assert student.embed_units(units) == pytest.approx(expected, abs=1e-6)


def test_no_units(student):
    assert student.embed_units([]).shape == (0, student.width)


def test_a_folder_without_a_student(tmp_path):
    write_manifest(tmp_path, Manifest("own", 16, hugging_face=HuggingFacePart("some/model")), ())
    with pytest.raises(CheckpointError, match="holds no student: train one"):
        load_onnx_student(tmp_path, threads=1)
