"""What was exported in int8 comes back as the weights that it was, as near as eight bits are."""

import pytest

torch = pytest.importorskip("torch")

import onnxruntime  # noqa: E402 - torch is an extra

from codekin_model.heads.name_decoder import NameDecoder, NameDecoderConfig  # noqa: E402 - torch is an extra
from codekin_model.torch_runtime.export_names import DECODER_GRAPH, export_name_decoder  # noqa: E402
from codekin_model.torch_runtime.read_back import read_back  # noqa: E402

_STEPS = 127


@pytest.fixture(scope="module", params=[(50, 16, 20), (20, 16, 20), (16, 16, 16)], ids=str)
def decoder(request):
    """Of as many words as other matrices are wide, too."""
    words, width, hidden = request.param
    torch.manual_seed(3)
    decoder = NameDecoder(NameDecoderConfig(words, memory=24, width=width, heads=2, hidden=hidden)).eval()
    for parameter in decoder.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    return decoder


@pytest.fixture(scope="module")
def graph(decoder, tmp_path_factory):
    folder = tmp_path_factory.mktemp("exported")
    export_name_decoder(decoder, folder)
    return folder / DECODER_GRAPH


@pytest.fixture(scope="module")
def weights(graph):
    return read_back(graph)


def test_every_parameter_comes_back(decoder, weights):
    tied = {"words.weight": weights["weight"], **{name: value for name, value in weights.items() if name != "weight"}}
    fresh = NameDecoder(decoder.config)
    fresh.load_state_dict(tied)
    for name, value in decoder.state_dict().items():
        assert torch.allclose(tied[name], value, atol=float(value.abs().max()) / _STEPS), name


def test_what_is_not_quantised_comes_back_as_it_was(decoder, weights):
    for name in ("places", "bias", "norm.weight", "layers.1.widen.bias"):
        assert torch.equal(weights[name], decoder.state_dict()[name])


def test_words_that_were_said_are_looked_up_among_those_that_are_heard(decoder, graph):
    states = torch.randn(1, 5, 24)
    vector = torch.nn.functional.normalize(states.mean(1), dim=-1)
    said = torch.tensor([[0, 7, 3], [0, 11, 15]])
    with torch.inference_mode():
        expected = decoder(states, torch.ones(1, 5, dtype=torch.bool), vector, said)
    given = {"states": states.numpy(), "vector": vector.numpy(), "said": said.numpy()}
    generated, copied = onnxruntime.InferenceSession(graph).run(["generated", "copied"], given)
    assert generated == pytest.approx(expected.generated.numpy(), abs=0.05)
    assert copied == pytest.approx(expected.copied.numpy(), abs=0.05)
