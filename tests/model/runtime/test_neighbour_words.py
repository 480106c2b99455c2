"""Which word comes next, by the names of neighbours, or by what is said of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codekin_model.embedder import Described, Neighbour
from codekin_model.runtime.neighbour_words import NeighbourWords, mixed

NAMES = st.lists(st.sampled_from(("read", "file", "line", "2d", "")), max_size=4).map("_".join)
NEIGHBOURS = st.lists(st.builds(Neighbour, NAMES, st.floats(-1, 1)), max_size=8)
SAID = st.lists(st.sampled_from(("read", "file", "line", "other")), max_size=3).map(tuple)


def after(said: str, *near: tuple[str, float]) -> dict[str, float]:
    return dict(NeighbourWords.of_names([Neighbour(*each) for each in near]).after(tuple(said.split())))


@given(near=NEIGHBOURS, said=SAID)
def test_shares_are_positive_and_sum_to_one_at_most(near, said):
    shares = NeighbourWords.of_names(near).after(said).values()
    assert all(share > 0 for share in shares)
    assert sum(shares) <= 1 + 1e-9


def test_names_go_on_as_those_of_the_neighbours():
    assert after("", ("read_file", 0.5), ("read_line", 0.5)) == {"read": pytest.approx(1)}
    assert after("read", ("read_file", 0.5), ("read_line", 0.5)) == {
        "file": pytest.approx(0.5),
        "line": pytest.approx(0.5),
    }


def test_where_a_neighbours_name_ends_a_name_may_end():
    assert after("read file", ("read_file", 0.5)) == {"": pytest.approx(1)}


def test_the_nearer_neighbour_has_more_say():
    shares = after("read", ("read_file", 0.6), ("read_line", 0.5))
    assert shares["file"] / shares["line"] == pytest.approx(7.389, rel=1e-3)


def test_how_near_they_all_are_makes_no_difference():
    near, far = (after("", ("read", high), ("load", high - 0.1)) for high in (0.9, 0.1))
    assert near == pytest.approx(far)


def test_where_no_name_begins_so_those_with_the_last_word_speak():
    assert after("load file", ("read_file_line", 0.5)) == {"line": pytest.approx(1)}


def test_where_few_names_begin_so_both_speak():
    shares = after("read", ("read_file", 0.5), ("re_read_line", 0.5), ("load", 0.5), ("sort", 0.5))
    begun, held = 2 / 4, 2 / 4
    assert shares == {"file": pytest.approx(begun + held / 2), "line": pytest.approx(held / 2)}


def test_a_last_word_that_nobody_has_is_followed_by_nothing():
    assert after("strange", ("read_file", 0.5)) == {}


@pytest.mark.parametrize("near", [[], [("_", 0.9), ("__", 0.5)]])
def test_without_neighbours_that_have_names_there_is_nothing(near):
    assert after("", *near) == after("read", *near) == {}


def test_outer_underscores_and_capitals_make_no_difference():
    assert after("read", ("_readFile", 0.5)) == after("read", ("read_file", 0.5))


def said_after(said: str, *sentences: str) -> set[str]:
    return set(NeighbourWords.of_sentences([Described(each, 0.5) for each in sentences]).after(tuple(said.split())))


def test_sentences_go_on_as_those_of_the_neighbours_and_end_with_a_mark():
    assert said_after("read a", "Read a file.", "Read a line.") == {"file", "line"}
    assert said_after("read a file .", "Read a file.") == {"<END>"}


def test_of_a_role_its_text_is_said():
    assert said_after("close the", "Close the :py:class:`Queue`.") == {"`"}
    assert said_after("close the `", "Close the :py:class:`~Queue`.") == {"queue"}


@pytest.mark.parametrize("sentence", [":param path: where it stands", "@return the text", ">>> read(1)"])
def test_what_is_no_sentence_says_nothing(sentence):
    assert said_after("", sentence) == set()


def test_odds_are_mixed_with_the_part_that_neighbours_have():
    both = mixed({"read": 0.6, "load": 0.4}, {"read": 0.5, "get": 0.5}, 0.2)
    assert list(both) == ["read", "load", "get"]
    assert both == pytest.approx({"read": 0.48 + 0.1, "load": 0.32, "get": 0.1})


def test_neighbours_that_say_nothing_change_nothing():
    assert mixed({"read": 0.6, "load": 0.4}, {}, 0.2) == {"read": 0.6, "load": 0.4}
