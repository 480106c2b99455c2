"""Similar functions: copies find their originals, partners each other."""

import numpy as np
import pytest

from codekin_model.evaluation.held_out import address_of
from codekin_model.evaluation.kin import Pair
from codekin_model.evaluation.similar import copies_of, find_kin, find_originals
from codekin_model.evaluation.system import EvaluationError
from codekin_model.evaluation.variants import Rewriting

OTHERS = """
def surface(width, height):
    return width * height

def size_of(width, height):
    return height * width
"""


class Constant:
    """Every function is as like as any other."""

    def similarities(self, asked, functions, *, masked):
        return np.ones((len(asked), len(functions)), np.float32)


@pytest.fixture
def others(parsed):
    return parsed(OTHERS, "b", "b.py")


def pair(first, second, what="area"):
    return Pair(address_of(first), address_of(second), what)


def known(*functions):
    return {address_of(function): function for function in functions}


def test_copies_are_of_functions_that_change(functions):
    copies, places = copies_of(functions, Rewriting.REFACTORED)
    assert [copy.unit.name for copy in copies] == ["area"]
    assert places.tolist() == [2]


def test_copies_can_be_capped(functions):
    assert len(copies_of(functions, Rewriting.RENAMED, limit=2)[0]) == 2


def test_copies_find_their_originals(functions, letters):
    found = {figures.title: figures.columns["rank"].tolist() for figures in find_originals(letters, functions)}
    assert found["similar: refactored copies, names masked"] == [1]
    assert len(found["similar: renamed copies, names masked"]) == 3


def test_where_nothing_can_be_rewritten_it_is_told(functions, letters):
    with pytest.raises(EvaluationError, match="something in it to be rewritten"):
        find_originals(letters, functions[3:])


def test_partners_ask_for_each_other(functions, others, letters):
    pairs = [pair(functions[2], others[0])]
    masked, visible = find_kin(letters, functions, pairs, known(functions[2], others[0]))
    assert masked.title == "similar: same purpose across packages, names masked"
    assert visible.title == "similar: same purpose across packages, names visible"
    assert len(masked) == len(visible) == 2


def test_partners_contend_with_all_held_out_functions_and_other_partners(functions, others):
    pairs = [pair(functions[2], others[0]), pair(functions[0], others[1], "other")]
    found, _ = find_kin(Constant(), functions, pairs, known(functions[0], functions[2], *others))
    # Four held-out functions and two partners, less the one that asks: everything is as like, so all come first.
    assert found.columns["rank"].tolist() == [5, 5, 5, 5]


def test_other_functions_of_the_same_job_count_neither_way(functions, others):
    pairs = [pair(functions[2], others[0]), pair(functions[2], others[1])]
    found, _ = find_kin(Constant(), functions, pairs, known(functions[2], *others))
    assert found.columns["rank"].tolist() == [4, 4, 4, 4]


def test_pairs_of_which_a_side_is_missing_are_left_out(functions, others):
    pairs = [pair(functions[2], others[0]), pair(functions[2], others[1])]
    found, _ = find_kin(Constant(), functions, pairs, known(functions[2], others[0]))
    assert len(found) == 2


def test_no_pair_at_all_is_refused(functions, others, letters):
    with pytest.raises(EvaluationError, match="holds both sides of none of the pairs"):
        find_kin(letters, functions, [pair(functions[2], others[0])], {})
