"""First vectors: the student's, turned and set back where the model folder knows how, in this order."""

import shutil
from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnxscript")

from codekin_model.checkpoint.manifest import CheckpointError, SketchPart, read_manifest  # noqa: E402 - exports need extras
from codekin_model.fusion.sketch import Sketch  # noqa: E402
from codekin_model.runtime.hubness import open_hubness  # noqa: E402
from codekin_model.runtime.sketch import OnnxSketch  # noqa: E402
from codekin_model.runtime.sketcher import load_onnx_sketcher  # noqa: E402
from codekin_model.runtime.student import load_onnx_student  # noqa: E402
from codekin_model.torch_runtime.export_sketch import SKETCH_GRAPH, export_sketch  # noqa: E402
from codekin_model.training.export import seal  # noqa: E402

PASSAGES = ["read file def read_file(path): return open(path)", "sort rows def sort_rows(table): return sorted(table)"]


@pytest.fixture(scope="module")
def raw(tiny_model):
    return load_onnx_student(tiny_model.folder, threads=1).embed_passages(PASSAGES)


@pytest.fixture(scope="module")
def turned_and_set_back(model_with_hubness, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sketched") / "model"
    shutil.copytree(model_with_hubness, folder)
    torch.manual_seed(7)
    sketch = Sketch(32)
    torch.nn.init.normal_(sketch.turn.weight, std=0.2)
    export_sketch(sketch, folder)
    seal(folder, replace(read_manifest(folder), sketch=SketchPart()))
    return folder


def sketched(folder):
    return load_onnx_sketcher(folder, threads=1).embed_passages(PASSAGES)


def test_with_neither_they_are_the_students(tiny_model, raw):
    assert np.array_equal(sketched(tiny_model.folder), raw)


def test_hubs_are_set_back(model_with_hubness, raw):
    hubness = open_hubness(model_with_hubness, read_manifest(model_with_hubness), threads=1)
    assert sketched(model_with_hubness) == pytest.approx(hubness.units(raw), abs=1e-6)
    assert sketched(model_with_hubness) != pytest.approx(raw, abs=1e-3)


def test_they_are_turned_before_hubs_are_set_back(turned_and_set_back, raw):
    turn = OnnxSketch(turned_and_set_back / SKETCH_GRAPH, 1).turn
    hubness = open_hubness(turned_and_set_back, read_manifest(turned_and_set_back), threads=1)
    found = sketched(turned_and_set_back)
    assert found == pytest.approx(hubness.units(turn(raw)), abs=1e-6)
    assert found != pytest.approx(turn(hubness.units(raw)), abs=1e-3)


def test_no_passages(turned_and_set_back):
    assert load_onnx_sketcher(turned_and_set_back, threads=1).embed_passages([]).shape == (0, 32)


def test_a_folder_without_a_student_has_none(tiny_model, tmp_path):
    bare = tmp_path / "model"
    shutil.copytree(tiny_model.folder, bare)
    seal(bare, replace(read_manifest(bare), student=None))
    with pytest.raises(CheckpointError, match="holds no student"):
        load_onnx_sketcher(bare, threads=1)
