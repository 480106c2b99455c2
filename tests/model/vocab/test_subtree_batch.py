"""Structure trees as arrays, sorted by depth."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codekin_model.extraction.subtrees import StructureTree, Subtree
from codekin_model.vocab.subtree_batch import FlatTrees, SubtreeBatch, flatten, levels
from codekin_model.vocab.vocabulary import Vocabulary, vocabulary_of

SMALL = StructureTree((Subtree(("a", "b"), (-1, 0), ()),), (-1,))
BIG = StructureTree(
    (
        Subtree(("b", "c", "a"), (-1, 0, 0), (1, 2)),
        Subtree(("a",), (-1,), ()),
        Subtree(("d", "b", "a"), (-1, 0, 1), ()),
    ),
    (-1, 0, 0),
)


@pytest.fixture
def labels() -> Vocabulary:
    return vocabulary_of(Counter(a=3, b=2, c=1), at_least=1, at_most=9)


@pytest.fixture
def small_and_big(labels) -> SubtreeBatch:
    return flatten([SMALL, BIG], labels.id_of).batch(np.array([0, 1]))


def test_a_forest_is_sorted_by_depth_and_nodes_with_children_come_first():
    sorted_ = levels(np.array([-1, 0, 0, 2, -1]))
    assert sorted_.order.tolist() == [0, 4, 2, 1, 3]
    assert sorted_.sizes.tolist() == [2, 2, 1]
    assert sorted_.inner.tolist() == [1, 1, 0]
    assert sorted_.above.tolist() == [0, 0, 0, 0, 0]


def test_places_of_parents_are_counted_within_the_level_above():
    sorted_ = levels(np.array([-1, -1, 0, 1, 1]))
    assert sorted_.order.tolist() == [0, 1, 2, 3, 4]
    assert sorted_.above.tolist() == [0, 0, 0, 1, 1]


@given(st.lists(st.integers(0, 10**6), max_size=60))
def test_parents_are_found_again_from_any_sorted_forest(choices):
    parents = np.array([-1, *(choice % (at + 2) - 1 for at, choice in enumerate(choices))])
    sorted_ = levels(parents)
    first = np.cumsum(sorted_.sizes) - sorted_.sizes
    depth = np.repeat(np.arange(len(sorted_.sizes)), sorted_.sizes)
    found = [
        -1 if depth[place] == 0 else int(sorted_.order[first[depth[place] - 1] + sorted_.above[place]])
        for place in sorted_.places
    ]
    assert found == parents.tolist()
    assert all(sorted_.above[depth == level].max() < sorted_.inner[level - 1] for level in range(1, len(first)))


def test_a_long_chain_has_a_level_for_each_node():
    sorted_ = levels(np.arange(-1, 4999))
    assert sorted_.order.tolist() == list(range(5000))
    assert sorted_.sizes.tolist() == [1] * 5000


def test_units_of_a_batch_stand_one_behind_the_other(small_and_big):
    batch = small_and_big
    a, b, c, unknown = 2, 3, 4, 1
    assert batch.labels[batch.nodes].tolist() == [a, b, b, c, a, a, unknown, b, a]
    assert batch.sizes.tolist() == [2, 3, 1, 3]
    assert batch.states.tolist() == [[0, -1, -1], [1, 2, 3]]


def test_nodes_hang_within_their_subtree_and_subtrees_within_their_unit(small_and_big):
    batch = small_and_big
    assert batch.inside.sizes.tolist() == [4, 4, 1]
    assert batch.structure.sizes.tolist() == [2, 2]
    assert batch.structure.order.tolist() == [1, 0, 2, 3]
    assert batch.structure.above.tolist() == [0, 0, 0, 0]


def test_labels_are_distinct(small_and_big):
    assert small_and_big.labels.tolist() == [1, 2, 3, 4]


def same(one: object, other: object) -> bool:
    fields = one.__slots__
    return all(
        np.array_equal(getattr(one, name), getattr(other, name))
        if isinstance(getattr(one, name), np.ndarray)
        else same(getattr(one, name), getattr(other, name))
        for name in fields
    )


def test_a_batch_cut_from_many_units_is_that_of_its_units_alone(labels, small_and_big):
    flat = flatten([BIG, SMALL, SMALL, BIG], labels.id_of)
    assert same(flat.batch(np.array([1, 3])), small_and_big)


def test_relabelled_trees_are_those_of_the_second_numbering(labels):
    numbers: dict[str, int] = {}
    flat = flatten([SMALL, BIG], lambda label: numbers.setdefault(label, len(numbers)))
    ids = np.array([labels.id_of(label) for label in numbers])
    assert same(flat.relabelled(ids), flatten([SMALL, BIG], labels.id_of))


def test_labels_of_some_units_are_theirs(labels):
    flat: FlatTrees = flatten([BIG, SMALL, BIG], labels.id_of)
    assert len(flat) == 3
    assert flat.labels_of(np.array([1])).tolist() == [2, 3]
