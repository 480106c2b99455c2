"""Search by words."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codekin_server.store import word_rows
from codekin_server.store.unit_filter import UnitFilter

SOURCE = '''
def parse_header(line):
    """Split a header line into its name and its value."""
    return line.split(":")


def send(request):
    """Parse nothing."""
    parse = request.parse_header
    return parse


def unrelated():
    return 0
'''


def found(store, *words, limit=10):
    return [unit.qualified_name for unit in store.units(unit_id for unit_id, _ in store.lexical(words, limit))]


def test_a_word_in_the_name_counts_more_than_one_in_the_body(store, place):
    place(store, "a.py", SOURCE)
    assert found(store, "parse", "header")[:2] == ["parse_header", "send"]


def test_any_of_the_words_is_enough(store, place):
    place(store, "a.py", SOURCE)
    assert set(found(store, "unrelated", "request")) >= {"unrelated", "send"}


def test_words_meet_in_their_stems(store, place):
    place(store, "a.py", SOURCE)
    assert "parse_header" in found(store, "splitting")
    assert "parse_header" in found(store, "headers")


def test_an_identifier_is_found_whole(store, place):
    place(store, "a.py", SOURCE)
    assert found(store, "parse_header")[0] == "parse_header"


def test_the_module_s_words_lead_to_its_units(store, place):
    place(store, "net/sockets.py", "def close():\n    pass\n")
    assert "close" in found(store, "sockets")
    assert "close" in found(store, "net")


def test_scores_fall(store, place):
    place(store, "a.py", SOURCE)
    scores = [score for _, score in store.lexical(["parse", "header", "line"], 10)]
    assert scores == sorted(scores, reverse=True)
    assert all(score > 0 for score in scores)


def test_removed_files_are_not_found(store, place):
    place(store, "a.py", SOURCE)
    assert store.remove_file("a.py")
    assert found(store, "parse") == []


@pytest.mark.parametrize(
    "words", [(), ("",), ('"',), ("*", "(", "NEAR"), ("NOT",), ("a" * 10_000,), ("\0",), ("\ud800",)]
)
def test_words_that_look_like_syntax_are_only_words(store, place, words):
    place(store, "a.py", SOURCE)
    assert found(store, *words) == []


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(words=st.lists(st.text(max_size=20), max_size=40))
def test_no_input_raises(store, words):
    assert isinstance(store.lexical(words, 5), list)


def test_units_of_other_layers_do_not_use_up_the_limit(store, place):
    for at in range(200):
        place(store, f"{at}.py", "def needle():\n    needle = 1\n    return needle\n")
        place(store, f"{at}.py", "pass\n", overlay=True)
    place(store, "last.py", "def other():\n    return needle + 1 + 2 + 3\n")
    assert found(store, "needle", limit=1) == ["other"]


def test_in_a_large_index_frequent_words_still_find_names(store, place, monkeypatch):
    monkeypatch.setattr(word_rows, "_BUDGET", 20)
    for at in range(60):
        place(store, f"{at}.py", f"def thing{at}(name):\n    column = name\n    return column\n")
    place(store, "wanted.py", "def column_name():\n    return rarity\n")
    assert found(store, "column", "name")[0] == "column_name"
    assert found(store, "rarity", "name")[0] == "column_name"
    assert len(found(store, "column", limit=3)) > 0
    assert len(found(store, "return", limit=3)) == 3


def crowd(store, place):
    for at in range(30):
        place(store, f"read{at}.py", f"def read_{at}(each):\n    return each\n")
        place(store, f"file{at}.py", f"def file_{at}(each):\n    return each\n")
    place(store, "both.py", "def read_file(each):\n    return each\n")


def test_in_a_large_index_two_words_of_very_many_names_find_the_names_with_both(store, place, monkeypatch):
    monkeypatch.setattr(word_rows, "_BUDGET", 20)
    crowd(store, place)
    assert found(store, "read", "file", limit=1) == ["read_file"]


def test_names_with_one_of_the_words_come_after_those_with_both(store, place, monkeypatch):
    monkeypatch.setattr(word_rows, "_BUDGET", 20)
    crowd(store, place)
    names = found(store, "read", "file", limit=10)
    assert (names[0], len(names)) == ("read_file", 10)


MESSAGES = """
def load(path):
    raise ValueError(f"no such column in the table: {path}")


def table(column):
    return "such a column is in no table"
"""


def quoting(store, *runs, **options):
    shares = store.quotations(runs, options.pop("limit", 10), **options)
    return {unit.qualified_name: shares[unit.id] for unit in store.units(shares)}


def test_a_run_of_words_is_found_where_it_stands_as_it_is(store, place):
    place(store, "a.py", MESSAGES)
    assert quoting(store, "no such column", "in the table", "the table price") == {"load": pytest.approx(2 / 3)}
    assert quoting(store, "column such no") == {}


def test_runs_are_looked_for_in_wanted_units_only(store, place):
    place(store, "a.py", MESSAGES)
    place(store, "b/c.py", MESSAGES)
    shares = store.quotations(["no such column"], 10, UnitFilter(folder="b"))
    assert [unit.path for unit in store.units(shares)] == ["b/c.py"]


def test_in_a_large_index_a_run_of_frequent_words_is_passed_over(store, place, monkeypatch):
    monkeypatch.setattr(word_rows, "_BUDGET", 20)
    for at in range(60):
        place(store, f"{at}.py", f"def thing{at}(name):\n    column = name\n    return column\n")
    place(store, "wanted.py", MESSAGES)
    assert quoting(store, "return column thing", "no such column", limit=100) == {"load": 0.5}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(runs=st.lists(st.text(max_size=20), max_size=40))
def test_no_run_raises(store, runs):
    assert isinstance(store.quotations(runs, 5), dict)
