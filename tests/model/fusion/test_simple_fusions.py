"""Concatenation and weighted sum: where they start, and what they compute."""

import pytest

torch = pytest.importorskip("torch")

from torch.nn.functional import normalize  # noqa: E402 - torch is an extra

from codekin_model.fusion.attention import AttentionFusion, AttentionFusionConfig  # noqa: E402
from codekin_model.fusion.concatenation import ConcatenationFusion  # noqa: E402
from codekin_model.fusion.part import Part  # noqa: E402
from codekin_model.fusion.weighted_sum import WeightedSumFusion  # noqa: E402

TEXT, WIDTH = 6, 4


def part(states: int, seed: int) -> Part:
    torch.manual_seed(seed)
    real = torch.ones(2, states, dtype=torch.bool)
    return Part(torch.randn(2, states, WIDTH), real, torch.full((2, states), 1 / states), torch.randn(2, WIDTH))


def fusion(kind: str, parts: int = 1, strength: float = 1.0):
    torch.manual_seed(4)
    if kind == "attention":
        return AttentionFusion(AttentionFusionConfig(TEXT, WIDTH, 2, 8, strength=strength, parts=parts)).eval()
    simple = {"concatenation": ConcatenationFusion, "weighted-sum": WeightedSumFusion}
    return simple[kind](TEXT, [WIDTH] * parts, strength=strength).eval()


def scrambled(module):
    """Random weights where training starts from zero."""
    torch.manual_seed(5)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(torch.randn_like(parameter))
    return module


KINDS = ("concatenation", "weighted-sum", "attention")
each_kind = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture
def text():
    torch.manual_seed(3)
    return normalize(torch.randn(2, TEXT), dim=-1)


@each_kind
@pytest.mark.parametrize("parts", [1, 2])
def test_training_starts_from_the_text_alone(kind, parts, text):
    fused = fusion(kind, parts).fuse(text, [part(3, 1), part(5, 2)][:parts])
    assert torch.allclose(fused.vector, text, atol=1e-6)


@each_kind
@pytest.mark.parametrize("parts", [1, 2])
def test_every_part_is_learnt_from(kind, parts, text):
    module, given = fusion(kind, parts), [part(3, 1), part(5, 2)][:parts]
    torch.manual_seed(6)
    target = normalize(torch.randn(2, TEXT), dim=-1)
    optimizer = torch.optim.Adam(module.parameters(), lr=0.05)
    for _ in range(120):
        optimizer.zero_grad()
        loss = 1 - (module.fuse(text, given).vector * target).sum(-1).mean()
        loss.backward()
        optimizer.step()
    assert loss.item() < 0.05
    for at in range(parts):
        other = [*given[:at], part(given[at].states.shape[1], 9), *given[at + 1 :]]
        assert not torch.allclose(module.fuse(text, other).vector, module.fuse(text, given).vector, atol=1e-4)


@each_kind
def test_vectors_have_length_one_and_weights_sum_to_one(kind, text):
    fused = scrambled(fusion(kind, 2)).fuse(text, [part(3, 1), part(5, 2)])
    assert fused.vector.norm(dim=-1).tolist() == pytest.approx([1, 1], abs=1e-5)
    assert fused.weights.shape == (2, 8)
    assert fused.weights.sum(-1).tolist() == pytest.approx([1, 1], abs=1e-5)


@each_kind
def test_heads_read_as_much_as_is_said(kind, text):
    module = fusion(kind, 2)
    assert module.fuse(text, [part(3, 1), part(5, 2)]).joint.shape == (2, module.joint)


@each_kind
def test_strength_goes_a_part_of_the_way(kind, text):
    half, whole = scrambled(fusion(kind, strength=0.5)), scrambled(fusion(kind))
    given = [part(3, 1)]
    meaning = whole.fuse(text, given).vector
    assert torch.allclose(half.fuse(text, given).vector, normalize(text + meaning, dim=-1), atol=1e-5)


def test_a_concatenation_is_projected(text):
    module, given = scrambled(fusion("concatenation")), part(3, 1)
    expected = torch.cat([text, given.vector], -1) @ module.project.weight.T + module.project.bias
    assert torch.allclose(module.fuse(text, [given]).vector, normalize(expected, dim=-1), atol=1e-5)


def test_a_weighted_sum_adds_projections_with_learnt_weights(text):
    module, given = scrambled(fusion("weighted-sum")), part(3, 1)
    own, structural = text @ module.text.weight.T, given.vector @ module.parts[0].weight.T
    expected = module.weights[0] * own + module.weights[1] * structural
    assert torch.allclose(module.fuse(text, [given]).vector, normalize(expected, dim=-1), atol=1e-5)


def test_attention_looks_at_the_states_of_all_parts(text):
    module, first, second = scrambled(fusion("attention", 2)), part(3, 1), part(5, 2)
    real = second.real.clone()
    real[:, 2:] = False
    fused = module.fuse(text, [first, second._replace(real=real)])
    assert (fused.weights > 0).tolist() == [[True] * 5 + [False] * 3] * 2
