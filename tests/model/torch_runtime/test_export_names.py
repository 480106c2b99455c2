"""The exported decoder says what torch says, for any number of prefixes, words and tokens."""

import pytest

torch = pytest.importorskip("torch")

import numpy as np  # noqa: E402 - torch is an extra
import onnx  # noqa: E402
import onnxruntime  # noqa: E402

from codekin_model.torch_runtime.export_names import DECODER_GRAPH  # noqa: E402

LONGEST = 8


@pytest.fixture(scope="module")
def session(tiny_model):
    return onnxruntime.InferenceSession(tiny_model.folder / DECODER_GRAPH)


@pytest.mark.parametrize(
    ("prefixes", "words", "tokens"), [(1, 1, 1), (2, 3, 9), (8, LONGEST, 128), (30, 5, 64), (1, 4, 2)]
)
def test_distributions_agree(tiny_model, session, prefixes, words, tokens):
    torch.manual_seed(prefixes)
    states = torch.randn(1, tokens, 32)
    vector = torch.nn.functional.normalize(states.mean(1), dim=-1)
    said = torch.randint(0, len(tiny_model.names) + 3, (prefixes, words))
    with torch.inference_mode():
        expected = tiny_model.decoder(states, torch.ones(1, tokens, dtype=torch.bool), vector, said)
    given = {"states": states.numpy(), "vector": vector.numpy(), "said": said.numpy()}
    generated, copied = session.run(["generated", "copied"], given)
    assert generated == pytest.approx(expected.generated.numpy(), abs=0.03)
    assert copied == pytest.approx(expected.copied.numpy(), abs=0.03)
    assert generated.sum(-1) + copied.sum(-1) == pytest.approx(1, abs=1e-4)


def test_the_weights_are_int8(tiny_model):
    stored = onnx.load(str(tiny_model.folder / DECODER_GRAPH)).graph.initializer
    small = sum(int(np.prod(each.dims)) for each in stored if each.data_type == onnx.TensorProto.INT8)
    assert small > 0.9 * sum(each.numel() for each in tiny_model.decoder.parameters())


def test_words_are_kept_once(tiny_model):
    stored = onnx.load(str(tiny_model.folder / DECODER_GRAPH)).graph.initializer
    width, words = tiny_model.decoder.config.width, tiny_model.decoder.config.words
    assert [tuple(each.dims) for each in stored if words in each.dims and len(each.dims) > 1] == [(width, words)]
