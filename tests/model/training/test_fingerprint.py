"""A module is known by its weights."""

import pytest

torch = pytest.importorskip("torch")

from codekin_model.training.fingerprint import fingerprint_of  # noqa: E402 - torch is an extra


def module(seed: int):
    torch.manual_seed(seed)
    return torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2))  # which counts batches in a scalar


def test_equal_weights_have_one_fingerprint():
    assert fingerprint_of(module(1)) == fingerprint_of(module(1))


def test_other_weights_have_another():
    assert fingerprint_of(module(1)) != fingerprint_of(module(2))


def test_halves_are_weights_too():
    assert fingerprint_of(module(1).bfloat16()) != fingerprint_of(module(1))
