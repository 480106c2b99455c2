"""Names in question for a function, and what speaks for each."""

from dataclasses import replace
from math import exp, log, log1p

import pytest

from codekin_model.embedder import Neighbour, Surroundings
from codekin_model.extraction.company import Companion
from codekin_model.extraction.traits import Resemblance, Traits
from codekin_model.runtime.name_features import FEATURES, OF_BODY, Heard, candidates
from codekin_model.source.unit import UnitKind

HEARD = Heard(own=(("read", 0.6), ("load", 0.2)))
NOTHING = Heard(())
TRAITS = Traits(
    kind=UnitKind.METHOD,
    scope=frozenset({"file", "reader"}),
    parameters=("text_path", "mode"),
    decorators=frozenset({"cache"}),
    identifiers=frozenset({"open", "read_line"}),
    says_own_name=False,
    returns=True,
    lines=4,
    uses=(("line", 3), ("open", 1), ("read", 3)),
    returned=frozenset({"line"}),
    called=frozenset({"open", "read"}),
)
ALIKE = Resemblance(
    parameters=0.5,
    same_parameters=False,
    identifiers=0.25,
    same_kind=True,
    same_decorators=False,
    length=0.75,
    scope=0.0,
    both_say_own_name=False,
    same_return=True,
)


def near(*neighbours: Neighbour) -> Surroundings:
    return Surroundings(neighbours)


def feature(name: str, features) -> list[float]:
    return features[:, FEATURES.index(name)].tolist()


def of(name: str, feature_name: str, around: Surroundings, probability: float = 0.5) -> float:
    """A feature of a name that the decoder says."""
    _, features = candidates(Heard(((name, probability),)), around)
    return feature(feature_name, features)[0]


def test_outer_underscores_are_no_part_of_a_candidate():
    names, _ = candidates(NOTHING, near(Neighbour("_read", 0.9), Neighbour("read", 0.8), Neighbour("__", 0.9)))
    assert names == ["read"]


def test_every_candidate_has_every_feature():
    names, features = candidates(HEARD, near(Neighbour("open", 0.5)))
    assert features.shape == (len(names), len(FEATURES))


def test_no_candidates_have_no_features():
    names, features = candidates(NOTHING, Surroundings())
    assert (names, features.shape) == ([], (0, len(FEATURES)))


def test_every_feature_has_a_name_of_its_own():
    assert len(set(FEATURES)) == len(FEATURES)


def test_nearer_neighbours_weigh_more_than_farther_ones():
    _, features = candidates(NOTHING, near(Neighbour("near", 0.9), Neighbour("far", 0.5)))
    share = FEATURES.index("share")
    assert features[0, share] > 0.99 > features[1, share]


def test_a_neighbours_name_has_the_probability_that_the_decoder_gives_it():
    heard = Heard(own=(("read", 0.5),), given=(("_open", 0.25),))
    names, features = candidates(heard, near(Neighbour("open", 0.5), Neighbour("unheard", 0.4)))
    assert names == ["read", "open", "unheard"]
    assert feature("log_odds", features) == pytest.approx([0, -log(3), -log(1e9)], abs=1e-6)


def test_what_the_decoder_found_by_itself_counts_before_what_it_was_given():
    heard = Heard(own=(("read", 0.5),), given=(("read", 0.25),))
    names, features = candidates(heard, near(Neighbour("read", 0.5)))
    assert names == ["read"]
    assert feature("log_odds", features) == [0]


def test_the_first_of_the_decoder_and_names_of_both_are_marked():
    _, features = candidates(HEARD, near(Neighbour("load", 0.5), Neighbour("open", 0.5)))
    assert feature("first", features) == [1, 0, 0]
    assert feature("in_both", features) == [0, 1, 0]


def test_names_that_were_only_asked_about_are_no_candidates():
    assert candidates(Heard(own=(), given=(("open", 0.9),)), Surroundings())[0] == []


def test_neighbours_of_one_name_vote_together():
    around = near(Neighbour("read", 0.5), Neighbour("open", 0.5), Neighbour("_open", 0.4))
    names, features = candidates(NOTHING, around)
    assert names == ["read", "open"]
    farther = exp(20 * 0.4 - 20 * 0.5)
    assert feature("share", features) == pytest.approx([1 / (2 + farther), (1 + farther) / (2 + farther)])
    assert feature("votes", features) == pytest.approx([log1p(1), log1p(2)])


def test_the_nearest_of_a_name_and_of_all_are_told():
    _, features = candidates(HEARD, near(Neighbour("load", 0.5), Neighbour("load", 0.7), Neighbour("open", 0.9)))
    assert feature("nearest", features) == [0, 0.7, 0.9]
    assert feature("nearest_of_all", features) == [0.9] * 3


def test_words_of_a_name_have_the_shares_of_the_neighbours_that_have_them():
    around = near(Neighbour("read_file", 0.5), Neighbour("read_line", 0.5))
    assert of("read_line", "words_of_neighbours", around) == pytest.approx(0.75)
    assert of("strange", "words_of_neighbours", around) == 0


