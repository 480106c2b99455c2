"""Names word by word: distributions, what a name costs, and words that can only be copied."""

from math import log

import pytest

torch = pytest.importorskip("torch")

from codekin_model.heads.name_decoder import (  # noqa: E402 - torch is an extra
    END,
    NameDecoder,
    NameDecoderConfig,
    NextWord,
    decoder_of,
    name_loss,
    with_more_words,
)

WORDS, MEMORY = 6, 8
STRANGE, STRANGER = 70, 80
"""Words that no vocabulary holds."""


@pytest.fixture
def decoder() -> NameDecoder:
    torch.manual_seed(0)
    return NameDecoder(NameDecoderConfig(WORDS, memory=MEMORY, width=8, heads=2, hidden=16)).eval()


@pytest.fixture
def function():
    """Two functions of four tokens, the second one padded, three words said of each."""
    torch.manual_seed(1)
    real = torch.tensor([[True, True, True, True], [True, True, False, False]])
    return torch.randn(2, 4, MEMORY), real, torch.randn(2, MEMORY), torch.tensor([[END, 2, 3], [END, 4, 4]])


def test_words_to_say_and_places_to_copy_from_are_one_distribution(decoder, function):
    following = decoder(*function)
    assert following.generated.shape == (2, 3, WORDS)
    assert following.copied.shape == (2, 3, 4)
    assert torch.allclose(following.generated.sum(-1) + following.copied.sum(-1), torch.ones(2, 3), atol=1e-6)
    assert min(following.generated.min(), following.copied.min()) >= 0


def test_padding_is_neither_copied_nor_looked_at(decoder, function):
    states, real, vector, said = function
    expected = decoder(states, real, vector, said)
    assert not expected.copied[1, :, 2:].any()
    changed = decoder(states + 9 * (~real)[..., None], real, vector, said)
    assert torch.allclose(changed.generated, expected.generated, atol=1e-6)
    assert torch.allclose(changed.copied, expected.copied, atol=1e-6)


def test_a_position_sees_the_words_before_it_only(decoder, function):
    states, real, vector, said = function
    other = said.clone()
    other[:, 2] = 5
    expected, changed = decoder(states, real, vector, said), decoder(states, real, vector, other)
    assert torch.allclose(changed.generated[:, :2], expected.generated[:, :2], atol=1e-6)
    assert not torch.allclose(changed.generated[:, 2], expected.generated[:, 2], atol=1e-3)


def test_a_word_that_was_copied_is_read_as_the_unknown_word(decoder, function):
    states, real, vector, said = function
    known, strange = said.clone(), said.clone()
    known[:, 1], strange[:, 1] = 1, STRANGE
    assert torch.equal(decoder(states, real, vector, known).copied, decoder(states, real, vector, strange).copied)


def test_the_vector_stands_where_the_first_word_would(decoder, function):
    states, real, vector, said = function
    assert not torch.allclose(
        decoder(states, real, vector, said).generated, decoder(states, real, -vector, said).generated, atol=1e-3
    )
    other = said.clone()
    other[:, 0] = 3
    assert torch.equal(decoder(states, real, vector, other).generated, decoder(states, real, vector, said).generated)


def test_one_function_serves_many_prefixes(decoder, function):
    states, real, vector, _ = (each[:1] for each in function)
    said = torch.tensor([[END, 2], [END, 3], [END, STRANGE]])
    together = decoder(states, real, vector, said)
    alone = [decoder(states, real, vector, said[row : row + 1]) for row in range(3)]
    assert torch.allclose(together.generated, torch.cat([each.generated for each in alone]), atol=1e-6)
    assert torch.allclose(together.copied, torch.cat([each.copied for each in alone]), atol=1e-6)


def test_every_parameter_learns(decoder, function):
    states, real, vector, said = function
    places, target = torch.tensor([[2, STRANGE, -1, 3]] * 2), torch.tensor([[2, STRANGE, END]] * 2)
    name_loss(decoder(states, real, vector, said), places, target).backward()
    idle = [name for name, each in decoder.named_parameters() if each.grad is None or not each.grad.any()]
    assert [name for name in idle if not name.endswith("key.bias")] == []  # a softmax does not see these


FOLLOWING = NextWord(
    generated=torch.tensor([[[0.125, 0.125, 0.25, 0.0], [0.25, 0.125, 0.0, 0.25], [0.5, 0.0, 0.0, 0.25]]]),
    copied=torch.tensor([[[0.25, 0.125, 0.125], [0.125, 0.125, 0.125], [0.0625, 0.0625, 0.125]]]),
)
"""A distribution at three places over four words and three tokens, in powers of two."""


