"""Names from the decoder and from neighbours become one list with probabilities."""

from math import log

import pytest

from codekin_model.embedder import Neighbour
from codekin_model.runtime.name_ranking import FEATURES, Heard, NameRanking, candidates

RANKING = NameRanking(with_neighbours=(1.0, 0, 4.0, 0, 0, 0, 0, -1.0), alone=(1.0, 0, 0, 0, 0, 0, 0, 0))
HEARD = Heard(own=(("read", 0.6), ("load", 0.2)))
NOTHING = Heard(())


def test_without_neighbours_the_decoder_keeps_its_order_and_its_probability():
    names = RANKING.rank(HEARD, (), 5)
    assert [each.name for each in names] == ["read", "load"]
    assert names[0].probability == pytest.approx(0.6)


def test_names_of_both_sources_are_one_candidate_and_say_so():
    names = RANKING.rank(HEARD, [Neighbour("load", 0.9)], 5)
    assert names[0].name == "load"
    assert names[0].source == "decoder+neighbours"


def test_a_name_that_only_neighbours_have_is_offered():
    names = RANKING.rank(NOTHING, [Neighbour("parse_header", 0.8)], 5)
    assert [(each.name, each.source) for each in names] == [("parse_header", "neighbours")]


def test_outer_underscores_are_no_part_of_a_candidate():
    names, _ = candidates(NOTHING, [Neighbour("_read", 0.9), Neighbour("read", 0.8), Neighbour("__", 0.9)])
    assert names == ["read"]


def test_the_limit_keeps_the_most_probable():
    assert [each.name for each in RANKING.rank(HEARD, (), 1)] == ["read"]


def test_no_source_means_no_suggestion():
    assert RANKING.rank(NOTHING, (), 5) == ()


def test_every_candidate_has_every_feature():
    names, features = candidates(HEARD, [Neighbour("open", 0.5)])
    assert features.shape == (len(names), len(FEATURES))


def test_nearer_neighbours_weigh_more_than_farther_ones():
    _, features = candidates(NOTHING, [Neighbour("near", 0.9), Neighbour("far", 0.5)])
    share = FEATURES.index("share")
    assert features[0, share] > 0.99 > features[1, share]


def feature(name: str, features) -> list[float]:
    return features[:, FEATURES.index(name)].tolist()


def test_a_neighbours_name_has_the_probability_that_the_decoder_gives_it():
    heard = Heard(own=(("read", 0.5),), given=(("_open", 0.25),))
    names, features = candidates(heard, [Neighbour("open", 0.5), Neighbour("unheard", 0.4)])
    assert names == ["read", "open", "unheard"]
    assert feature("log_odds", features) == pytest.approx([0, -log(3), -log(1e9)], abs=1e-6)


def test_what_the_decoder_found_by_itself_counts_before_what_it_was_given():
    names, features = candidates(Heard(own=(("read", 0.5),), given=(("read", 0.25),)), [Neighbour("read", 0.5)])
    assert names == ["read"]
    assert feature("log_odds", features) == [0]


def test_the_first_of_the_decoder_and_names_of_both_are_marked():
    _, features = candidates(HEARD, [Neighbour("load", 0.5), Neighbour("open", 0.5)])
    assert feature("first", features) == [1, 0, 0]
    assert feature("in_both", features) == [0, 1, 0]


def test_names_that_were_only_asked_about_are_no_candidates():
    assert candidates(Heard(own=(), given=(("open", 0.9),)), ())[0] == []


def test_what_is_likely_in_several_forms_comes_before_a_shorter_name_that_is_likelier_by_itself():
    own = (("load", 0.3), ("read_file", 0.25), ("read_file_lines", 0.2), ("read_lines", 0.2))
    names = RANKING.rank(Heard(own), (), 4)
    assert names[0].name == "read_file_lines"
    assert max(names, key=lambda each: each.probability).name == "load"
