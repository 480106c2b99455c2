"""A student is distilled, kept and loaded; questions stay its teacher's."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("datasketch")
pytest.importorskip("onnxscript")

from safetensors.torch import load_file  # noqa: E402 - comes with torch

from codekin_model.checkpoint.manifest import (  # noqa: E402
    BlendPart,
    CheckpointError,
    HubnessPart,
    SketchPart,
    read_manifest,
)
from codekin_model.evaluation.system import SearchSystem  # noqa: E402
from codekin_model.training.export import export_checkpoint, seal  # noqa: E402
from codekin_model.training.machine import TrainingError  # noqa: E402
from codekin_model.training.start import start  # noqa: E402
from codekin_model.training.student import StudentSystem, load_student, load_student_system  # noqa: E402
from codekin_model.training.student_config import StudentConfig, StudentSizes, StudentTraining  # noqa: E402
from codekin_model.training.teacher import load_teacher_system  # noqa: E402


@pytest.fixture(scope="module")
def config(teacher_run):
    return StudentConfig(
        str(teacher_run.folder),
        sizes=StudentSizes(words=100, parts=60, buckets=32, width=8, hidden=16),
        training=StudentTraining(epochs=2, batch=10, learning_rate=1e-2),
    )


@pytest.fixture(scope="module")
def folder(config, corpus, tmp_path_factory):
    folder = tmp_path_factory.mktemp("student")
    start(config, corpus, folder)
    return folder


@pytest.fixture(scope="module")
def system(folder):
    return load_student_system(folder)


def test_it_searches(system):
    assert isinstance(system, SearchSystem)


def test_what_is_loaded_is_what_was_trained(folder, config, system, functions):
    model, words, loaded = load_student(folder)
    assert loaded == config
    assert not model.training
    trained = load_file(folder / "best.safetensors")
    assert [name for name, value in model.state_dict().items() if not torch.equal(value, trained[name])] == []
    again = StudentSystem(model, words, load_teacher_system(Path(config.teacher)))
    assert again.code(functions, masked=True) == pytest.approx(system.code(functions, masked=True), abs=1e-6)


def test_questions_are_embedded_by_the_teacher(system, config):
    texts = ["read a file", "sort"]
    assert system.queries(texts) == pytest.approx(load_teacher_system(Path(config.teacher)).queries(texts), abs=1e-6)


def test_code_is_read_without_docstrings_and_masked_where_asked(system, functions):
    function = functions[0]
    visible, masked = (system.code([function], masked=masked) for masked in (False, True))
    assert visible != pytest.approx(masked, abs=1e-3)
    source = function.unit.source.replace(f'    """{function.unit.docstring}"""\n', "")
    assert source != function.unit.source
    without = replace(function, unit=replace(function.unit, source=source, docstring=None))
    assert system.code([without], masked=False) == pytest.approx(visible, abs=1e-6)


def test_an_exported_student_takes_the_place_of_another_and_what_was_made_beside_that_goes(
    folder, tiny_model, tmp_path
):
    model = tmp_path / "model"
    shutil.copytree(tiny_model.folder, model)
    (model / "blend.onnx").write_bytes(b"of the other student")
    (model / "hubness.onnx").write_bytes(b"counted beside the other student")
    (model / "sketch.onnx").write_bytes(b"of the other student")
    seal(model, replace(read_manifest(model), blend=BlendPart(), sketch=SketchPart(), hubness=HubnessPart()))
    parity = export_checkpoint(folder, model, other_language_model=True)
    assert float(str(parity["cosine, least"])) > 0.99
    assert read_manifest(model).student is not None
    left = read_manifest(model)
    assert (left.blend, left.sketch, left.hubness) == (None, None, None)


def test_it_came_nearer_to_its_teacher(folder):
    rows = (folder / "curves.csv").read_text().splitlines()
    near = rows[0].split(",").index("near")
    first, last = (float(row.split(",")[near]) for row in (rows[1], rows[-1]))
    assert last < first


def test_it_learns_from_several_teachers(config, corpus, tmp_path):
    start(replace(config, others=(config.teacher,)), corpus, tmp_path / "two")
    assert load_student(tmp_path / "two")[2].others == (config.teacher,)
    with pytest.raises(CheckpointError, match="cannot be read"):
        start(replace(config, others=(str(tmp_path / "absent"),)), corpus, tmp_path / "one")


def test_the_run_of_a_missing_teacher_says_so(folder, config, corpus, tmp_path):
    with pytest.raises(CheckpointError, match="cannot be read"):
        start(replace(config, teacher=str(tmp_path / "absent")), corpus, tmp_path)


def test_fewer_functions_than_a_batch_are_told(config, corpus, tmp_path):
    large = replace(config, training=replace(config.training, batch=1000))
    with pytest.raises(TrainingError, match="an epoch has 0 batches"):
        start(large, corpus, tmp_path)


def test_a_run_of_another_kind_is_refused(teacher_run):
    with pytest.raises(CheckpointError, match="'teacher'; expected student"):
        load_student(teacher_run.folder)