def loss(places: list[int], *target: int) -> float:
    return name_loss(FOLLOWING, torch.tensor([places]), torch.tensor([target])).item()


def test_a_word_can_be_said_and_copied():
    # word 2: said .25, copied from the first token .25; the end: .25 at the second place
    assert loss([2, STRANGE, -1], 2, END, END) == pytest.approx(-log(0.5) - log(0.25), abs=1e-6)


def test_a_word_is_copied_from_every_place_it_stands_at():
    assert loss([2, 2, 2], 2, END, END) == pytest.approx(-log(0.25 + 0.5) - log(0.25), abs=1e-6)


def test_a_word_out_of_the_vocabulary_is_copied_only():
    assert loss([2, STRANGE, -1], STRANGE, END, END) == pytest.approx(-log(0.125) - log(0.25), abs=1e-6)


def test_a_word_that_cannot_be_said_counts_as_the_unknown_word():
    assert loss([2, STRANGE, -1], STRANGER, END, END) == pytest.approx(-log(0.125) - log(0.25), abs=1e-6)
    assert loss([2, STRANGE, -1], 2, STRANGER, END) == pytest.approx(-log(0.5) - log(0.125) - log(0.5), abs=1e-6)


def test_the_end_is_said_never_copied():
    assert loss([END, END, END], 2, END, END) == pytest.approx(-log(0.25) - log(0.25), abs=1e-6)


def test_what_stands_behind_the_end_costs_nothing():
    assert loss([2, STRANGE, -1], END, END, END) == loss([2, STRANGE, -1], END, 3, 3) == pytest.approx(-log(0.125))


def test_the_loss_is_the_mean_over_names():
    following = NextWord(*(each.repeat(2, 1, 1) for each in FOLLOWING))
    places, target = torch.tensor([[2, STRANGE, -1]] * 2), torch.tensor([[2, 3, END], [STRANGE, END, END]])
    first = -log(0.5) - log(0.25) - log(0.5)
    second = -log(0.125) - log(0.25)
    assert name_loss(following, places, target).item() == pytest.approx((first + second) / 2, abs=1e-6)


def marked_batch(count: int):
    """Functions in which one token of five is marked; the word there, new each time, is the whole name."""
    at = torch.randint(0, 5, (count,))
    states = 0.1 * torch.randn(count, 5, MEMORY)
    states[torch.arange(count), at, 0] = 3.0
    places = STRANGE + torch.arange(5).repeat(count, 1)
    return states, at, places, torch.stack([STRANGE + at, torch.zeros(count, dtype=torch.long)], dim=1)


def test_it_learns_to_copy_a_word_it_has_never_seen(decoder):
    torch.manual_seed(2)
    optimizer = torch.optim.Adam(decoder.parameters(), lr=1e-2)
    for _ in range(120):
        states, _, places, target = marked_batch(16)
        said = torch.nn.functional.pad(target[:, :-1], (1, 0))
        learnt = name_loss(decoder(states, torch.ones(16, 5, dtype=torch.bool), states.mean(1), said), places, target)
        optimizer.zero_grad()
        learnt.backward()
        optimizer.step()
    states, at, _, _ = marked_batch(8)
    said = torch.tensor([[END, STRANGE + 1000]] * 8)
    following = decoder(states, torch.ones(8, 5, dtype=torch.bool), states.mean(1), said)
    assert following.copied[torch.arange(8), 0, at].min() > 0.8
    assert following.generated[:, 1, END].min() > 0.8


def test_a_decoder_learns_more_words_without_forgetting(decoder, function):
    more = with_more_words(decoder, 3).eval()
    assert more.config.words == WORDS + 3
    expected, said = decoder(*function), more(*function)
    assert torch.allclose(said.copied, expected.copied, atol=1e-6)
    gate = expected.generated.sum(-1, keepdim=True)
    of_old = said.generated[..., :WORDS] / said.generated[..., :WORDS].sum(-1, keepdim=True)
    assert torch.allclose(of_old, expected.generated / gate, atol=1e-6)
    assert said.generated[..., WORDS:].sum(-1).max() < 0.2 * gate.max()


def test_weights_say_the_sizes_of_their_decoder(function):
    torch.manual_seed(4)
    config = NameDecoderConfig(WORDS, memory=MEMORY, width=12, layers=3, heads=4, hidden=20, longest=5)
    decoder = NameDecoder(config).eval()
    same = decoder_of(decoder.state_dict()).eval()
    assert same.config == config
    assert torch.equal(same(*function).generated, decoder(*function).generated)
