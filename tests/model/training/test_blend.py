"""A blend is trained over a model folder, kept, loaded, and exported into that folder."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("datasketch")
pytest.importorskip("onnxscript")

from safetensors.torch import load_file  # noqa: E402 - comes with torch

from codekin_model.checkpoint.manifest import CheckpointError, read_manifest  # noqa: E402
from codekin_model.evaluation.loaders import load_system  # noqa: E402
from codekin_model.evaluation.shipped import load_shipped  # noqa: E402
from codekin_model.training.asked_config import AskedTraining  # noqa: E402
from codekin_model.training.blend import load_blend, load_blend_system  # noqa: E402
from codekin_model.training.blend_config import BlendConfig  # noqa: E402
from codekin_model.training.export import export_checkpoint, seal  # noqa: E402
from codekin_model.training.start import start  # noqa: E402


@pytest.fixture(scope="module")
def config(tiny_model):
    return BlendConfig(str(tiny_model.folder), training=AskedTraining(epochs=3, batch=12, learning_rate=1e-2))


@pytest.fixture(scope="module")
def folder(config, corpus, tmp_path_factory):
    folder = tmp_path_factory.mktemp("blend")
    start(config, corpus, folder)
    return folder


def test_what_is_loaded_is_what_was_trained(folder, config):
    model, loaded = load_blend(folder)
    assert loaded == config
    assert not model.training
    assert model.strength == config.strength == 0.5
    trained = load_file(folder / "best.safetensors")
    assert [name for name, value in model.state_dict().items() if not torch.equal(value, trained[name])] == []


def test_it_learnt_something(folder):
    rows = (folder / "curves.csv").read_text().splitlines()
    search = rows[0].split(",").index("search")
    first, last = (float(row.split(",")[search]) for row in (rows[1], rows[-1]))
    assert last < first


def test_a_run_can_be_measured(folder, functions):
    loaded = load_system(folder, threads=1)
    assert (loaded.kind, loaded.seed) == ("blend", 17)
    scores = loaded.system.scores(["read the file"], functions, masked=False)
    assert scores.shape == (1, len(functions))


def test_the_exported_blend_finds_what_the_trained_one_finds(folder, tiny_model, functions, tmp_path):
    shutil.copytree(tiny_model.folder, tmp_path / "model")
    parity = export_checkpoint(folder, tmp_path / "model")
    assert float(str(parity["cosine, least"])) > 0.99
    assert read_manifest(tmp_path / "model").blend is not None
    exported = load_shipped(tmp_path / "model", 1).code(functions, masked=True)
    trained = load_blend_system(folder).code(functions, masked=True)
    assert (exported * trained).sum(axis=1).min() > 0.99
    plain = load_shipped(tiny_model.folder, 1).code(functions, masked=True)
    assert (exported * plain).sum(axis=1).max() < 0.999
    assert np.linalg.norm(exported, axis=1) == pytest.approx(1, abs=1e-5)


def test_a_blend_takes_the_place_of_another(folder, tiny_model, tmp_path):
    shutil.copytree(tiny_model.folder, tmp_path / "model")
    first = export_checkpoint(folder, tmp_path / "model")
    (tmp_path / "other").mkdir()
    shutil.copytree(folder, tmp_path / "other", dirs_exist_ok=True)
    description = tmp_path / "other" / "description.json"
    description.write_text(description.read_text().replace('"strength": 0.5', '"strength": 1.0'))
    second = export_checkpoint(tmp_path / "other", tmp_path / "model")
    assert second["fingerprint"] != first["fingerprint"]
    assert float(str(second["cosine, least"])) > 0.99


def test_hubness_that_was_counted_without_it_goes(folder, model_with_hubness, tmp_path):
    shutil.copytree(model_with_hubness, tmp_path / "model")
    parity = export_checkpoint(folder, tmp_path / "model")
    assert float(str(parity["cosine, least"])) > 0.99
    assert read_manifest(tmp_path / "model").hubness is None


def test_a_missing_model_folder_is_told(config, corpus, tmp_path):
    with pytest.raises(CheckpointError, match="there is no model folder"):
        start(replace(config, model=str(tmp_path / "absent")), corpus, tmp_path)


def test_a_folder_without_a_student_is_refused(config, tiny_model, corpus, tmp_path):
    bare = tmp_path / "model"
    shutil.copytree(tiny_model.folder, bare)
    seal(bare, replace(read_manifest(bare), student=None))
    with pytest.raises(CheckpointError, match="holds no student"):
        start(replace(config, model=str(bare)), corpus, tmp_path / "run")


def test_a_run_of_another_kind_is_refused(teacher_run):
    with pytest.raises(CheckpointError, match="'teacher'; expected blend"):
        load_blend(Path(teacher_run.folder))
