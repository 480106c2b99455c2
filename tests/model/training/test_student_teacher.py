"""A student's teacher is a run, or a model folder with the blend that its units are found by."""

import shutil
from dataclasses import replace

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("onnxscript")

from codekin_model.checkpoint.manifest import BlendPart, CheckpointError, read_manifest  # noqa: E402 - torch is an extra
from codekin_model.fusion.blend import Blend  # noqa: E402
from codekin_model.runtime.onnx_embedder import load_onnx_embedder  # noqa: E402
from codekin_model.runtime.student import load_onnx_student  # noqa: E402
from codekin_model.torch_runtime.export_blend import export_blend  # noqa: E402
from codekin_model.training.export import seal  # noqa: E402
from codekin_model.training.student_teacher import load_student_teacher  # noqa: E402
from codekin_model.training.teacher import load_teacher_system  # noqa: E402

PASSAGES = ["file read\ndef read(path): return path.file", "rows sort\ndef sort(rows): return sorted(rows)"]


def test_a_run_reads_passages_as_it_reads_questions(teacher_run):
    teacher, system = load_student_teacher(teacher_run.folder), load_teacher_system(teacher_run.folder)
    assert teacher.code(PASSAGES) == pytest.approx(system.queries(PASSAGES), abs=1e-6)
    assert teacher.queries(["read a file"]) == pytest.approx(system.queries(["read a file"]), abs=1e-6)


def test_a_model_folder_without_a_blend_says_what_its_language_model_says(tiny_model):
    teacher, embedder = load_student_teacher(tiny_model.folder), load_onnx_embedder(tiny_model.folder, 1)
    assert teacher.code(PASSAGES) == pytest.approx(embedder.embed_queries(PASSAGES), abs=1e-6)
    assert teacher.queries(PASSAGES) == pytest.approx(embedder.embed_queries(PASSAGES), abs=1e-6)


def test_the_blend_of_a_model_folder_is_part_of_what_code_is_taught_by(tiny_model, tmp_path):
    folder = tmp_path / "model"
    shutil.copytree(tiny_model.folder, folder)
    torch.manual_seed(2)
    blend = Blend(read_manifest(folder).width)
    torch.nn.init.normal_(blend.text.weight, std=0.1)
    export_blend(blend.eval(), folder)
    seal(folder, replace(read_manifest(folder), blend=BlendPart()))
    text, words = (
        torch.from_numpy(vectors)
        for vectors in (
            load_onnx_embedder(folder, 1).embed_queries(PASSAGES),
            load_onnx_student(folder, 1).embed_passages(PASSAGES),
        )
    )
    with torch.no_grad():
        expected = blend(text, text, words).numpy()
    teacher = load_student_teacher(folder)
    assert (teacher.code(PASSAGES) * expected).sum(1).min() > 0.999
    assert teacher.queries(PASSAGES) == pytest.approx(text.numpy(), abs=1e-6)
    assert (teacher.code(PASSAGES) * text.numpy()).sum(1).max() < 0.999


def test_hubness_is_no_part_of_what_is_taught(tiny_model, model_with_hubness):
    plain, teacher = load_student_teacher(tiny_model.folder), load_student_teacher(model_with_hubness)
    assert teacher.code(PASSAGES) == pytest.approx(plain.code(PASSAGES), abs=1e-6)
    assert teacher.queries(PASSAGES) == pytest.approx(plain.queries(PASSAGES), abs=1e-6)


def test_a_folder_that_is_neither_is_refused(tmp_path):
    with pytest.raises(CheckpointError, match="cannot be read"):
        load_student_teacher(tmp_path / "absent")
