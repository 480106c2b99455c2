"""What was exported in int8 comes back as the weights that it was, as near as eight bits are."""

import pytest

torch = pytest.importorskip("torch")

from codekin_model.heads.name_decoder import NameDecoder, NameDecoderConfig  # noqa: E402 - torch is an extra
from codekin_model.torch_runtime.export_names import DECODER_GRAPH, export_name_decoder  # noqa: E402
from codekin_model.torch_runtime.read_back import read_back  # noqa: E402

_STEPS = 127


@pytest.fixture(scope="module")
def decoder(tmp_path_factory):
    torch.manual_seed(3)
    decoder = NameDecoder(NameDecoderConfig(50, memory=24, width=16, heads=2, hidden=20)).eval()
    for parameter in decoder.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    return decoder


@pytest.fixture(scope="module")
def weights(decoder, tmp_path_factory):
    folder = tmp_path_factory.mktemp("exported")
    export_name_decoder(decoder, folder)
    return read_back(folder / DECODER_GRAPH)


def test_every_parameter_comes_back(decoder, weights):
    tied = {"words.weight": weights["weight"], **{name: value for name, value in weights.items() if name != "weight"}}
    fresh = NameDecoder(decoder.config)
    fresh.load_state_dict(tied)
    for name, value in decoder.state_dict().items():
        assert torch.allclose(tied[name], value, atol=float(value.abs().max()) / _STEPS), name


def test_what_is_not_quantised_comes_back_as_it_was(decoder, weights):
    for name in ("places", "bias", "norm.weight", "layers.1.widen.bias"):
        assert torch.equal(weights[name], decoder.state_dict()[name])
