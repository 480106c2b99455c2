"""Product quantisation keeps what it can of vectors in the bytes that it is given."""

import pytest

torch = pytest.importorskip("torch")

from codekin_model.fusion.hubness import VALUES  # noqa: E402 - torch is an extra
from codekin_model.training.product_codes import product_codes  # noqa: E402

WIDTH = 16


def vectors(count: int):
    return torch.randn(count, WIDTH, generator=torch.Generator().manual_seed(0))


def restored(codes, values):
    return values[torch.arange(len(values)), codes.long()].flatten(1)


def error(rows, parts: int) -> float:
    return float((restored(*product_codes(rows, parts, seed=1)) - rows).square().mean())


def test_codes_are_bytes_that_point_into_values():
    codes, values = product_codes(vectors(300), 4, seed=1)
    assert (codes.dtype, codes.shape) == (torch.uint8, (300, 4))
    assert values.shape == (4, VALUES, WIDTH // 4)


def test_every_part_has_the_value_that_it_is_nearest_to():
    rows = vectors(300)
    codes, values = product_codes(rows, 4, seed=1)
    for part, own in enumerate(rows.chunk(4, dim=1)):
        assert torch.equal(torch.cdist(own, values[part]).argmin(1).to(torch.uint8), codes[:, part])


def test_more_parts_lose_less():
    rows = vectors(2000)
    losses = [error(rows, parts) for parts in (1, 4, 8)]
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < 0.02 < losses[0]


def test_fewer_vectors_than_values_are_told_apart():
    rows = vectors(5)
    codes, _ = product_codes(rows, 2, seed=1)
    assert len(codes.unique(dim=0)) == 5
    assert error(rows, 2) < 1e-9


def test_one_seed_gives_one_answer():
    first, second = (product_codes(vectors(400), 4, seed=3) for _ in range(2))
    assert all(torch.equal(one, other) for one, other in zip(first, second, strict=True))
