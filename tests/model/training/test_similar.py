"""Similar functions come into a batch together, in an order that is drawn anew."""

import numpy as np
import pytest

from codekin_model.training.similar import clusters_of, in_runs

KINDS, EACH = 5, 90


@pytest.fixture(scope="module")
def vectors():
    """Five heaps of ninety, far apart."""
    random = np.random.default_rng(0)
    rows = np.repeat(np.eye(KINDS), EACH, axis=0) + random.normal(scale=0.01, size=(KINDS * EACH, KINDS))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float16)


def test_what_is_near_is_of_one_cluster_and_what_is_far_never(vectors):
    clusters = clusters_of(vectors, 3)
    heaps = [set(clusters[at : at + EACH].tolist()) for at in range(0, len(vectors), EACH)]
    assert all(not one & other for at, one in enumerate(heaps) for other in heaps[:at])


def test_clusters_are_those_of_the_seed(vectors):
    assert np.array_equal(clusters_of(vectors, 3), clusters_of(vectors, 3))


def test_few_functions_are_one_cluster(vectors):
    assert not clusters_of(vectors[:7], 0).any()


def test_runs_are_of_one_cluster_and_leave_nothing_out():
    rows, clusters = np.arange(100, 160), np.arange(60) % 3
    order = in_runs(rows, clusters, 5, np.random.default_rng(0))
    assert sorted(order) == rows.tolist()
    runs = (order - 100).reshape(-1, 5) % 3
    assert (runs == runs[:, :1]).all()
    assert len(set(runs[:4, 0].tolist())) > 1  # the runs of one cluster do not follow each other


def test_what_fills_no_run_is_left_out_others_each_time():
    rows, clusters = np.arange(11), np.zeros(11, np.int64)
    orders = [in_runs(rows, clusters, 4, np.random.default_rng(seed)) for seed in range(6)]
    assert all(len(set(order.tolist())) == 8 for order in orders)
    assert len({frozenset(order.tolist()) for order in orders}) > 1


def test_runs_of_one_are_any_order():
    order = in_runs(np.arange(9), np.zeros(9, np.int64), 1, np.random.default_rng(1))
    assert sorted(order) == list(range(9))
    assert order.tolist() != list(range(9))
