"""What the server's rooms and its whole are tested with: the shipped model, given a student with random weights."""

import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

SOME_WORDS = "self path open file read parse line sort rows key table name value total price"


@pytest.fixture(scope="session")
def model_with_student(tmp_path_factory) -> Path:
    """A model folder. The student is untrained, but of the teacher's width: what it says is no use, but is stored."""
    torch = pytest.importorskip("torch")
    pytest.importorskip("onnxscript")
    from codekin_model.checkpoint import manifest as parts  # noqa: PLC0415 - what exports needs an extra
    from codekin_model.encoders.student import Student, StudentConfig  # noqa: PLC0415
    from codekin_model.torch_runtime.export_student import export_student  # noqa: PLC0415
    from codekin_model.vocab.bag_batch import CONTEXTS, NAME_PLACES, SOURCE_PLACES  # noqa: PLC0415
    from codekin_model.vocab.vocabulary import vocabulary_of, write_vocabulary  # noqa: PLC0415

    torch.manual_seed(3)
    folder = tmp_path_factory.mktemp("with_student") / "model"
    shutil.copytree(parts.default_model_dir(), folder)
    shipped = parts.read_manifest(folder)
    words = vocabulary_of(Counter(SOME_WORDS.split()), at_least=1, at_most=99)
    places = (NAME_PLACES, SOURCE_PLACES, CONTEXTS)
    student = Student(StudentConfig(len(words), 64, places, width=16, beside=8, hidden=24, output=shipped.width))
    export_student(student.eval(), folder)
    write_vocabulary(words, folder / "student_words.txt")
    part = parts.StudentPart()
    files = dict.fromkeys([*shipped.files, part.file, part.words])
    parts.write_manifest(folder, replace(shipped, student=part), files)
    return folder
