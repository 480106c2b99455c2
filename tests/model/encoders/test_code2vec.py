"""The code2vec encoder computes what the paper says."""

import pytest

torch = pytest.importorskip("torch")

from codekin_model.encoders.code2vec import Code2Vec, Code2VecConfig  # noqa: E402 - torch is an extra

TERMINALS = torch.tensor([[0, 0], [2, 0], [2, 3]])


@pytest.fixture
def encoder() -> Code2Vec:
    torch.manual_seed(0)
    return Code2Vec(Code2VecConfig(subtokens=5, paths=4, embedding=6, width=8)).eval()


def test_a_context_vector_is_tanh_of_the_projected_parts(encoder):
    code = encoder(TERMINALS, torch.tensor([[1]]), torch.tensor([[2]]), torch.tensor([[2]]))
    words, paths = encoder.subtokens.weight, encoder.paths.weight
    parts = torch.cat([words[2], paths[2], (words[2] + words[3]) / 2])
    assert torch.allclose(code.contexts[0, 0], torch.tanh(encoder.project.weight @ parts), atol=1e-6)


def test_the_code_vector_is_the_attended_sum(encoder):
    start, path, end = torch.tensor([[1, 2]]), torch.tensor([[2, 3]]), torch.tensor([[2, 1]])
    code = encoder(TERMINALS, start, path, end)
    expected = (code.contexts[0] @ encoder.query.weight[0]).softmax(0)
    assert torch.allclose(code.attention[0], expected, atol=1e-6)
    assert torch.allclose(code.vector[0], expected @ code.contexts[0], atol=1e-6)


def test_padding_changes_nothing(encoder):
    one = encoder(TERMINALS, torch.tensor([[1]]), torch.tensor([[2]]), torch.tensor([[2]]))
    padded = encoder(TERMINALS, torch.tensor([[1, 0, 0]]), torch.tensor([[2, 0, 0]]), torch.tensor([[2, 0, 0]]))
    assert torch.allclose(one.vector, padded.vector, atol=1e-6)
    assert padded.attention[0].tolist() == pytest.approx([1.0, 0.0, 0.0])


def test_a_unit_without_contexts_has_the_zero_vector(encoder):
    code = encoder(TERMINALS, torch.tensor([[0]]), torch.tensor([[0]]), torch.tensor([[0]]))
    assert not code.vector.any()
    assert not code.attention.any()
