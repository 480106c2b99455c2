"""Pretrained models as they are, as model folders."""

import shutil

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("onnx")

from codekin_model.checkpoint.manifest import CheckpointError, HuggingFacePart, read_manifest
from codekin_model.encoders.language_model import load_language_model
from codekin_model.runtime.onnx_embedder import load_onnx_embedder
from codekin_model.torch_runtime.hugging_face import load_hugging_face_embedder
from codekin_model.training.adopting import adopt, adopt_as_onnx

TEXTS = ["read a file", "parse header line"]


def test_a_model_is_run_where_it_is(bert, tmp_path):
    told = adopt(HuggingFacePart(str(bert), max_tokens=64), tmp_path)
    assert told["fingerprint"] == read_manifest(tmp_path).fingerprint
    assert load_hugging_face_embedder(tmp_path, 1).embed_queries(TEXTS).shape == (2, 32)


def test_a_graph_of_a_model_gives_its_vectors_and_tells_how_near(bert, tmp_path):
    told = adopt_as_onnx(bert, tmp_path / "model")
    assert float(str(told["cosine, least"])) > 0.95
    vectors = load_onnx_embedder(tmp_path / "model", 1).embed_queries(TEXTS)
    assert vectors.shape == (2, load_language_model(bert).width)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_a_graph_has_no_part_but_the_language_model(bert, tmp_path):
    adopt_as_onnx(bert, tmp_path)
    manifest = read_manifest(tmp_path)
    assert (manifest.names, manifest.structure, manifest.student, manifest.hubness) == (None, None, None, None)


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "model.safetensors"])
def test_a_folder_that_lacks_a_file_is_refused_by_its_name(bert, tmp_path, name):
    source = shutil.copytree(bert, tmp_path / "bert")
    (source / name).unlink()
    with pytest.raises(CheckpointError, match=name):
        adopt_as_onnx(source, tmp_path / "model")
    assert not (tmp_path / "model").exists()
