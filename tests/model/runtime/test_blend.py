"""What the exported blend makes of a unit: the student's words are in it, and nothing of the units beside it."""

import shutil
from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnxscript")

from codekin_model.checkpoint.manifest import BlendPart, CheckpointError, read_manifest  # noqa: E402 - needs extras
from codekin_model.fusion.blend import Blend  # noqa: E402
from codekin_model.runtime.onnx_embedder import load_onnx_embedder  # noqa: E402
from codekin_model.runtime.student import load_onnx_student  # noqa: E402
from codekin_model.torch_runtime.export_blend import export_blend  # noqa: E402
from codekin_model.training.export import seal  # noqa: E402


@pytest.fixture(scope="module")
def folder(tiny_model, tmp_path_factory):
    folder = tmp_path_factory.mktemp("blended") / "model"
    shutil.copytree(tiny_model.folder, folder)
    export_blend(Blend(read_manifest(folder).width), folder)
    seal(folder, replace(read_manifest(folder), blend=BlendPart()))
    return folder


@pytest.fixture(scope="module")
def blended(folder):
    return load_onnx_embedder(folder, threads=1)


def test_a_share_of_the_students_vector_joins_that_of_every_unit(blended, plain, folder, units):
    words = load_onnx_student(folder, threads=1).embed_passages([unit.passage for unit in units])
    expected = plain.embed_units(units) + 0.2 * words
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    assert (blended.embed_units(units) * expected).sum(axis=1).min() > 0.999


def test_questions_stay_the_language_models(blended, plain):
    texts = ["read a file", "sort"]
    assert np.array_equal(blended.embed_queries(texts), plain.embed_queries(texts))


def test_a_vector_does_not_depend_on_what_stands_beside_its_unit(blended, units):
    together = blended.embed_units(units)
    for at, unit in enumerate(units):
        assert np.array_equal(blended.embed_units([unit])[0], together[at])


def test_no_units(blended):
    assert blended.embed_units([]).shape == (0, 32)


def test_a_blend_needs_a_student(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "model")
    seal(tmp_path / "model", replace(read_manifest(folder), student=None))
    with pytest.raises(CheckpointError, match="blends with a student that it does not hold"):
        load_onnx_embedder(tmp_path / "model", threads=1)
