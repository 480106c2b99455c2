"""Hubs step back by CSLS, inside plain vectors."""

import pytest

torch = pytest.importorskip("torch")

from codekin_model.fusion.hubness import Hubness, HubnessShape  # noqa: E402 - torch is an extra

WIDTH, QUESTIONS, STRENGTH = 8, 20, 0.5


def rows(count: int, seed: int):
    """Vectors of length 1 that leave the last direction unused."""
    found = torch.randn(count, WIDTH, generator=torch.Generator().manual_seed(seed))
    found[:, -1] = 0
    return torch.nn.functional.normalize(found, dim=-1)


@pytest.fixture
def kept():
    return rows(QUESTIONS, 0)


@pytest.fixture
def hubness(kept):
    """Every question is kept exactly: one part, a value of its own for each."""
    found = Hubness(HubnessShape(WIDTH, QUESTIONS, 1, nearest=3, strength=STRENGTH, lift=1))
    found.codes.copy_(torch.arange(QUESTIONS).unsqueeze(1))
    found.values[0, :QUESTIONS] = kept
    found.unused.copy_(torch.eye(WIDTH)[-1])
    found.usual.fill_(0.4)
    return found


def test_questions_are_kept_as_the_values_that_their_codes_name(hubness, kept):
    assert torch.equal(hubness.kept(), kept)


def test_the_parts_of_a_question_are_joined():
    found = Hubness(HubnessShape(4, 1, 2, nearest=1, strength=1, lift=1))
    found.codes.copy_(torch.tensor([[3, 7]]))
    found.values[0, 3] = torch.tensor([1.0, 2.0])
    found.values[1, 7] = torch.tensor([3.0, 4.0])
    assert found.kept().tolist() == [[1, 2, 3, 4]]


def test_nearness_is_the_mean_product_with_the_nearest_questions(hubness, kept):
    units = rows(5, 1)
    for unit, near in zip(units, hubness.near(units), strict=True):
        products = sorted((float(unit @ question) for question in kept), reverse=True)
        assert float(near) == pytest.approx(sum(products[:3]) / 3, abs=1e-6)


def test_products_rank_as_csls_does(hubness):
    units, questions = rows(30, 1), rows(6, 2)
    csls = questions @ units.T - STRENGTH * hubness.near(units)
    found = hubness.questions(questions) @ hubness.units(units).T
    for expected, actual in zip(csls, found, strict=True):
        assert torch.corrcoef(torch.stack([expected, actual]))[0, 1] > 0.999
    plain = questions @ units.T
    assert min(torch.corrcoef(torch.stack(pair))[0, 1] for pair in zip(csls, plain, strict=True)) < 0.99


def test_a_unit_as_near_as_usual_stays_where_it_is(hubness):
    unit = rows(1, 3)
    hubness.usual.copy_(hubness.near(unit)[0])
    assert torch.allclose(hubness.units(unit), unit, atol=1e-6)


def test_vectors_have_length_one(hubness):
    for vectors in (hubness.units(rows(9, 4)), hubness.questions(rows(9, 4))):
        assert torch.allclose(vectors.norm(dim=-1), torch.ones(9))


def test_what_a_vector_had_in_the_unused_direction_does_not_count(hubness):
    units = rows(4, 5)
    tilted = units.clone()
    tilted[:, -1] = 0.1
    assert torch.allclose(hubness.questions(tilted), hubness.questions(units), atol=1e-6)
