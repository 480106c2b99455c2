"""Hubness is counted over a model folder, kept, loaded, measured, and exported into that folder."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("datasketch")
pytest.importorskip("onnxscript")

from safetensors.torch import load_file, save_file  # noqa: E402 - comes with torch

from codekin_model.checkpoint.manifest import BlendPart, CheckpointError, read_manifest  # noqa: E402
from codekin_model.evaluation.loaders import load_system  # noqa: E402
from codekin_model.evaluation.shipped import load_shipped  # noqa: E402
from codekin_model.fusion.blend import Blend  # noqa: E402
from codekin_model.torch_runtime.export_blend import export_blend  # noqa: E402
from codekin_model.training.export import export_checkpoint, seal  # noqa: E402
from codekin_model.training.hubness import hubness_of, load_hubness, load_hubness_system  # noqa: E402
from codekin_model.training.hubness_config import HubnessConfig, HubnessData  # noqa: E402
from codekin_model.training.machine import TrainingError  # noqa: E402
from codekin_model.training.start import start  # noqa: E402

DOCUMENTED = 36
"""Training functions of the corpus with a sentence."""


@pytest.fixture(scope="module")
def config(tiny_model):
    return HubnessConfig(str(tiny_model.folder), nearest=4, data=HubnessData(questions=30, parts=8, units=10))


@pytest.fixture(scope="module")
def folder(config, corpus, tmp_path_factory):
    folder = tmp_path_factory.mktemp("hubness")
    start(config, corpus, folder)
    return folder


def rows(count: int, width: int = 16):
    found = torch.randn(count, width, generator=torch.Generator().manual_seed(count))
    found[:, 3] = 0
    return torch.nn.functional.normalize(found, dim=-1)


def test_the_direction_that_questions_leave_unused_is_found():
    unused = hubness_of(rows(40), rows(10), HubnessConfig("model", nearest=2, data=HubnessData(parts=4))).unused
    assert unused.abs().tolist() == pytest.approx([float(at == 3) for at in range(16)], abs=1e-4)


def test_the_usual_unit_is_no_hub():
    units = rows(10)
    found = hubness_of(rows(40), units, HubnessConfig("model", nearest=2, data=HubnessData(parts=4)))
    assert float(found.near(units).mean() - found.usual) == pytest.approx(0, abs=1e-6)


def test_vectors_that_have_no_such_parts_are_told():
    with pytest.raises(TrainingError, match="vectors of 16 numbers have no 5 equal parts: choose parts that divide 16"):
        hubness_of(rows(40), rows(10), HubnessConfig("model", nearest=2, data=HubnessData(parts=5)))


def test_at_most_as_many_questions_are_kept_as_it_says(folder, config):
    found, loaded = load_hubness(folder)
    assert loaded == config
    assert found.codes.shape == (30, 8)
    assert (found.shape.nearest, found.shape.strength, found.shape.lift) == (4, 0.5, 0.4)


def test_where_there_are_fewer_all_are_kept(config, corpus, tmp_path):
    start(replace(config, data=replace(config.data, questions=1000)), corpus, tmp_path)
    assert len(load_hubness(tmp_path)[0].codes) == DOCUMENTED


def test_another_corpus_gives_questions_too(config, corpus, tmp_path):
    start(replace(config, more=str(corpus), data=replace(config.data, questions=1000)), corpus, tmp_path)
    assert len(load_hubness(tmp_path)[0].codes) == 2 * DOCUMENTED


def test_too_few_questions_are_told(config, corpus, tmp_path):
    with pytest.raises(TrainingError, match="36 functions have a docstring, 30 questions are kept, and the 50 nearest"):
        start(replace(config, nearest=50), corpus, tmp_path)
    with pytest.raises(TrainingError, match="3 questions are kept, and the 4 nearest are to count"):
        start(replace(config, data=replace(config.data, questions=3)), corpus, tmp_path)


def test_parts_are_checked_before_anything_is_embedded(config, corpus, tmp_path):
    with pytest.raises(TrainingError, match="vectors of 32 numbers have no 7 equal parts"):
        start(replace(config, data=replace(config.data, parts=7)), corpus, tmp_path)
    assert not (tmp_path / "cache").exists()


def test_too_few_vectors_to_tell_what_they_leave_unused_are_told():
    with pytest.raises(
        TrainingError, match="9 vectors of 16 numbers leave more than one direction unused, 16 are needed"
    ):
        hubness_of(rows(6), rows(3), HubnessConfig("model", nearest=2, data=HubnessData(parts=4)))


def test_another_model_is_counted_over_anew(config, corpus, tiny_model, tmp_path):
    """Kept vectors are those of a model folder as it was."""
    model = tmp_path / "model"
    shutil.copytree(tiny_model.folder, model)
    for name in ("first", "other"):
        seal(model, replace(read_manifest(model), name=name))
        start(replace(config, model=str(model)), corpus, tmp_path / "run")
    assert len(list((tmp_path / "run" / "cache").iterdir())) == 2


def test_a_run_can_be_measured(folder, functions):
    loaded = load_system(folder, threads=1)
    assert (loaded.kind, loaded.seed) == ("hubness", 17)
    scores = loaded.system.scores(["read the file"], functions, masked=False)
    assert scores.shape == (1, len(functions))


def test_the_exported_graph_finds_what_the_run_finds(folder, tiny_model, functions, tmp_path):
    shutil.copytree(tiny_model.folder, tmp_path / "model")
    parity = export_checkpoint(folder, tmp_path / "model")
    assert float(str(parity["cosine, least"])) > 0.999
    assert read_manifest(tmp_path / "model").hubness is not None
    exported, counted = load_shipped(tmp_path / "model", 1), load_hubness_system(folder)
    assert exported.code(functions, masked=True) == pytest.approx(counted.code(functions, masked=True), abs=0.02)
    assert exported.queries(["read it"]) == pytest.approx(counted.queries(["read it"]), abs=1e-4)
    plain = load_shipped(tiny_model.folder, 1).code(functions, masked=True)
    assert np.abs(exported.code(functions, masked=True) - plain).max() > 0.02


def test_exporting_twice_gives_the_same_folder(folder, tiny_model, tmp_path):
    shutil.copytree(tiny_model.folder, tmp_path / "model")
    first = export_checkpoint(folder, tmp_path / "model")
    assert export_checkpoint(folder, tmp_path / "model") == first


def test_a_folder_of_another_width_is_refused_and_stays_as_it_was(folder, model_with_hubness, tmp_path):
    for name in ("best.safetensors", "description.json"):
        shutil.copy(folder / name, tmp_path)
    state = load_file(tmp_path / "best.safetensors")
    state["unused"], state["values"] = torch.zeros(64), torch.zeros(8, 256, 8)
    save_file(state, tmp_path / "best.safetensors")
    model = tmp_path / "model"
    shutil.copytree(model_with_hubness, model)
    before = (model / "config.json").read_bytes()
    with pytest.raises(CheckpointError, match=r"made for vectors of 64 numbers, .* has 32"):
        export_checkpoint(tmp_path, model)
    assert (model / "config.json").read_bytes() == before


def test_a_blend_is_part_of_what_is_usual(config, tiny_model, corpus, tmp_path):
    blended = tmp_path / "model"
    shutil.copytree(tiny_model.folder, blended)
    export_blend(Blend(32), blended)
    seal(blended, replace(read_manifest(blended), blend=BlendPart()))
    runs = {}
    for name, model in (("plain", tiny_model.folder), ("blended", blended)):
        start(replace(config, model=str(model)), corpus, tmp_path / name)
        runs[name] = load_hubness(tmp_path / name)[0]
    assert torch.equal(runs["plain"].codes, runs["blended"].codes)
    assert float(runs["plain"].usual) != float(runs["blended"].usual)


def test_a_run_of_another_kind_is_refused(teacher_run):
    with pytest.raises(CheckpointError, match="'teacher'; expected hubness"):
        load_hubness(Path(teacher_run.folder))
