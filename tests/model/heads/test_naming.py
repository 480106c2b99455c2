"""The naming head starts from what names read like."""

import pytest

torch = pytest.importorskip("torch")

from codekin_model.heads.naming import NamingHead  # noqa: E402 - torch is an extra


@pytest.fixture
def head() -> NamingHead:
    head = NamingHead(text=4, joint=6, names=3).eval()
    head.names.copy_(torch.eye(3, 4))
    return head


def test_an_untrained_head_prefers_the_name_whose_words_are_nearest(head):
    scores = head(torch.tensor([[0.1, 0.9, 0.3, 0.0]]), torch.zeros(1, 6))
    assert scores.argsort(descending=True)[0].tolist() == [1, 2, 0]


def test_the_bias_is_what_a_name_has_before_any_code_is_seen(head):
    with torch.no_grad():
        head.bias[2] = 100.0
    assert head(torch.eye(1, 4), torch.zeros(1, 6)).argmax() == 2


def test_names_are_no_parameters_but_are_saved(head):
    assert "names" in head.state_dict()
    assert "names" not in dict(head.named_parameters())
