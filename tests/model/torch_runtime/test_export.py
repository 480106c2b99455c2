import json

import numpy as np
import onnxruntime
import pytest
import torch

from codekin_model.encoders.language_model import load_language_model
from codekin_model.runtime.language_model import OnnxLanguageModel
from codekin_model.torch_runtime.export import export_language_model, write_graph

TEXTS = ["def read ( a )", "sort", "parse header line : word , word , word", "", "write file . read file . sort"]


@pytest.fixture(scope="module")
def exported(bert, tmp_path_factory):
    """A folder with the quantised graph and the tokenizer, and in it the full graph."""
    folder = tmp_path_factory.mktemp("exported")
    export_language_model(bert, folder)
    write_graph(load_language_model(bert), folder / "full.onnx")
    return folder


@pytest.fixture(scope="module")
def expected(bert, exported):
    """What torch says, a text at a time."""
    model = load_language_model(bert)
    tokenizer = OnnxLanguageModel(exported, threads=1)._tokenizer
    with torch.inference_mode():
        ids = [torch.tensor([tokenizer.encode(text).ids]) for text in TEXTS]
        return torch.cat([model(each, torch.ones_like(each)) for each in ids]).numpy()


def test_the_full_graph_says_what_torch_says(exported, expected):
    vectors = OnnxLanguageModel(exported, threads=1, graph="full.onnx").embed(TEXTS)
    assert vectors == pytest.approx(expected, abs=1e-5)


def test_the_full_graph_gives_the_last_layers_states(bert, exported):
    found = OnnxLanguageModel(exported, threads=1, graph="full.onnx")
    ids = found._tokenizer.encode(TEXTS[2]).ids
    states, vector = found.states(ids)
    with torch.inference_mode():
        expected = load_language_model(bert).encoder(torch.tensor([ids])).last_hidden_state[0]
    assert states == pytest.approx(expected.numpy(), abs=1e-4)
    assert vector == pytest.approx(torch.nn.functional.normalize(expected.mean(0), dim=-1).numpy(), abs=1e-5)


def test_the_quantised_graph_is_close_to_torch(exported, expected):
    vectors = OnnxLanguageModel(exported, threads=1).embed(TEXTS)
    assert (vectors * expected).sum(axis=1).min() > 0.98


def test_examples_bring_the_quantised_graph_nearer_to_torch(bert, exported, expected, tmp_path):
    model = load_language_model(bert)
    with torch.no_grad():
        model.encoder.encoder.layer[0].attention.output.LayerNorm.weight[:2] = 60.0  # the outliers of grown models
    model.encoder.save_pretrained(tmp_path / "outliers")
    (tmp_path / "outliers/tokenizer.json").write_bytes((bert / "tokenizer.json").read_bytes())
    tokenizer = OnnxLanguageModel(exported, threads=1)._tokenizer
    with torch.inference_mode():
        ids = [torch.tensor([tokenizer.encode(text).ids]) for text in TEXTS]
        wanted = torch.cat([model(each, torch.ones_like(each)) for each in ids]).numpy()
    near = []
    for name, examples in (("plain", ()), ("smoothed", TEXTS)):
        export_language_model(tmp_path / "outliers", tmp_path / name, examples)
        vectors = OnnxLanguageModel(tmp_path / name, threads=1).embed(TEXTS)
        near.append(float((vectors * wanted).sum(axis=1).mean()))
    assert near[1] > near[0]


def test_padding_changes_nothing_in_the_graph(exported, expected):
    session = onnxruntime.InferenceSession(exported / "full.onnx")
    tokenizer = OnnxLanguageModel(exported, threads=1)._tokenizer
    tokenizer.enable_padding(length=40)
    batch = tokenizer.encode_batch(TEXTS)
    inputs = {
        "input_ids": np.array([each.ids for each in batch], dtype=np.int64),
        "attention_mask": np.array([each.attention_mask for each in batch], dtype=np.int64),
    }
    assert session.run(["vector"], inputs)[0] == pytest.approx(expected, abs=1e-5)


def test_the_quantised_graph_is_small(exported):
    size = (exported / "language_model.onnx").stat().st_size
    assert size < (exported / "full.onnx").stat().st_size


def test_the_tokenizer_forgets_the_lengths_of_its_training(exported):
    tokenizer = json.loads((exported / "tokenizer.json").read_text())
    assert (tokenizer["truncation"], tokenizer["padding"]) == (None, None)
