"""Run folders: what is written is read, and what is damaged is refused with one line."""

import json
from collections import Counter

import numpy as np
import pytest

from codekin_model.checkpoint.manifest import CheckpointError
from codekin_model.checkpoint.run import Run, find_run, read_run, weights_of, write_run
from codekin_model.vocab.vocabulary import vocabulary_of

save_file = pytest.importorskip("safetensors.numpy").save_file

RUN = Run(
    "search",
    {"code": ["tokens"], "training": {"epochs": 2, "learning_rate": 0.5}},
    {"words": vocabulary_of(Counter(["read", "file"]), at_least=1, at_most=9)},
    {"text": 384, "language_model": "abc"},
)


@pytest.fixture
def folder(tmp_path):
    write_run(tmp_path / "run", RUN)
    tensors = {"a": np.zeros((3, 5), np.float32), "b": np.ones(7, np.float16)}
    save_file(tensors, tmp_path / "run" / "best.safetensors")
    return tmp_path / "run"


def changed(folder, **fields):
    path = folder / "description.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | fields))


def refusal(folder) -> str:
    with pytest.raises(CheckpointError) as refused:
        read_run(folder, ["search", "names"])
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_what_is_written_is_read(folder):
    assert read_run(folder, ["search"]) == RUN
    assert weights_of(folder) == folder / "best.safetensors"


def test_a_run_is_described_by_a_format_and_a_kind(folder):
    description = json.loads((folder / "description.json").read_text())
    assert (description["format"], description["kind"]) == (1, "search")
    assert description["vocabularies"] == {"words": "words.txt"}


def test_another_format_is_refused(folder):
    changed(folder, format=2)
    assert "format 2, this codekin reads format 1" in refusal(folder)


def test_another_extraction_is_refused(folder):
    changed(folder, extraction=0)
    assert "train it again" in refusal(folder)


def test_an_unknown_kind_is_refused(folder):
    changed(folder, kind="poem")
    assert "kind 'poem'; expected search or names" in refusal(folder)


def test_weights_cut_short_are_refused(folder):
    weights = folder / "best.safetensors"
    weights.write_bytes(weights.read_bytes()[:-10])
    assert f"{weights} has {weights.stat().st_size} bytes instead of {weights.stat().st_size + 10}" in refusal(folder)


@pytest.mark.parametrize("length", [0, 5, 20])
def test_weights_without_a_whole_header_are_refused(folder, length):
    weights = folder / "best.safetensors"
    weights.write_bytes(weights.read_bytes()[:length])
    assert "cut short or no safetensors file" in refusal(folder)


@pytest.mark.parametrize(
    "content", [b"what is this, then", b"\x04\0\0\0\0\0\0\0true", b'\x0b\0\0\0\0\0\0\0{"a": "b"}  ']
)
def test_weights_of_another_kind_are_refused(folder, content):
    (folder / "best.safetensors").write_bytes(content)
    assert "no safetensors file" in refusal(folder)


def test_missing_weights_are_refused(folder):
    (folder / "best.safetensors").unlink()
    assert "best.safetensors cannot be read" in refusal(folder)


def test_a_missing_vocabulary_is_refused(folder):
    (folder / "words.txt").unlink()
    assert "words.txt cannot be read" in refusal(folder)


def test_a_vocabulary_of_something_else_is_refused(folder):
    (folder / "words.txt").write_text("read\nfile")
    assert "words.txt is no vocabulary" in refusal(folder)


def test_a_vocabulary_that_is_no_text_is_refused_by_its_name(folder):
    (folder / "words.txt").write_bytes(b"<PAD>\n<UNK>\n\xff")
    assert "words.txt is no text in UTF-8" in refusal(folder)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": 1}', '{"format": 1, "kind": 3}'])
def test_a_description_that_describes_nothing_is_refused(folder, content):
    (folder / "description.json").write_text(content)
    assert "describes no run" in refusal(folder)


def test_a_folder_without_a_run_is_refused(tmp_path):
    assert "give the folder of a finished `codekin train`" in refusal(tmp_path)


def test_a_run_without_weights_is_found(tmp_path):
    write_run(tmp_path, RUN)
    assert find_run(tmp_path) == RUN


def test_no_run_is_found_in_a_folder_without_one(tmp_path):
    assert find_run(tmp_path) is None
