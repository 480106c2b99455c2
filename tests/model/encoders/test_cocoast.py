"""CoCoAST's two recursive networks compute what the paper says, node by node."""

from collections import Counter

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from codekin_model.encoders.cocoast import CoCoAST, CoCoASTConfig  # noqa: E402 - torch is an extra
from codekin_model.extraction.subtrees import StructureTree, Subtree, structure_tree  # noqa: E402
from codekin_model.source.text import text_of  # noqa: E402
from codekin_model.source.tree import parse  # noqa: E402
from codekin_model.source.unit_tree import unit_tree  # noqa: E402
from codekin_model.source.units import find_units  # noqa: E402
from codekin_model.vocab.subtree_batch import SubtreeBatch, flatten  # noqa: E402
from codekin_model.vocab.vocabulary import Vocabulary, vocabulary_of  # noqa: E402

CODE = """
def first(path, sizes):
    for line in open(path):
        if line and sizes[0] > 3:
            yield line.strip()
        else:
            with path: sizes.append(first(line, []))
    return sizes

def second(): pass

@wrap
def third(x):
    try:
        x = [y for y in x if y]
    except ValueError as error:
        if error: raise
    finally:
        x.close()
"""


@pytest.fixture(scope="module")
def trees() -> list[StructureTree]:
    units = [unit for unit in find_units(parse(text_of(CODE))) if unit.kind.is_function]
    return [structure_tree(unit_tree(unit)) for unit in units]


@pytest.fixture(scope="module")
def vocabulary(trees) -> Vocabulary:
    labels = Counter(label for tree in trees for piece in tree.subtrees for label in piece.labels)
    return vocabulary_of(labels, at_least=1, at_most=99)


@pytest.fixture
def encoder(vocabulary) -> CoCoAST:
    torch.manual_seed(0)
    return CoCoAST(CoCoASTConfig(len(vocabulary), embedding=6, width=8)).eval()


def encoded(trees, vocabulary) -> SubtreeBatch:
    return flatten(trees, vocabulary.id_of).batch(np.arange(len(trees)))


def climbed(inputs, parents, weight):
    """``h_n = x_n + sum over children W_s h_child``, one node after the other."""
    states = list(inputs)
    for number in range(len(parents) - 1, -1, -1):
        if parents[number] >= 0:
            states[parents[number]] = states[parents[number]] + weight @ states[number]
    return torch.stack(states).relu()


def slow(encoder, vocabulary, tree):
    """The states of a unit's subtrees, and its vector."""
    vectors = []
    for piece in tree.subtrees:
        words = encoder.labels.weight[[vocabulary.id_of(label) for label in piece.labels]]
        vectors.append(climbed(words @ encoder.node.weight.T, piece.parents, encoder.child.weight).amax(0))
    states = climbed(torch.stack(vectors) @ encoder.subtree.weight.T, tree.parents, encoder.nested.weight)
    return states, states.amax(0)


def test_a_batch_by_depth_is_what_one_node_after_the_other_is(encoder, vocabulary, trees):
    code = encoder(encoded(trees, vocabulary))
    for row, tree in enumerate(trees):
        states, vector = slow(encoder, vocabulary, tree)
        assert torch.allclose(code.contexts[row, : len(states)], states, atol=1e-5)
        assert torch.allclose(code.vector[row], vector, atol=1e-5)


def test_gradients_are_those_of_one_node_after_the_other(encoder, vocabulary, trees):
    encoder(encoded(trees, vocabulary)).vector.square().sum().backward()
    fast = {name: parameter.grad.clone() for name, parameter in encoder.named_parameters()}
    encoder.zero_grad()
    sum(slow(encoder, vocabulary, tree)[1].square().sum() for tree in trees).backward()
    for name, parameter in encoder.named_parameters():
        rows = slice(1, None) if name == "labels.weight" else slice(None)  # padding learns nothing
        assert torch.allclose(fast[name][rows], parameter.grad[rows], atol=1e-4), name


def test_a_hand_computed_pair_of_nodes(vocabulary):
    encoder = CoCoAST(CoCoASTConfig(len(vocabulary), embedding=2, width=2)).eval()
    parent, child = vocabulary.words[2:4]
    with torch.no_grad():
        encoder.labels.weight[2:4] = torch.tensor([[1.0, -3.0], [2.0, -4.0]])
        encoder.node.weight.copy_(torch.eye(2))
        encoder.child.weight.copy_(torch.tensor([[0.5, 0.0], [0.0, -1.0]]))
        encoder.subtree.weight.copy_(torch.tensor([[1.0, 1.0], [0.0, 10.0]]))
    tree = StructureTree((Subtree((parent, child), (-1, 0), ()),), (-1,))
    code = encoder(encoded([tree], vocabulary))
    # h_child = (2, -4); h_parent = (1 + 0.5 * 2, -3 + 4) = (2, 1); the maximum of both after ReLU is (2, 1)
    assert code.vector.tolist() == [[3.0, 10.0]]


def test_the_mask_and_zeros_mark_padding(encoder, vocabulary, trees):
    code = encoder(encoded(trees, vocabulary))
    assert code.mask.sum(1).tolist() == [len(tree.subtrees) for tree in trees]
    assert not code.contexts[~code.mask].any()


def test_attention_is_the_share_of_elements_that_a_state_is_the_maximum_of(encoder, vocabulary, trees):
    code = encoder(encoded(trees, vocabulary))
    winners = code.contexts[0].argmax(0)
    expected = torch.bincount(winners, minlength=code.mask.shape[1]) / len(winners)
    assert torch.allclose(code.attention[0], expected)
    assert torch.allclose(code.attention.sum(1), torch.ones(len(trees)))


def test_a_unit_has_the_same_code_in_any_company(encoder, vocabulary, trees):
    alone = encoder(encoded(trees[2:], vocabulary))
    together = encoder(encoded(trees, vocabulary))
    assert torch.allclose(alone.vector[0], together.vector[2], atol=1e-6)


def test_a_chain_of_a_thousand_nodes_stays_a_number(encoder, vocabulary):
    with torch.no_grad():
        encoder.child.weight.mul_(4)
    label, length = vocabulary.words[2], 1000
    tree = StructureTree((Subtree((label,) * length, tuple(range(-1, length - 1)), ()),), (-1,))
    code = encoder(encoded([tree], vocabulary))
    assert torch.isfinite(code.vector).all()
    code.vector.sum().backward()
    assert torch.isfinite(encoder.child.weight.grad).all()
