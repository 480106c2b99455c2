import subprocess
import sys

import msgspec
import pytest

from codekin_model.checkpoint.manifest import (
    BlendPart,
    CheckpointError,
    HubnessPart,
    HuggingFacePart,
    LanguageModelPart,
    Manifest,
    NamesPart,
    SketchPart,
    StudentPart,
    default_model_dir,
    read_manifest,
    verify_files,
    write_manifest,
)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "language_model.onnx").write_bytes(b"weights" * 100)
    (tmp_path / "tokenizer.json").write_text("{}")
    write(tmp_path)
    return tmp_path


def write(folder, **changes):
    manifest = Manifest(**({"name": "tiny", "width": 8, "language_model": LanguageModelPart()} | changes))
    return write_manifest(folder, manifest, ["language_model.onnx", "tokenizer.json"])


def edit_config(folder, **changes):
    config = folder / "config.json"
    config.write_bytes(msgspec.json.encode(msgspec.json.decode(config.read_bytes()) | changes))


def test_what_was_written_is_read(folder):
    written = write(folder, width=12)
    assert read_manifest(folder) == written
    verify_files(folder, written)


def test_the_fingerprint_names_settings_and_content(folder):
    first = write(folder).fingerprint
    assert write(folder).fingerprint == first
    assert write(folder, language_model=LanguageModelPart(max_tokens=64)).fingerprint != first
    (folder / "tokenizer.json").write_text("[]")
    assert write(folder).fingerprint != first


def test_a_missing_folder(tmp_path):
    with pytest.raises(CheckpointError, match=r"there is no model folder .*absent; export the model again"):
        read_manifest(tmp_path / "absent")


def test_a_folder_without_a_manifest(tmp_path):
    with pytest.raises(CheckpointError, match=r"config\.json cannot be read"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]", b'{"model_type": "bert"}', b'{"format": 7}'])
def test_a_config_that_is_no_manifest(folder, content):
    (folder / "config.json").write_bytes(content)
    with pytest.raises(CheckpointError, match="describes no codekin model"):
        read_manifest(folder)


def test_a_foreign_format_is_named_even_if_nothing_else_can_be_read(folder):
    (folder / "config.json").write_bytes(b'{"format": 8, "strange": {}}')
    with pytest.raises(CheckpointError, match="format 8, this codekin reads format 7: install"):
        read_manifest(folder)


def test_a_model_of_the_first_format_is_refused_by_its_number(folder):
    edit_config(folder, format=1, names={"file": "naming.onnx", "names": "names.txt"})
    with pytest.raises(CheckpointError, match="format 1, this codekin reads format 7: install"):
        read_manifest(folder)


def test_the_decoder_and_the_student_are_parts_of_a_model(folder):
    names = NamesPart(ranking="other.json")
    written = write(folder, names=names, student=StudentPart())
    read = read_manifest(folder)
    assert (read.format, read.names, read.student) == (7, names, StudentPart())
    assert write(folder, names=names, student=StudentPart(words="others.txt")).fingerprint != written.fingerprint


def test_a_blend_without_its_student(folder):
    write(folder, student=StudentPart(), blend=BlendPart())
    assert read_manifest(folder).blend == BlendPart()
    write(folder, blend=BlendPart())
    with pytest.raises(CheckpointError, match="blends with a student that it does not hold"):
        read_manifest(folder)


def test_a_sketch_without_its_student(folder):
    write(folder, student=StudentPart(), sketch=SketchPart())
    assert read_manifest(folder).sketch == SketchPart()
    write(folder, sketch=SketchPart())
    with pytest.raises(CheckpointError, match="turns the vectors of a student that it does not hold"):
        read_manifest(folder)


def test_what_is_known_of_hubs_is_part_of_a_model(folder):
    plain = write(folder)
    known = write(folder, hubness=HubnessPart())
    assert read_manifest(folder).hubness == HubnessPart()
    assert known.fingerprint != plain.fingerprint


def test_a_foreign_extraction(folder):
    write(folder, extraction=99)
    with pytest.raises(CheckpointError, match="trained on extraction 99"):
        read_manifest(folder)


def test_a_manifest_names_one_language_model(folder):
    write(folder, hugging_face=HuggingFacePart("some/model"))
    with pytest.raises(CheckpointError, match="either language_model or hugging_face"):
        read_manifest(folder)


def test_an_edited_config(folder):
    edit_config(folder, width=9)
    with pytest.raises(CheckpointError, match="edited by hand"):
        read_manifest(folder)


def test_a_truncated_file(folder):
    (folder / "language_model.onnx").write_bytes(b"weights")
    with pytest.raises(CheckpointError, match=r"language_model\.onnx has 7 bytes instead of 700; export"):
        read_manifest(folder)


def test_a_missing_file(folder):
    (folder / "tokenizer.json").unlink()
    with pytest.raises(CheckpointError, match=r"tokenizer\.json is missing"):
        read_manifest(folder)


def test_a_changed_file_of_the_same_size_is_found_by_its_content(folder):
    (folder / "language_model.onnx").write_bytes(b"Weights" * 100)
    manifest = read_manifest(folder)
    with pytest.raises(CheckpointError, match="has changed since the model was written"):
        verify_files(folder, manifest)


def test_messages_are_one_line(tmp_path):
    with pytest.raises(CheckpointError) as problem:
        read_manifest(tmp_path / "absent")
    assert "\n" not in str(problem.value)


def test_the_default_model_is_whole():
    manifest = read_manifest(default_model_dir())
    verify_files(default_model_dir(), manifest)
    assert manifest.width == 384
    assert (default_model_dir() / "LICENSE-MiniLM").is_file()


def test_reading_a_manifest_needs_nothing_that_runs_a_model():
    script = (
        "import sys; from codekin_model.checkpoint.manifest import read_manifest, default_model_dir;"
        "read_manifest(default_model_dir());"
        "print({'onnxruntime', 'tokenizers', 'torch', 'transformers'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"
