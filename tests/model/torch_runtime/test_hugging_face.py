import shutil

import numpy as np
import pytest
import torch

from codekin_model.checkpoint.manifest import (
    CheckpointError,
    HuggingFacePart,
    LanguageModelPart,
    Manifest,
    read_manifest,
    write_manifest,
)
from codekin_model.embedder import Surroundings
from codekin_model.extracted import ExtractedUnit
from codekin_model.torch_runtime.hugging_face import load_hugging_face_embedder, write_hugging_face_folder

TEXTS = ["def read ( a )", "sort", "parse header line : word , word , word", "write file"]


def units(*texts, **changes):
    return [ExtractedUnit(text, text, (), **changes) for text in texts]


@pytest.fixture(params=["bert mean", "bert cls", "qwen2 mean", "qwen2 last", "llama mean", "llama last", "gpt2 last"])
def part(request):
    model, pooling = request.param.split()
    return HuggingFacePart(str(request.getfixturevalue(model)), pooling=pooling, max_tokens=16)


@pytest.fixture
def embedder(part, tmp_path):
    write_hugging_face_folder(tmp_path, part)
    return load_hugging_face_embedder(tmp_path, threads=1)


def test_the_folder_describes_the_model(part, tmp_path):
    written = write_hugging_face_folder(tmp_path, part)
    assert read_manifest(tmp_path) == written
    assert written.width == 32
    assert written.hugging_face.revision is not None


def test_it_is_an_embedder(embedder, tmp_path):
    assert embedder.width == 32
    assert embedder.fingerprint == read_manifest(tmp_path).fingerprint
    vectors = embedder.embed_units(units(*TEXTS))
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_padding_changes_no_vector(embedder):
    together = embedder.embed_units(units(*TEXTS))
    alone = np.concatenate([embedder.embed_units(units(text)) for text in TEXTS])
    assert together == pytest.approx(alone, abs=1e-5)


def test_the_same_words_are_the_same_vector_as_unit_and_as_query(embedder):
    assert embedder.embed_queries(["sort"]) == pytest.approx(embedder.embed_units(units("sort")), abs=1e-6)


def test_other_words_are_another_vector(embedder):
    read, sort = embedder.embed_queries(["read file", "sort word"])
    assert read @ sort < 0.999


def test_texts_are_cut(embedder):
    long = "read " * 40
    assert embedder.embed_queries([long]) == pytest.approx(embedder.embed_queries([long + "sort"]), abs=1e-6)


def test_nothing_in_nothing_out(embedder):
    assert embedder.embed_units([]).shape == (0, 32)


def test_a_query_prefix_stands_before_queries_only(qwen2, tmp_path):
    write_hugging_face_folder(tmp_path, HuggingFacePart(str(qwen2), max_tokens=64, query_prefix="read : "))
    embedder = load_hugging_face_embedder(tmp_path, threads=1)
    assert embedder.embed_queries(["sort"]) == pytest.approx(embedder.embed_units(units("read : sort")), abs=1e-6)
    assert embedder.embed_queries(["sort"]) != pytest.approx(embedder.embed_units(units("sort")), abs=1e-3)


def test_pooling_and_prefix_are_part_of_the_fingerprint(qwen2, tmp_path):
    variants = [{}, {"pooling": "last"}, {"query_prefix": "find: "}, {"max_tokens": 63}]
    parts = [HuggingFacePart(str(qwen2), **{"max_tokens": 64, **each}) for each in variants]
    assert len({write_hugging_face_folder(tmp_path, each).fingerprint for each in parts}) == len(parts)


def test_it_has_no_names_and_no_structure(embedder):
    (unit,) = units("def METHOD_NAME ( )", masked=True)
    assert embedder.suggest_names(unit, Surroundings(), 5) == ()
    assert embedder.nearness(unit, "read_all") == 1
    assert embedder.explain(unit).structure_share == 0
    with pytest.raises(ValueError, match="masked"):
        embedder.suggest_names(*units("def read ( )"), Surroundings(), 5)


def test_a_source_that_changed_is_noticed(bert, tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    for path in bert.iterdir():
        (source / path.name).write_bytes(path.read_bytes())
    write_hugging_face_folder(tmp_path / "model", HuggingFacePart(str(source), max_tokens=64))
    (source / "added.json").write_text("{}")
    with pytest.raises(CheckpointError, match="has changed since"):
        load_hugging_face_embedder(tmp_path / "model", threads=1)


def test_a_folder_without_a_model(tmp_path):
    with pytest.raises(CheckpointError, match=r"cannot be loaded .*safetensors weights"):
        write_hugging_face_folder(tmp_path / "model", HuggingFacePart(str(tmp_path)))


def test_pickled_weights_are_not_loaded(bert, tmp_path):
    for path in bert.iterdir():
        if path.suffix != ".safetensors":
            (tmp_path / path.name).write_bytes(path.read_bytes())
    torch.save({}, tmp_path / "pytorch_model.bin")
    with pytest.raises(CheckpointError, match="cannot be loaded"):
        write_hugging_face_folder(tmp_path / "model", HuggingFacePart(str(tmp_path)))


def copied(source, target):
    return shutil.copytree(source, target / "copied")


def test_a_folder_without_a_tokenizer(bert, tmp_path):
    source = copied(bert, tmp_path)
    for path in source.glob("tokenizer*"):
        path.unlink()
    with pytest.raises(CheckpointError, match=r"copied brings no tokenizer: put tokenizer\.json beside the weights"):
        write_hugging_face_folder(tmp_path / "model", HuggingFacePart(str(source), max_tokens=64))


def test_weights_cut_short(bert, tmp_path):
    source = copied(bert, tmp_path)
    (source / "model.safetensors").write_bytes((source / "model.safetensors").read_bytes()[:3000])
    with pytest.raises(CheckpointError, match=r"copied cannot be loaded \(its weights are damaged"):
        write_hugging_face_folder(tmp_path / "model", HuggingFacePart(str(source), max_tokens=64))


def test_more_tokens_than_the_model_has_places(bert, tmp_path):
    with pytest.raises(CheckpointError, match="reads 160 tokens of a text at most: set max_tokens to 160 or less"):
        write_hugging_face_folder(tmp_path, HuggingFacePart(str(bert), max_tokens=161))


def test_what_pooling_was_configured_is_written_down(bert, tmp_path):
    source = copied(bert, tmp_path)
    (source / "1_Pooling").mkdir()
    (source / "1_Pooling" / "config.json").write_text('{"pooling_mode_cls_token": true}')
    part = HuggingFacePart(str(source), pooling="configured", max_tokens=64)
    assert write_hugging_face_folder(tmp_path / "model", part).hugging_face.pooling == "cls"


def test_an_unknown_pooling(bert, tmp_path):
    with pytest.raises(CheckpointError, match="no pooling is called 'max': choose one of mean, last, cls, configured"):
        write_hugging_face_folder(tmp_path, HuggingFacePart(str(bert), pooling="max"))


def test_an_onnx_folder_is_left_to_onnx(tmp_path):
    write_manifest(tmp_path, Manifest("tiny", 32, LanguageModelPart()), ())
    with pytest.raises(CheckpointError, match="ONNX"):
        load_hugging_face_embedder(tmp_path, threads=1)
