"""Names from the decoder and from neighbours become one list with probabilities."""

from dataclasses import replace
from math import exp, tanh

import numpy as np
import pytest

from codekin_model.checkpoint.manifest import CheckpointError
from codekin_model.embedder import Neighbour, Surroundings
from codekin_model.extraction.company import Companion
from codekin_model.runtime.name_features import FEATURES, Heard
from codekin_model.runtime.name_ranking import NameRanking, NameScorer, read_ranking, score, write_ranking

SMALL = 1e-4
"""As small as this, tanh is a straight line."""


def straight(bias: float = 0.0, **weights: float) -> NameScorer:
    """A scorer whose log odds are the sum of features, each by its weight."""
    row = tuple(SMALL * weights.get(name, 0.0) for name in FEATURES)
    return NameScorer((0.0,) * len(FEATURES), (1.0,) * len(FEATURES), (row,), (0.0,), (1 / SMALL,), bias)


RANKING = NameRanking(with_neighbours=straight(-1.0, log_odds=1.0, share=4.0), alone=straight(log_odds=1.0))
HEARD = Heard(own=(("read", 0.6), ("load", 0.2)))
NOTHING = Heard(())


def near(name: str, similarity: float) -> Surroundings:
    return Surroundings((Neighbour(name, similarity),))


def test_without_neighbours_the_decoder_keeps_its_order_and_its_probability():
    names = RANKING.rank(HEARD, Surroundings(), 5)
    assert [each.name for each in names] == ["read", "load"]
    assert names[0].probability == pytest.approx(0.6)


def test_names_of_both_sources_are_one_candidate_and_say_so():
    names = RANKING.rank(HEARD, near("load", 0.9), 5)
    assert names[0].name == "load"
    assert names[0].source == "decoder+neighbours"


def test_a_name_that_only_neighbours_have_is_offered():
    names = RANKING.rank(NOTHING, near("parse_header", 0.8), 5)
    assert [(each.name, each.source) for each in names] == [("parse_header", "neighbours")]


def test_a_name_that_only_scopes_like_its_own_have_is_offered_as_the_neighbours():
    around = Surroundings(near("parse_header", 0.8).neighbours, company=(Companion("flush", 0.5, 2),))
    sources = {each.name: each.source for each in RANKING.rank(HEARD, around, 5)}
    assert sources == {"read": "decoder", "load": "decoder", "parse_header": "neighbours", "flush": "neighbours"}


def test_the_limit_keeps_the_most_probable():
    assert [each.name for each in RANKING.rank(HEARD, Surroundings(), 1)] == ["read"]


def test_no_source_means_no_suggestion():
    assert RANKING.rank(NOTHING, Surroundings(), 5) == ()


def test_what_is_likely_in_several_forms_comes_before_a_shorter_name_that_is_likelier_by_itself():
    own = (("load", 0.3), ("read_file", 0.25), ("read_file_lines", 0.2), ("read_lines", 0.2))
    names = RANKING.rank(Heard(own), Surroundings(), 4)
    assert [each.name for each in names] == ["read_file_lines", "load", "read_file", "read_lines"]


def test_after_the_first_name_come_the_likeliest_and_not_more_of_its_forms():
    own = (("read_file", 0.3), ("read_files", 0.02), ("file_read", 0.02), ("load", 0.1), ("open_path", 0.05))
    names = RANKING.rank(Heard(own), Surroundings(), 3)
    assert [each.name for each in names] == ["read_file", "load", "open_path"]


def test_a_name_that_says_a_word_in_two_forms_is_not_the_first():
    own = (("suggest", 0.2), ("suggestions", 0.2), ("suggest_suggestions", 0.05))
    assert RANKING.rank(Heard(own), Surroundings(), 3)[0].name == "suggest"


def test_a_word_that_is_hardly_likely_is_not_worth_saying():
    own = (("read", 0.4), ("load", 0.2), ("read_file", 0.1))
    assert RANKING.rank(Heard(own), Surroundings(), 3)[0].name == "read"


def test_a_probability_is_what_one_hidden_layer_says_of_the_scaled_features():
    scorer = NameScorer(
        mean=(1.0, -2.0),
        scale=(2.0, 0.5),
        hidden=((0.3, -0.1), (0.0, 0.2)),
        hidden_bias=(0.1, -0.4),
        out=(1.5, -2.0),
        bias=0.25,
    )
    found = score(scorer, np.array([[3.0, -1.0], [1.0, -2.0]]))
    by_hand = [
        0.25 + 1.5 * tanh(0.3 * 1 - 0.1 * 2 + 0.1) - 2.0 * tanh(0.2 * 2 - 0.4),
        0.25 + 1.5 * tanh(0.1) - 2.0 * tanh(-0.4),
    ]
    assert found.tolist() == pytest.approx([1 / (1 + exp(-log_odds)) for log_odds in by_hand])


def test_no_names_have_no_probabilities():
    assert score(straight(), np.zeros((0, len(FEATURES)))).shape == (0,)


def test_of_a_cosine_the_share_of_authors_names_with_less_is_told():
    ranking = replace(RANKING, cosines=(0.0, 0.2, 0.6))
    assert [ranking.share_farther(cosine) for cosine in (-0.1, 0.1, 0.2, 0.4, 0.7)] == [0, 0.25, 0.5, 0.75, 1]


def test_where_no_cosines_are_known_no_name_is_far():
    assert RANKING.share_farther(-1.0) == 1


def test_a_ranking_is_read_as_it_was_written(tmp_path):
    ranking = replace(RANKING, cosines=(0.0, 0.25))
    write_ranking(ranking, tmp_path / "ranking.json")
    assert read_ranking(tmp_path / "ranking.json") == ranking


def test_a_ranking_by_other_features_is_refused(tmp_path):
    write_ranking(replace(RANKING, features=(*FEATURES[1:], "length_of_name")), tmp_path / "ranking.json")
    with pytest.raises(CheckpointError, match="by other features than this codekin knows: export"):
        read_ranking(tmp_path / "ranking.json")


@pytest.mark.parametrize("text", ["", "{}", "[1, 2]"])
def test_what_is_no_ranking_is_refused(tmp_path, text):
    (tmp_path / "ranking.json").write_text(text)
    with pytest.raises(CheckpointError, match="holds no ranking of names"):
        read_ranking(tmp_path / "ranking.json")
