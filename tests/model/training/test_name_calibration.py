"""The ranking of names learns whom to believe."""

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("datasketch")

from codekin_model.embedder import Neighbour
from codekin_model.evaluation.name_cases import NameCase
from codekin_model.runtime.name_ranking import Heard
from codekin_model.training.name_calibration import fit_ranking

HEARD = Heard(own=(("run", 0.5), ("main", 0.2)))


def case(name: str, right_neighbour: str) -> NameCase:
    return NameCase("p", name, HEARD, (Neighbour(right_neighbour, 0.9), Neighbour("other", 0.4)))


@pytest.fixture(scope="module")
def neighbours_know():
    """The nearest neighbour is right nine times in ten, the decoder never."""
    cases = [case(f"_name_{at}", f"name_{at}" if at % 10 else "wrong") for at in range(100)]
    return fit_ranking(cases)


def test_the_source_that_is_right_comes_first(neighbours_know):
    first, *rest = neighbours_know.rank(HEARD, (Neighbour("parse", 0.9), Neighbour("other", 0.4)), 5)
    assert first.name == "parse"
    assert first.probability > 0.5 > max(each.probability for each in rest)


def test_a_probability_is_the_share_of_times_it_was_right(neighbours_know):
    first, *_ = neighbours_know.rank(HEARD, (Neighbour("parse", 0.9), Neighbour("other", 0.4)), 5)
    assert first.probability == pytest.approx(0.9, abs=0.03)


def test_without_neighbours_a_decoder_that_is_never_right_is_not_believed(neighbours_know):
    assert max(each.probability for each in neighbours_know.rank(HEARD, (), 5)) < 0.05


def test_a_decoder_that_is_right_is_believed():
    ranking = fit_ranking([case("run" if at % 4 else "main", f"name_{at}") for at in range(60)])
    probabilities = {each.name: each.probability for each in ranking.rank(HEARD, (), 5)}
    assert probabilities == {"run": pytest.approx(0.75, abs=0.03), "main": pytest.approx(0.25, abs=0.03)}
    assert np.isfinite((*ranking.with_neighbours, *ranking.alone)).all()


def test_what_the_decoder_thinks_of_a_neighbours_name_counts():
    """Of two neighbours equally near, the one that the decoder finds probable is right."""
    near = (Neighbour("open", 0.5), Neighbour("close", 0.5))
    given = [Heard((), (("open", 0.4), ("close", 0.001))), Heard((), (("open", 0.001), ("close", 0.4)))]
    cases = [NameCase("p", ("open", "close")[at % 2], given[at % 2], near) for at in range(40)]
    ranking = fit_ranking(cases)
    assert [ranking.rank(heard, near, 1)[0].name for heard in given] == ["open", "close"]
