"""What a user names becomes a system, or one line says why not."""

import json
import sys
from importlib import import_module
from types import ModuleType

import numpy as np
import pytest

from codekin_model.checkpoint.manifest import CheckpointError, default_model_dir
from codekin_model.evaluation import loaders
from codekin_model.evaluation.bm25 import Bm25
from codekin_model.evaluation.frozen import FrozenLanguageModel
from codekin_model.evaluation.loaders import load_system
from codekin_model.evaluation.rank_fusion import RankFusion
from codekin_model.evaluation.shipped import ShippedStudentSystem
from codekin_model.training.strict_config import ConfigError


@pytest.fixture
def run(tmp_path, monkeypatch):
    """A finished training of kind ``search``, and a loader that gives its folder's name."""
    safetensors = pytest.importorskip("safetensors.numpy")
    pytest.importorskip("torch")
    folder = tmp_path / "fusion-both-s17"
    folder.mkdir()
    description = {"format": 1, "kind": "search", "config": {"training": {"seed": 17}}, "vocabularies": {}, "facts": {}}
    (folder / "description.json").write_text(json.dumps(description))
    safetensors.save_file({"a": np.zeros(2, np.float32)}, folder / "best.safetensors")
    module = ModuleType("codekin_model.training.of_this_test")
    module.load = lambda path, **choices: (path.name, choices)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(loaders, "LOADERS", {"search": (module.__name__, "load")})
    return folder


def test_words_alone_need_nothing():
    loaded = load_system("bm25", threads=1)
    assert isinstance(loaded.system, Bm25)
    assert (loaded.name, loaded.kind, loaded.seed) == ("bm25", "baseline", None)


def test_the_other_baselines_need_a_language_model():
    for name in ("frozen", "bm25+frozen"):
        with pytest.raises(CheckpointError, match="needs a language model"):
            load_system(name, threads=1)


def test_the_other_baselines_are_made_of_it(monkeypatch):
    monkeypatch.setattr(loaders, "load_frozen", lambda source, threads: FrozenLanguageModel(lambda texts: source))
    assert isinstance(load_system("frozen", 1, "folder").system, FrozenLanguageModel)
    assert isinstance(load_system("bm25+frozen", 1, "folder").system, RankFusion)


def test_a_training_is_loaded_by_its_kind_under_the_name_that_its_seeds_share(run):
    loaded = load_system(run, threads=1)
    assert (loaded.name, loaded.kind, loaded.seed, loaded.system[0]) == ("fusion-both", "search", 17, "fusion-both-s17")


def test_a_training_over_a_frozen_model_is_told_where_things_lie(run, tmp_path):
    loaded = load_system(run, 1, frozen="folder", features=tmp_path)
    assert loaded.system[1] == {"language_model": "folder", "features": tmp_path}


def test_a_training_is_loaded_with_the_threads_that_it_is_to_be_measured_with(run):
    torch = pytest.importorskip("torch")
    before = torch.get_num_threads()
    sys.modules["codekin_model.training.of_this_test"].load = lambda path, **choices: torch.get_num_threads()
    try:
        assert load_system(run, threads=3).system == 3
    finally:
        torch.set_num_threads(before)


def test_a_configuration_of_another_version_is_a_checkpoint_that_cannot_be_used(run):
    def load(path, **choices):
        raise ConfigError("no key dreams")

    sys.modules["codekin_model.training.of_this_test"].load = load
    with pytest.raises(CheckpointError, match="no key dreams: use the codekin it was trained with"):
        load_system(run, threads=1)


def test_the_student_of_a_model_folder_is_measured_by_its_file():
    loaded = load_system(default_model_dir() / "student.onnx", threads=1)
    assert (loaded.name, loaded.kind, loaded.seed) == ("student", "student", None)
    assert isinstance(loaded.system, ShippedStudentSystem)


def test_a_students_file_without_its_model_is_refused(tmp_path):
    (tmp_path / "student.onnx").write_bytes(b"alone")
    with pytest.raises(CheckpointError, match="holds neither a training"):
        load_system(tmp_path / "student.onnx", threads=1)


def test_every_kind_of_training_has_its_loader():
    pytest.importorskip("torch")
    pytest.importorskip("transformers")
    assert all(callable(getattr(import_module(module), name)) for module, name in loaders.LOADERS.values())


@pytest.mark.parametrize("name", ["fusion", "fusion-17", "fusion-s17", "fusion-seed17", "fusion_seed-17"])
def test_every_usual_ending_for_a_seed_is_taken_off(run, name):
    assert load_system(run.rename(run.with_name(name)), threads=1).name == "fusion"


def test_a_kind_that_nothing_loads_is_refused(run):
    text = (run / "description.json").read_text()
    (run / "description.json").write_text(text.replace("search", "dreams"))
    with pytest.raises(CheckpointError, match="of kind 'dreams'; expected search"):
        load_system(run, threads=1)


def test_a_missing_extra_is_named(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(CheckpointError, match=r"needs torch: pip install 'codekin\[train\]'"):
        load_system(run, threads=1)


def test_a_model_folder_is_loaded_as_shipped():
    loaded = load_system(default_model_dir(), threads=1)
    assert (loaded.name, loaded.kind) == ("default", "shipped")


def test_anything_else_is_refused(tmp_path):
    with pytest.raises(CheckpointError, match="holds neither a training"):
        load_system(tmp_path, threads=1)
