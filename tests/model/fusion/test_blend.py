"""The blend: a weighted sum in one space, at first a share of the student's vector."""

import pytest

torch = pytest.importorskip("torch")

from codekin_model.fusion.blend import Blend  # noqa: E402 - torch is an extra

WIDTH = 6


def rows(seed: int):
    return torch.nn.functional.normalize(torch.randn(4, WIDTH, generator=torch.Generator().manual_seed(seed)), dim=-1)


@pytest.fixture
def given():
    return rows(0), rows(1), rows(2)


def test_before_anything_is_learnt_a_fifth_of_the_students_vector_joins_the_fused_one(given):
    fused, _, words = given
    expected = torch.nn.functional.normalize(fused + 0.2 * words, dim=-1)
    assert torch.allclose(Blend(WIDTH)(*given), expected, atol=1e-6)


def test_half_its_strength_goes_half_of_the_way(given):
    fused, _, words = given
    expected = torch.nn.functional.normalize(fused + 0.1 * words, dim=-1)
    assert torch.allclose(Blend(WIDTH, strength=0.5)(*given), expected, atol=1e-6)


def test_it_is_the_sum_of_what_its_matrices_make_of_each(given):
    blend = Blend(WIDTH)
    torch.manual_seed(3)
    for parameter in blend.parameters():
        torch.nn.init.normal_(parameter)
    fused, text, words = given
    total = fused + text @ blend.text.weight.T + blend.text.bias + words @ blend.words.weight.T
    assert torch.allclose(blend(*given), total / total.norm(dim=-1, keepdim=True), atol=1e-6)
