"""Neighbours of a function whose name is hidden."""

import pytest

from codekin_model.evaluation.neighbours import neighbours_in


def test_no_function_is_its_own_neighbour(functions, letters):
    near = neighbours_in(functions, [0, 2], letters)
    names = [[neighbour.name for neighbour in each] for each in near]
    assert sorted(names[0]) == ["__len__", "area", "read_line"]
    assert sorted(names[1]) == ["__len__", "read_file", "read_line"]


def test_neighbours_come_nearest_first_with_their_cosines(functions, letters):
    (near,) = neighbours_in(functions, [0], letters)
    similarities = [neighbour.similarity for neighbour in near]
    expected = letters.code(functions, masked=False) @ letters.code(functions[:1], masked=True)[0]
    assert similarities == sorted(similarities, reverse=True)
    assert similarities == pytest.approx(sorted(expected[1:].tolist(), reverse=True), abs=1e-6)


def test_as_many_neighbours_as_are_wanted_at_most(functions, letters, monkeypatch):
    monkeypatch.setattr("codekin_model.evaluation.neighbours.NEIGHBOURS", 2)
    assert [len(each) for each in neighbours_in(functions, [1], letters)] == [2]


def test_what_is_asked_with_is_masked(functions, letters):
    neighbours_in(functions, [2], letters)
    assert "area" not in letters.read[0]


def test_a_function_alone_has_no_neighbours(functions, letters):
    assert neighbours_in(functions[:1], [0], letters) == [()]
