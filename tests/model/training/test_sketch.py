"""A sketch is trained over a model folder, kept, loaded, and exported into that folder."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("datasketch")
pytest.importorskip("onnxscript")

from safetensors.torch import save_file  # noqa: E402 - comes with torch

from codekin_model.checkpoint.manifest import CheckpointError, SketchPart, read_manifest  # noqa: E402
from codekin_model.evaluation.loaders import load_system  # noqa: E402
from codekin_model.evaluation.shipped import load_shipped, load_shipped_student  # noqa: E402
from codekin_model.training.asked_config import AskedTraining  # noqa: E402
from codekin_model.training.export import export_checkpoint, seal  # noqa: E402
from codekin_model.training.sketch import load_sketch, load_sketch_system  # noqa: E402
from codekin_model.training.sketch_config import SketchConfig  # noqa: E402
from codekin_model.training.start import start  # noqa: E402


@pytest.fixture(scope="module")
def config(tiny_model):
    return SketchConfig(str(tiny_model.folder), training=AskedTraining(epochs=3, batch=12, learning_rate=3e-2))


@pytest.fixture(scope="module")
def folder(config, corpus, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sketch")
    start(config, corpus, folder)
    return folder


def test_what_is_loaded_was_trained_as_it_says(folder, config):
    model, loaded = load_sketch(folder)
    assert loaded == config
    assert not model.training
    assert model.turn.weight.abs().max() > 0.01


def test_it_learnt_something(folder):
    rows = (folder / "curves.csv").read_text().splitlines()
    search = rows[0].split(",").index("search")
    first, last = (float(row.split(",")[search]) for row in (rows[1], rows[-1]))
    assert last < first


def test_a_run_can_be_measured(folder, functions):
    loaded = load_system(folder, threads=1)
    assert (loaded.kind, loaded.seed) == ("sketch", 17)
    assert loaded.system.scores(["read the file"], functions, masked=False).shape == (1, len(functions))


def test_the_exported_student_is_turned_as_the_trained_one_and_the_model_is_not(
    folder, tiny_model, functions, tmp_path
):
    model = tmp_path / "model"
    shutil.copytree(tiny_model.folder, model)
    parity = export_checkpoint(folder, model)
    assert float(str(parity["cosine, least"])) > 0.999
    exported = load_shipped_student(model, 1).code(functions, masked=True)
    trained = load_sketch_system(folder).code(functions, masked=True)
    assert (exported * trained).sum(axis=1).min() > 0.999
    plain = load_shipped_student(tiny_model.folder, 1).code(functions, masked=True)
    assert (exported * plain).sum(axis=1).min() < 0.999
    before, after = (load_shipped(each, 1).code(functions, masked=True) for each in (tiny_model.folder, model))
    assert np.array_equal(before, after)


def test_hubness_stays_where_a_sketch_joins(folder, model_with_hubness, tmp_path):
    model = tmp_path / "model"
    shutil.copytree(model_with_hubness, model)
    export_checkpoint(folder, model)
    assert read_manifest(model).hubness is not None


def test_another_corpus_is_learnt_from_too(config, folder, corpus, tmp_path):
    start(replace(config, more=str(corpus)), corpus, tmp_path)
    assert not torch.equal(load_sketch(tmp_path)[0].turn.weight, load_sketch(folder)[0].turn.weight)


def test_a_sketch_takes_the_place_of_another_of_another_size(folder, tiny_model, tmp_path):
    model = tmp_path / "model"
    shutil.copytree(tiny_model.folder, model)
    (model / "sketch.onnx").write_bytes(b"another one")
    seal(model, replace(read_manifest(model), sketch=SketchPart()))
    parity = export_checkpoint(folder, model)
    assert read_manifest(model).fingerprint == parity["fingerprint"]
    assert export_checkpoint(folder, model) == parity


def test_a_model_of_another_width_is_refused_and_stays_as_it_was(folder, tiny_model, tmp_path):
    run, model = tmp_path / "run", tmp_path / "model"
    shutil.copytree(folder, run)
    shutil.copytree(tiny_model.folder, model)
    save_file({"turn.weight": torch.zeros(64, 64)}, run / "best.safetensors")
    before = (model / "config.json").read_bytes()
    with pytest.raises(CheckpointError, match=r"made for vectors of 64 numbers, .* has 32"):
        export_checkpoint(run, model)
    assert (model / "config.json").read_bytes() == before


def test_a_folder_without_a_student_is_refused(config, tiny_model, corpus, tmp_path):
    bare = tmp_path / "model"
    shutil.copytree(tiny_model.folder, bare)
    seal(bare, replace(read_manifest(bare), student=None))
    with pytest.raises(CheckpointError, match="holds no student"):
        start(replace(config, model=str(bare)), corpus, tmp_path / "run")


def test_a_run_of_another_kind_is_refused(teacher_run):
    with pytest.raises(CheckpointError, match="'teacher'; expected sketch"):
        load_sketch(Path(teacher_run.folder))
