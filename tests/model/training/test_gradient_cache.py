"""A large batch in chunks has the gradients of the whole, and the memory of a chunk."""

import weakref

import pytest

torch = pytest.importorskip("torch")

from torch.nn import functional  # noqa: E402 - torch is an extra

from codekin_model.training.gradient_cache import read_in_chunks  # noqa: E402


@pytest.fixture
def encoder():
    torch.manual_seed(3)
    return torch.nn.Sequential(torch.nn.Linear(5, 16), torch.nn.Tanh(), torch.nn.Linear(16, 4)).double()


BATCH = torch.randn(12, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(4))


def contrast(vectors):
    scores = functional.normalize(vectors, dim=-1) @ functional.normalize(vectors.roll(1, 0), dim=-1).T / 0.1
    return functional.cross_entropy(scores, torch.arange(len(scores)))


def gradients(encoder, loss):
    encoder.zero_grad()
    loss.backward()
    return [parameter.grad.clone() for parameter in encoder.parameters()]


@pytest.mark.parametrize("size", [1, 5, 12])
def test_gradients_are_those_of_the_whole_batch(encoder, size):
    direct = contrast(encoder(BATCH))
    cached = contrast(torch.cat(read_in_chunks(encoder, BATCH.split(size))))
    assert cached.item() == pytest.approx(direct.item(), abs=1e-12)
    for one, other in zip(gradients(encoder, direct), gradients(encoder, cached), strict=True):
        assert torch.allclose(one, other, atol=1e-12)


def test_the_second_pass_drops_what_the_first_one_dropped(encoder):
    noisy = torch.nn.Sequential(encoder, torch.nn.Dropout(0.5))
    torch.manual_seed(5)
    direct = contrast(torch.cat([noisy(chunk) for chunk in BATCH.split(4)]))
    torch.manual_seed(5)
    cached = contrast(torch.cat(read_in_chunks(noisy, BATCH.split(4))))
    for one, other in zip(gradients(encoder, direct), gradients(encoder, cached), strict=True):
        assert torch.allclose(one, other, atol=1e-12)


def test_inner_states_of_one_chunk_only_are_held(encoder):
    inner: list[weakref.ref] = []
    held: list[int] = []

    def watch(module, inputs, output):
        held.append(sum(state() is not None for state in inner))
        inner.append(weakref.ref(output))

    encoder[1].register_forward_hook(watch)
    loss = contrast(torch.cat(read_in_chunks(encoder, BATCH.split(3))))
    assert [state() for state in inner] == [None] * 4
    loss.backward()
    assert len(held) == 8
    assert max(held) <= 1
