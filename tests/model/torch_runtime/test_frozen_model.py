"""Any language model can be the frozen one of a search system, and no other is taken for it afterwards."""

from dataclasses import replace

import numpy as np
import pytest
from safetensors.torch import load_file, save_file

pytest.importorskip("datasketch")

from codekin_model.checkpoint.manifest import CheckpointError, default_model_dir
from codekin_model.corpus.build import read_corpus
from codekin_model.encoders.language_model import Pooling
from codekin_model.torch_runtime.frozen_model import load_frozen_model
from codekin_model.torch_runtime.search_config import CodePart, FusionKind, LanguageModelConfig, Sizes
from codekin_model.training.search_config import DataConfig, SearchConfig, TrainingConfig
from codekin_model.training.search_system import load_search_system
from codekin_model.training.train_search import train_search


@pytest.fixture(params=["bert mean", "bert cls", "qwen2 last", "llama last"])
def config(request):
    name, pooling = request.param.split()
    return LanguageModelConfig(str(request.getfixturevalue(name)), pooling=Pooling(pooling), max_tokens=16)


def copied(source, target):
    target.mkdir()
    for path in source.iterdir():
        (target / path.name).write_bytes(path.read_bytes())
    return target


def test_texts_become_vectors_of_length_one(config):
    model = load_frozen_model(config, threads=1)
    vectors = model.embed(["read file", "sort"])
    assert vectors.shape == (2, model.width) == (2, 32)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_the_shipped_model_is_one_of_them_and_any_folder_like_it():
    shipped, same = (
        load_frozen_model(LanguageModelConfig(source, max_tokens=8), threads=1)
        for source in ("codekin", str(default_model_dir()))
    )
    assert shipped.embed(["read file"]).shape == (1, shipped.width)
    assert shipped.fingerprint == same.fingerprint


def test_a_model_is_the_same_wherever_it_lies(bert, tmp_path):
    elsewhere = copied(bert, tmp_path / "elsewhere")
    one, two = (load_frozen_model(LanguageModelConfig(str(each)), threads=1) for each in (bert, elsewhere))
    assert one.fingerprint == two.fingerprint


def test_other_weights_are_another_model(bert, tmp_path):
    other = copied(bert, tmp_path / "other")
    tensors = load_file(other / "model.safetensors")
    name = next(name for name in tensors if name.endswith("layer.1.output.dense.bias"))
    save_file(tensors | {name: tensors[name] + 1}, other / "model.safetensors", {"format": "pt"})
    one, two = (load_frozen_model(LanguageModelConfig(str(each)), threads=1) for each in (bert, other))
    assert one.fingerprint != two.fingerprint


def test_pooling_and_length_are_part_of_the_fingerprint(qwen2):
    config = LanguageModelConfig(str(qwen2), max_tokens=12)
    others = [config, replace(config, pooling=Pooling.LAST), replace(config, max_tokens=9)]
    assert len({load_frozen_model(each, threads=1).fingerprint for each in others}) == 3


def test_a_configured_pooling_is_that_which_it_stands_for(bert, tmp_path):
    folder = copied(bert, tmp_path / "configured")
    config = LanguageModelConfig(str(folder), pooling=Pooling.CONFIGURED)
    before = load_frozen_model(config, threads=1).fingerprint
    assert before == load_frozen_model(replace(config, pooling=Pooling.MEAN), threads=1).fingerprint
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text('{"pooling_mode_cls_token": true}')
    assert before != load_frozen_model(config, threads=1).fingerprint


def test_a_graph_that_has_changed_is_refused(tiny_model, tmp_path):
    folder = copied(tiny_model.folder, tmp_path / "model")
    graph = folder / "language_model.onnx"
    graph.write_bytes(bytes(graph.stat().st_size))
    with pytest.raises(CheckpointError, match=r"language_model\.onnx has changed since the model was written"):
        load_frozen_model(LanguageModelConfig(str(folder)), threads=1)


def test_more_tokens_than_a_graph_has_places_are_refused(tiny_model):
    config = LanguageModelConfig(str(tiny_model.folder), max_tokens=200)
    with pytest.raises(CheckpointError, match="reads 160 tokens of a text at most: set max_tokens to 160 or less"):
        load_frozen_model(config, threads=1)


def test_a_folder_without_a_model_is_refused(tmp_path):
    with pytest.raises(CheckpointError, match="cannot be loaded"):
        load_frozen_model(LanguageModelConfig(str(tmp_path)), threads=1)


def test_a_search_system_is_built_on_it(config, corpus, tmp_path):
    search = SearchConfig(
        (CodePart.LANGUAGE_MODEL, CodePart.CODE2VEC),
        FusionKind.ATTENTION,
        sizes=Sizes(embedding=8, width=16, heads=2, hidden=16),
        language_model=config,
        data=DataConfig(documented=12),
        training=TrainingConfig(epochs=1),
    )
    folder = train_search(search, corpus, tmp_path / "run", features=tmp_path)
    functions = [function for _, function in read_corpus(corpus)][:3]
    system = load_search_system(folder)
    assert system.code(functions, masked=True).shape == (3, 32)
    asked = system.queries(["read file"])
    assert asked == pytest.approx(load_frozen_model(config, threads=1).embed(["read file"]), abs=1e-3)


def test_a_run_finds_its_language_model_where_it_lies_now(bert, corpus, tmp_path):
    here = copied(bert, tmp_path / "here")
    config = SearchConfig(
        (CodePart.LANGUAGE_MODEL,),
        language_model=LanguageModelConfig(str(here), max_tokens=16),
        data=DataConfig(documented=12),
        training=TrainingConfig(epochs=1),
    )
    folder = train_search(config, corpus, tmp_path / "run", features=tmp_path)
    there = here.rename(tmp_path / "there")
    with pytest.raises(CheckpointError, match="cannot be loaded"):
        load_search_system(folder)
    assert load_search_system(folder, language_model=str(there)).queries(["read file"]).shape == (1, 32)
