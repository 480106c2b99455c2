import copy

import pytest
import torch
from torch import nn

from codekin_model.encoders.language_model import load_language_model
from codekin_model.torch_runtime.smoothing import smooth

IDS = [torch.tensor([[2, 7, 5, 9, 3]]), torch.tensor([[2, 11, 6, 3]])]


class OneLayer(nn.Module):
    """Stands in for a language model: one linear layer over a table of values."""

    def __init__(self, table, weight):
        super().__init__()
        self.table = nn.Embedding.from_pretrained(table)
        self.encoder = nn.ModuleDict({"dense": nn.Linear(2, 2, bias=False), "unused": nn.Linear(2, 2)})
        self.encoder["dense"].weight = nn.Parameter(weight)

    def forward(self, ids, mask):
        return self.encoder["dense"](self.table(ids))


@pytest.mark.parametrize("name", ["bert", "qwen2", "llama"])
def test_a_smoothed_model_says_the_same(name, request):
    model = load_language_model(request.getfixturevalue(name))
    smoothed = copy.deepcopy(model)
    smooth(smoothed, IDS)
    with torch.inference_mode():
        for ids in IDS:
            before, after = (each.states(ids, torch.ones_like(ids)) for each in (model, smoothed))
            assert after.numpy() == pytest.approx(before.numpy(), abs=1e-4)


def test_layers_with_the_same_input_share_a_scale(bert):
    model = load_language_model(bert)
    smooth(model, IDS)
    attention = model.encoder.encoder.layer[0].attention
    assert attention.self.query.shrink is attention.self.key.shrink is attention.self.value.shrink
    assert attention.self.query.shrink is not attention.output.dense.shrink


def test_scales_are_those_of_equation_4():
    model = OneLayer(torch.tensor([[4.0, -1.0], [-16.0, 0.5]]), torch.tensor([[1.0, 2.0], [-4.0, 1.0]]))
    expected = model(torch.tensor([[0, 1]]), None)
    smooth(model, [torch.tensor([[0, 1]])], strength=0.5)
    dense = model.encoder["dense"]
    assert (1 / dense.shrink).tolist() == pytest.approx([16**0.5 / 4**0.5, 1 / 2**0.5])
    assert dense.linear.weight.tolist() == [pytest.approx([2.0, 2 * 2**-0.5]), pytest.approx([-8.0, 2**-0.5])]
    assert torch.allclose(model(torch.tensor([[0, 1]]), None), expected)


def test_a_layer_that_was_not_reached_stays():
    model = OneLayer(torch.eye(2), torch.eye(2))
    smooth(model, [torch.tensor([[0, 1]])])
    assert isinstance(model.encoder["unused"], nn.Linear)
