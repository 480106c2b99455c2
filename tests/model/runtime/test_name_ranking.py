"""Names from the head and from neighbours become one list with probabilities."""

import pytest

from codekin_model.embedder import Neighbour
from codekin_model.runtime.name_ranking import FEATURES, NameRanking, candidates

RANKING = NameRanking(with_neighbours=(1.0, 0, 4.0, 0, 0, 0, 0, -1.0), alone=(1.0, 0, 0, 0, 0, 0, 0, 0))
HEAD = (("read", 0.6), ("load", 0.2))


def test_without_neighbours_the_head_keeps_its_order_and_its_probability():
    names = RANKING.rank(HEAD, (), 5)
    assert [each.name for each in names] == ["read", "load"]
    assert names[0].probability == pytest.approx(0.6)


def test_names_of_both_sources_are_one_candidate_and_say_so():
    names = RANKING.rank(HEAD, [Neighbour("load", 0.9)], 5)
    assert names[0].name == "load"
    assert names[0].source == "vocabulary+neighbours"


def test_a_name_that_only_neighbours_have_is_offered():
    names = RANKING.rank((), [Neighbour("parse_header", 0.8)], 5)
    assert [(each.name, each.source) for each in names] == [("parse_header", "neighbours")]


def test_outer_underscores_are_no_part_of_a_candidate():
    names, _ = candidates((), [Neighbour("_read", 0.9), Neighbour("read", 0.8), Neighbour("__", 0.9)])
    assert names == ["read"]


def test_the_limit_keeps_the_most_probable():
    assert [each.name for each in RANKING.rank(HEAD, (), 1)] == ["read"]


def test_no_source_means_no_suggestion():
    assert RANKING.rank((), (), 5) == ()


def test_every_candidate_has_every_feature():
    names, features = candidates(HEAD, [Neighbour("open", 0.5)])
    assert features.shape == (len(names), len(FEATURES))


def test_nearer_neighbours_weigh_more_than_farther_ones():
    _, features = candidates((), [Neighbour("near", 0.9), Neighbour("far", 0.5)])
    share = FEATURES.index("share")
    assert features[0, share] > 0.99 > features[1, share]
