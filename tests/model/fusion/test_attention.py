"""Fusion by attention starts from the language model and looks at real contexts only."""

from dataclasses import replace

import pytest

torch = pytest.importorskip("torch")

from codekin_model.encoders.code2vec import StructuralCode  # noqa: E402 - torch is an extra
from codekin_model.fusion.attention import AttentionFusion, AttentionFusionConfig  # noqa: E402 - torch is an extra

CONFIG = AttentionFusionConfig(text=12, structure=8, heads=2, hidden=16)


def code(contexts: int) -> StructuralCode:
    torch.manual_seed(1)
    return StructuralCode(torch.randn(2, contexts, 8), torch.full((2, contexts), 1 / contexts), torch.randn(2, 8))


@pytest.fixture
def text() -> torch.Tensor:
    torch.manual_seed(2)
    return torch.nn.functional.normalize(torch.randn(2, 12), dim=-1)


@pytest.fixture
def trained() -> AttentionFusion:
    torch.manual_seed(3)
    fusion = AttentionFusion(CONFIG).eval()
    torch.nn.init.normal_(fusion.narrow.weight)
    return fusion


def test_an_untrained_fusion_is_the_language_model(text):
    fused = AttentionFusion(CONFIG).eval()(text, code(3), torch.ones(2, 3, dtype=torch.long))
    assert torch.allclose(fused.vector, text, atol=1e-6)


def test_vectors_have_length_one_and_weights_sum_to_one(trained, text):
    fused = trained(text, code(3), torch.ones(2, 3, dtype=torch.long))
    assert fused.vector.norm(dim=-1).tolist() == pytest.approx([1.0, 1.0], abs=1e-5)
    assert fused.weights.sum(-1).tolist() == pytest.approx([1.0, 1.0], abs=1e-5)


def test_padded_contexts_have_no_say(trained, text):
    padded, path = code(3), torch.tensor([[1, 1, 0], [1, 1, 0]])
    other = padded._replace(contexts=padded.contexts.clone())
    other.contexts[:, 2] = 100.0
    assert torch.allclose(trained(text, padded, path).vector, trained(text, other, path).vector, atol=1e-6)
    assert not trained(text, padded, path).weights[:, 2].any()


def test_the_joint_representation_holds_all_three_parts(trained, text):
    assert trained(text, code(3), torch.ones(2, 3, dtype=torch.long)).joint.shape == (2, 12 + 2 * 8)


def test_strength_goes_a_part_of_the_way(trained, text):
    half = AttentionFusion(replace(CONFIG, strength=0.5)).eval()
    half.load_state_dict(trained.state_dict())
    path = torch.ones(2, 3, dtype=torch.long)
    fused = half(text, code(3), path)
    assert torch.allclose(fused.meaning, trained(text, code(3), path).vector, atol=1e-6)
    assert torch.allclose(fused.vector, torch.nn.functional.normalize(text + fused.meaning, dim=-1), atol=1e-6)
