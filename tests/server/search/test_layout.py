import numpy as np
import pytest

from codekin_server.search.layout import lay_out


def vectors(count, seed=0):
    rows = np.random.default_rng(seed).normal(size=(count, 16)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_points_fill_the_map_and_do_not_leave_it():
    points = lay_out(vectors(200))
    assert points.shape == (200, 2)
    assert points.min() == pytest.approx(-1)
    assert points.max() == pytest.approx(1)


def test_the_same_vectors_give_the_same_map():
    assert np.array_equal(lay_out(vectors(50)), lay_out(vectors(50)))


def test_two_kinds_of_functions_are_two_places():
    rows = vectors(60) * 0.1
    rows[:30, 0] += 1
    rows[30:, 0] -= 1
    across = lay_out(rows)[:, 0]
    assert (max(across[:30]) < min(across[30:])) or (max(across[30:]) < min(across[:30]))


def test_equal_vectors_share_a_point():
    rows = vectors(20)
    rows[3] = rows[7]
    points = lay_out(rows)
    assert np.array_equal(points[3], points[7])


@pytest.mark.parametrize("count", [0, 1, 2])
def test_very_few_functions_have_a_map_too(count):
    points = lay_out(vectors(count).reshape(count, 16))
    assert points.shape == (count, 2)
    assert np.isfinite(points).all()


def test_a_heap_with_an_outlier_is_spread():
    rows = vectors(100) * 0.01
    rows[0, 0] = 1
    across = np.sort(lay_out(rows)[:, 0])
    assert across[90] - across[9] > 0.5