@pytest.mark.parametrize(
    ("feature_name", "name", "share"),
    [
        ("words_of_siblings", "write_bytes", 1.0),
        ("words_of_siblings", "read_bytes", 0.5),
        ("words_of_body", "open_line", 1.0),
        ("words_of_body", "close_line", 0.5),
        ("words_of_parameters", "path", 1.0),
        ("words_of_parameters", "read_mode", 0.5),
        ("words_of_scope", "read_from_file", 1 / 3),
        ("words_of_scope", "run", 0.0),
    ],
)
def test_shares_of_a_names_words_that_stand_around_the_function(feature_name, name, share):
    around = Surroundings(siblings=frozenset({"write_text", "_count_bytes"}), traits=TRAITS)
    assert of(name, feature_name, around) == pytest.approx(share)


@pytest.mark.parametrize(
    ("feature_name", "name", "expected"),
    [
        ("times_in_body", "open_line", (log1p(1) + log1p(3)) / 2),
        ("times_in_body", "close", 0.0),
        ("last_in_body", "open_line", log1p(3)),
        ("last_in_body", "line_close", 0.0),
        ("last_used", "close_line", 1.0),
        ("last_used", "line_close", 0.0),
        ("words_returned", "read_line", 0.5),
        ("words_called", "read_line", 0.5),
        ("words_called", "open_read", 1.0),
    ],
)
def test_how_the_body_uses_the_words_of_a_name(feature_name, name, expected):
    assert of(name, feature_name, Surroundings(traits=TRAITS)) == pytest.approx(expected)


def test_the_number_of_words_is_told():
    assert [of(name, "words", Surroundings()) for name in ("read", "read_text_file")] == [1, 3]


def test_a_siblings_name_is_taken_with_and_without_underscores():
    around = Surroundings(siblings=frozenset({"_read"}))
    assert [of(name, "taken", around) for name in ("read", "load")] == [1, 0]


def test_a_name_that_the_body_uses_is_marked():
    around = Surroundings(traits=TRAITS)
    assert [of(name, "used_in_body", around) for name in ("open", "read")] == [1, 0]


@pytest.mark.parametrize(
    ("feature_name", "changes"),
    [("says_own_name", {"says_own_name": True}), ("is_property", {"decorators": frozenset({"property"})})],
)
def test_what_the_function_is_is_told_of_every_name(feature_name, changes):
    for traits, expected in ((TRAITS, [0, 0]), (replace(TRAITS, **changes), [1, 1])):
        _, features = candidates(HEARD, Surroundings(traits=traits))
        assert feature(feature_name, features) == expected


def test_of_a_function_that_nothing_is_known_of_nothing_is_told():
    for name in ("taken", *OF_BODY, "used_in_body", "says_own_name", "is_property", "words_of_body", "words_of_scope"):
        assert of("read", name, Surroundings()) == 0


def test_a_name_has_the_resemblance_of_its_neighbour():
    _, features = candidates(HEARD, near(Neighbour("load", 0.5, ALIKE)))
    assert feature("parameters", features) == [0, 0.5]
    assert feature("length", features) == [0, 0.75]
    assert feature("same_kind", features) == [0, 1]
    assert feature("looked_at", features) == [0, 1]


def test_of_several_neighbours_of_a_name_the_most_alike_counts_point_by_point():
    other = replace(ALIKE, parameters=0.25, same_parameters=True, length=0.5, scope=1.0, same_kind=False)
    _, features = candidates(NOTHING, near(Neighbour("load", 0.5, ALIKE), Neighbour("_load", 0.4, other)))
    for name, expected in (
        ("parameters", 0.5),
        ("same_parameters", 1),
        ("length", 0.5),
        ("scope", 1),
        ("same_kind", 1),
    ):
        assert feature(name, features) == [expected]


def test_a_neighbour_that_could_not_be_looked_at_resembles_nothing():
    _, features = candidates(NOTHING, near(Neighbour("load", 0.5)))
    assert feature("looked_at", features) == feature("same_kind", features) == [0]


COMPANY = (Companion("flush", 0.75, 3), Companion("load", 0.5, 1))


def test_names_of_the_company_are_candidates_after_all_others():
    names, _ = candidates(HEARD, Surroundings((Neighbour("open", 0.5), Neighbour("flush", 0.4)), company=COMPANY))
    assert names == ["read", "load", "open", "flush"]
    names, _ = candidates(HEARD, Surroundings((Neighbour("open", 0.5),), company=COMPANY))
    assert names == ["read", "load", "open", "flush"]


def test_of_a_name_in_the_company_its_share_its_rank_and_its_scopes_are_told():
    names, features = candidates(HEARD, Surroundings(company=COMPANY))
    assert names == ["read", "load", "flush"]
    assert feature("company_share", features) == [0, 0.5, 0.75]
    assert feature("company_rank", features) == [1 / 100, 1 / 2, 1]
    assert feature("company_scopes", features) == pytest.approx([0, log1p(1), log1p(3)])


def test_what_the_decoder_says_is_spelt_as_the_company_spells_it():
    around = Surroundings(company=(Companion("readFile", 0.5, 1),))
    names, features = candidates(Heard((("read_file", 0.5),)), around)
    assert names == ["readFile"]
    assert feature("company_share", features) == [0.5]


def test_the_neighbours_spelling_counts_before_that_of_the_company():
    around = Surroundings((Neighbour("readFile", 0.5),), company=(Companion("read_file", 0.5, 1),))
    assert candidates(Heard((("read_file", 0.5),)), around)[0] == ["readFile", "read_file"]
