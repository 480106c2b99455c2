"""Names on held-out functions, alone and with the names of neighbours."""

import pytest

from codekin_model.evaluation import naming
from codekin_model.evaluation.naming import name_held_out
from codekin_model.evaluation.system import EvaluationError

TRUE = ["read_file", "read_line", "area"]


def test_first_names_are_compared_with_the_true_ones(functions, namer):
    (alone,) = name_held_out(namer, functions)
    columns = {name: column.tolist() for name, column in alone.columns.items()}
    assert columns == {
        "right": [2, 1, 0],
        "offered": [2, 2, 2],
        "wanted": [2, 2, 1],
        "place": [1, 0, 2],
        "stated": [0.75, 0.75, 0.75],
    }


def test_a_system_without_a_name_states_nothing(functions):
    class Silent:
        def names(self, functions, limit):
            return [[] for _ in functions]

    (alone,) = name_held_out(Silent(), functions)
    assert [alone.columns[name].tolist() for name in ("right", "offered", "stated", "place")] == [[0, 0, 0]] * 4
    assert alone.columns["wanted"].tolist() == [2, 2, 1]


def test_with_vectors_the_names_of_neighbours_come_in(functions, namer, letters):
    alone, inside = name_held_out(namer, functions, letters)
    assert (alone.title, inside.title) == ("names: alone", "names: inside the project, with neighbours")
    assert inside.columns["stated"].tolist() == [0.5] * 3
    assert inside.digest == alone.digest


def test_neighbours_are_of_the_same_package(parsed, namer, letters):
    functions = [
        *parsed("def first(a):\n    b = a\n    return b\n", "a"),
        *parsed("def second(a):\n    b = a\n    return b\n", "b"),
    ]
    seen = []
    namer.names_in = lambda functions, surroundings, limit: seen.extend(surroundings) or [[] for _ in functions]
    name_held_out(namer, functions, letters)
    assert [around.neighbours for around in seen] == [(), ()]


def test_a_large_package_gives_a_sample(functions, namer, monkeypatch):
    monkeypatch.setattr(naming, "PER_PACKAGE", 1)
    assert len(name_held_out(namer, functions)[0]) == 1


def test_a_limit_is_shared_out_among_packages(functions, parsed, namer):
    more = [*functions, *parsed("def area_2(a):\n    b = a\n    return b\n", "b")]
    (alone,) = name_held_out(namer, more, limit=2)
    assert len(alone) == 2


def test_functions_without_names_to_guess_are_refused(parsed, namer):
    with pytest.raises(EvaluationError, match="three lines or more"):
        name_held_out(namer, parsed("def f(): pass\n"))
