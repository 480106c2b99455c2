"""The ranking of names learns whom to believe."""

from dataclasses import astuple

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("datasketch")

from codekin_model.embedder import Neighbour, Surroundings
from codekin_model.evaluation.name_cases import NameCase
from codekin_model.extraction.traits import Traits
from codekin_model.runtime.name_features import FEATURES, Heard, candidates
from codekin_model.runtime.name_ranking import NameRanking, NameScorer, score
from codekin_model.source.unit import UnitKind
from codekin_model.training import name_calibration
from codekin_model.training.name_calibration import fit_ranking, unfitted

HEARD = Heard(own=(("run", 0.5), ("main", 0.2)))


@pytest.fixture(scope="module", autouse=True)
def small_steps():
    """A few cases are gone through in as many steps as the many of a corpus are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(name_calibration, "_BATCH", 64)
        patch.setattr(name_calibration, "_EPOCHS", 80)
        yield


def around(name: str) -> Surroundings:
    return Surroundings((Neighbour(name, 0.9), Neighbour("other", 0.4)))


def case(name: str, right_neighbour: str) -> NameCase:
    return NameCase("p", name, HEARD, HEARD, around(right_neighbour), len(name) / 100)


@pytest.fixture(scope="module")
def neighbours_know():
    """The nearest neighbour is right nine times in ten, the decoder never."""
    cases = [case(f"_name_{at}", f"name_{at}" if at % 10 else "wrong") for at in range(100)]
    return fit_ranking(cases)


def test_it_knows_how_near_the_authors_names_are(neighbours_know):
    """Ten names have seven letters, ninety have eight."""
    cosines = neighbours_know.cosines
    assert (cosines[0], cosines[-1], len(cosines)) == (0.07, 0.08, 201)
    assert neighbours_know.share_farther(0.069) == 0
    assert neighbours_know.share_farther(0.0701) == pytest.approx(0.1, abs=0.02)


def test_the_source_that_is_right_comes_first(neighbours_know):
    first, *rest = neighbours_know.rank(HEARD, around("parse"), 5)
    assert first.name == "parse"
    assert first.probability > 0.5 > max(each.probability for each in rest)


def test_a_probability_is_the_share_of_times_it_was_right(neighbours_know):
    first, *_ = neighbours_know.rank(HEARD, around("parse"), 5)
    assert first.probability == pytest.approx(0.9, abs=0.03)


def test_without_neighbours_a_decoder_that_is_never_right_is_not_believed(neighbours_know):
    assert max(each.probability for each in neighbours_know.rank(HEARD, Surroundings(), 5)) < 0.05


@pytest.fixture(scope="module")
def decoder_knows() -> NameRanking:
    """Fitted where the decoder's first name is right three times in four, its second once."""
    return fit_ranking([case("run" if at % 4 else "main", f"name_{at}") for at in range(60)])


def test_a_decoder_that_is_right_is_believed(decoder_knows):
    ranking = decoder_knows
    probabilities = {each.name: each.probability for each in ranking.rank(HEARD, Surroundings(), 5)}
    assert probabilities == {"run": pytest.approx(0.75, abs=0.03), "main": pytest.approx(0.25, abs=0.03)}
    assert all(np.isfinite(numbers(scorer)).all() for scorer in (ranking.with_neighbours, ranking.alone))


def numbers(scorer: NameScorer) -> np.ndarray:
    return np.concatenate([np.ravel(each) for each in astuple(scorer)])


def test_the_same_cases_give_the_same_ranking():
    cases = [case("run", "name"), case("main", "other")]
    assert fit_ranking(cases) == fit_ranking(cases)


def test_what_the_decoder_thinks_of_a_neighbours_name_counts():
    """Of two neighbours equally near, the one that the decoder finds probable is right."""
    near = Surroundings((Neighbour("open", 0.5), Neighbour("close", 0.5)))
    given = [Heard((), (("open", 0.4), ("close", 0.001))), Heard((), (("open", 0.001), ("close", 0.4)))]
    cases = [NameCase("p", ("open", "close")[at % 2], given[at % 2], HEARD, near, 0.5) for at in range(40)]
    ranking = fit_ranking(cases)
    assert [ranking.rank(heard, near, 1)[0].name for heard in given] == ["open", "close"]


def test_what_is_heard_of_a_function_alone_is_what_it_is_named_by_alone():
    misled = Heard(own=(("main", 0.9), ("run", 0.1)))
    cases = [NameCase("p", "run" if at % 4 else "main", misled, HEARD, around("other"), 0.5) for at in range(60)]
    ranking = fit_ranking(cases)
    assert ranking.rank(HEARD, Surroundings(), 1)[0].probability == pytest.approx(0.75, abs=0.03)


def traits_that_use(word: str) -> Traits:
    nothing = frozenset[str]()
    return Traits(
        UnitKind.FUNCTION, nothing, (), nothing, nothing, says_own_name=False, returns=False, lines=3, uses=((word, 2),)
    )


def test_of_functions_alone_their_own_code_is_heard():
    """The decoder does not tell which of two names is right; what the body uses does."""
    odd, even = traits_that_use("run"), traits_that_use("main")
    cases = [
        NameCase("p", "run" if at % 2 else "main", HEARD, HEARD, Surroundings(traits=odd if at % 2 else even), 0.5)
        for at in range(60)
    ]
    ranking = fit_ranking(cases)
    first = [ranking.rank(HEARD, Surroundings(traits=each), 1)[0].name for each in (odd, even)]
    assert first == ["run", "main"]


def test_what_never_varied_in_the_cases_says_nothing(decoder_knows):
    """Functions alone are fitted without siblings, and may be named with some."""
    with_siblings = Surroundings(siblings=frozenset({"run", "main_loop"}))
    ranking = decoder_knows
    expected, found = (
        {each.name: each.probability for each in ranking.rank(HEARD, told, 5)}
        for told in (Surroundings(), with_siblings)
    )
    assert found == pytest.approx(expected, abs=1e-6)


def test_a_scorer_that_is_not_fitted_believes_the_decoder():
    heard = Heard(own=(("run", 0.5), ("main", 0.2), ("start", 1e-6)), given=(("other", 0.001),))
    for told in (around("other"), Surroundings()):
        names, features = candidates(heard, told)
        known = {"run": 0.5, "main": 0.2, "start": 1e-6, "other": 0.001}
        probabilities = score(unfitted().alone, features)
        assert probabilities.tolist() == pytest.approx([known[name] for name in names], rel=1e-3)


def test_a_scorer_that_is_not_fitted_reads_every_feature():
    assert len(unfitted().alone.mean) == len(unfitted().alone.scale) == len(unfitted().alone.hidden[0]) == len(FEATURES)
