"""The sketch: at first the student's vector as it is."""

import pytest

torch = pytest.importorskip("torch")

from codekin_model.fusion.sketch import Sketch  # noqa: E402 - torch is an extra

WIDTH = 6


@pytest.fixture
def vectors():
    return torch.nn.functional.normalize(torch.randn(4, WIDTH, generator=torch.Generator().manual_seed(0)), dim=-1)


def test_before_anything_is_learnt_a_vector_stays_where_it_is(vectors):
    assert torch.allclose(Sketch(WIDTH)(vectors), vectors, atol=1e-6)


def test_what_the_matrix_makes_of_a_vector_is_added_to_it(vectors):
    sketch = Sketch(WIDTH)
    torch.nn.init.normal_(sketch.turn.weight)
    total = vectors + vectors @ sketch.turn.weight.T
    assert torch.allclose(sketch(vectors), total / total.norm(dim=-1, keepdim=True), atol=1e-6)
