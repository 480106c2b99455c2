"""The form of suggested names."""

import pytest

from codekin_model.embedder import NameSuggestion
from codekin_server.naming.style import fitting, is_dunder


def offered(*names: str, present: str = "old", taken: tuple[str, ...] = (), limit: int = 5) -> list[str]:
    suggestions = [NameSuggestion(name, 0.5 / (at + 1), "decoder") for at, name in enumerate(names)]
    return [each.name for each in fitting(suggestions, present, taken, limit)]


def test_keeps_the_models_order_and_limit():
    assert offered("read_file", "load", "parse", limit=2) == ["read_file", "load"]


@pytest.mark.parametrize("name", ["", "_", "a b", "1st", "class", "await", "__init__", "None", "x-y"])
def test_drops_what_is_no_usable_function_name(name):
    assert offered(name, "load") == ["load"]


def test_keeps_soft_keywords_since_python_allows_them():
    assert offered("match", "type") == ["match", "type"]


def test_drops_names_taken_in_the_scope():
    assert offered("load", "parse", taken=("load",)) == ["parse"]


def test_keeps_the_present_name_when_the_model_finds_it_by_itself():
    assert offered("load", present="load", taken=("load",)) == ["load"]


def test_a_private_function_gets_private_names():
    assert offered("load", "_parse", present="_old") == ["_load", "_parse"]


def test_a_public_function_gets_public_names():
    assert offered("_load", present="old") == ["load"]


def test_a_taken_private_name_is_dropped_in_its_final_form():
    assert offered("load", present="_old", taken=("_load",)) == []


def test_a_test_stays_a_test():
    assert offered("loads_files", "test_parses", present="test_x") == ["test_loads_files", "test_parses"]


def test_names_that_become_equal_are_one_with_the_sum_of_their_probabilities():
    both = [NameSuggestion("load", 0.25, "decoder"), NameSuggestion("_load", 0.25, "neighbours")]
    assert fitting(both, "_old", (), 5) == (NameSuggestion("_load", 0.5, "decoder"),)


@pytest.mark.parametrize(("name", "dunder"), [("__init__", True), ("_x", False), ("__private", False), ("____", False)])
def test_dunders(name, dunder):
    assert is_dunder(name) is dunder
