"""The four encoders and three poolings: shapes, padding, order."""

import itertools

import pytest

torch = pytest.importorskip("torch")

from codekin_model.encoders.query import Architecture, TokenEncoder, TokenEncoderConfig, TokenPooling  # noqa: E402

EVERY = list(itertools.product(Architecture, TokenPooling))
IDS = torch.tensor([[5, 2, 7, 3], [4, 4, 0, 0]])


def encoder(architecture=Architecture.NBOW, pooling=TokenPooling.MEAN, **changes) -> TokenEncoder:
    torch.manual_seed(1)
    sizes = {"words": 9, "embedding": 6, "width": 8, "longest": 12, "layers": 1, "heads": 2, **changes}
    return TokenEncoder(TokenEncoderConfig(architecture=architecture, pooling=pooling, **sizes)).eval()


@pytest.mark.parametrize(("architecture", "pooling"), EVERY)
def test_shapes_are_those_promised(architecture, pooling):
    code = encoder(architecture, pooling)(IDS)
    assert (code.states.shape, code.attention.shape, code.vector.shape) == ((2, 4, 8), (2, 4), (2, 8))
    assert code.attention.sum(1).tolist() == pytest.approx([1, 1], abs=1e-6)


@pytest.mark.parametrize(("architecture", "pooling"), EVERY)
def test_padding_has_no_say(architecture, pooling):
    model = encoder(architecture, pooling)
    alone, padded = model(torch.tensor([[4, 2, 6]])), model(torch.tensor([[4, 2, 6, 0, 0], [1, 2, 3, 4, 5]]))
    assert torch.allclose(alone.vector[0], padded.vector[0], atol=1e-5)
    assert not padded.states[0, 3:].any()
    assert not padded.attention[0, 3:].any()


@pytest.mark.parametrize(("architecture", "pooling"), EVERY)
def test_a_row_without_words_is_zeros(architecture, pooling):
    vector = encoder(architecture, pooling)(torch.tensor([[0, 0], [3, 4]])).vector
    assert vector[0].tolist() == [0] * 8
    assert vector[1].any()


@pytest.mark.parametrize("architecture", Architecture)
def test_only_a_bag_of_words_knows_no_order(architecture):
    model = encoder(architecture)
    same = torch.allclose(model(torch.tensor([[2, 3, 4]])).vector, model(torch.tensor([[4, 3, 2]])).vector, atol=1e-5)
    assert same is (architecture is Architecture.NBOW)


def test_a_convolution_sees_as_far_as_its_kernels():
    model = encoder(Architecture.CNN)
    states = [model(torch.tensor([[first, 2, 3, 4, 5, 6]])).states[0] for first in (7, 8)]
    changed = (states[0] - states[1]).abs().amax(1) > 1e-6
    assert changed.tolist() == [True, True, True, True, False, False]  # 3 and 5 wide: one and two to each side


def test_the_first_state_of_an_rnn_knows_the_last_word():
    model = encoder(Architecture.RNN)
    one, other = (model(torch.tensor([[2, 3, last]])).states[0, 0] for last in (4, 5))
    assert not torch.allclose(one, other, atol=1e-5)


def test_the_mean_is_that_of_the_states():
    code = encoder(pooling=TokenPooling.MEAN)(IDS)
    assert torch.allclose(code.vector[1], code.states[1, :2].mean(0), atol=1e-6)


def test_the_maximum_is_element_by_element():
    code = encoder(pooling=TokenPooling.MAX)(IDS)
    assert torch.allclose(code.vector[1], code.states[1, :2].amax(0))


def test_attention_is_the_softmax_of_learnt_scores():
    model = encoder(pooling=TokenPooling.ATTENTION)
    code = model(IDS)
    expected = (code.states[0] @ model.score.weight[0]).softmax(0)
    assert torch.allclose(code.attention[0], expected, atol=1e-6)
    assert torch.allclose(code.vector[0], expected @ code.states[0], atol=1e-6)


@pytest.mark.parametrize(("architecture", "pooling"), EVERY)
def test_every_parameter_that_is_used_is_trained(architecture, pooling):
    model = encoder(architecture, pooling).train()
    model(IDS).vector.square().sum().backward()
    unused = {name for name, parameter in model.named_parameters() if parameter.grad is None}
    assert unused == (set() if pooling is TokenPooling.ATTENTION else {"score.weight"})
