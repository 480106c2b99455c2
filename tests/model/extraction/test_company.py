"""Names that stand beside a function's mates in other scopes."""

from math import log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codekin_model.extraction import company
from codekin_model.extraction.company import Companion, company_of, likely_scopes

OWN = ("own.py", "File")


def holders_in(scopes):
    return {name: {scope for scope in scopes if name in scopes[scope]} for name in set().union(*scopes.values())}


def company_in(mates, scopes, own=OWN):
    return company_of(frozenset(mates), likely_scopes(frozenset(mates), holders_in(scopes), own), scopes)


def of_class(name, *functions):
    return {("a.py", name): frozenset(functions)}


def names(found):
    return [each.name for each in found]


STREAMS = {
    **of_class("Stream", "read", "close", "flush"),
    **of_class("Door", "open", "close"),
    **of_class("Lamp", "glow"),
    OWN: frozenset({"read", "close", "secret"}),
}
OF_READ, OF_CLOSE = 1 / log(2 + 1), 1 / log(2 + 2)
"""One other scope can be read, two can be closed."""


def test_a_scope_weighs_what_the_names_weigh_that_it_shares_and_the_own_scope_is_none_of_them():
    likely = likely_scopes({"read", "close"}, holders_in(STREAMS), OWN)
    assert likely == pytest.approx({("a.py", "Stream"): OF_READ + OF_CLOSE, ("a.py", "Door"): OF_CLOSE})


def test_a_share_is_that_of_the_likeness_of_all_scopes():
    found = company_in({"read", "close"}, STREAMS)
    stream, door = (OF_READ + OF_CLOSE) / sqrt(2 * 3), OF_CLOSE / sqrt(2 * 2)
    assert names(found) == ["flush", "open"]
    assert [each.share for each in found] == pytest.approx([stream / (stream + door), door / (stream + door)])
    assert [each.scopes for each in found] == [1, 1]


def test_scopes_speak_together_for_a_name():
    scopes = {**of_class("A", "read", "flush"), **of_class("B", "read", "_flush"), **of_class("C", "read", "seek")}
    assert company_in({"read"}, scopes) == (
        Companion("flush", pytest.approx(2 / 3), 2),
        Companion("seek", pytest.approx(1 / 3), 1),
    )


def test_a_scope_speaks_once_for_a_name_that_it_has_with_and_without_underscores():
    assert company_in({"read"}, of_class("A", "read", "_flush", "flush")) == (Companion("flush", 1.0, 1),)


def test_dunders_are_mates_but_no_company():
    assert names(company_in({"__enter__"}, of_class("A", "__enter__", "__exit__", "close", "_"))) == ["close"]


def test_a_mate_is_no_company():
    assert names(company_in({"read", "_load"}, of_class("A", "read", "_load", "close"))) == ["close"]


@pytest.mark.parametrize(("mates", "scopes"), [({"read"}, of_class("A", "close")), (set(), of_class("A", "close"))])
def test_who_shares_nothing_has_no_company(mates, scopes):
    assert company_in(mates, scopes) == ()


def test_a_scope_that_is_gone_since_it_was_found_is_passed_over():
    likely = likely_scopes({"read", "close"}, holders_in(STREAMS), OWN)
    door = ("a.py", "Door")
    assert company_of({"read", "close"}, likely, {door: STREAMS[door]}) == (Companion("open", 1.0, 1),)


def test_only_so_many_scopes_and_names_count(monkeypatch):
    scopes = {scope: held for at in range(9) for scope, held in of_class(f"C{at}", "read", f"do_{at}").items()}
    monkeypatch.setattr(company, "_COMPARED", 4)
    assert list(likely_scopes({"read"}, holders_in(scopes), OWN)) == [("a.py", f"C{at}") for at in range(4)]
    monkeypatch.setattr(company, "_LIKEST", 3)
    assert names(company_in({"read"}, scopes)) == ["do_0", "do_1", "do_2"]
    monkeypatch.setattr(company, "_MOST", 2)
    assert [(each.name, each.share) for each in company_in({"read"}, scopes)] == [
        ("do_0", pytest.approx(1 / 3)),
        ("do_1", pytest.approx(1 / 3)),
    ]


def test_of_scopes_that_share_as_much_the_smaller_are_likelier(monkeypatch):
    monkeypatch.setattr(company, "_LIKEST", 1)
    scopes = {**of_class("A", "read", "close", "flush", "seek"), **of_class("B", "read", "load")}
    assert names(company_in({"read"}, scopes)) == ["load"]


some_names = st.frozensets(st.sampled_from(["read", "_read", "close", "__init__", "__len__", "seek", "_", "flush"]))
some_scopes = st.dictionaries(st.tuples(st.sampled_from("ab"), st.sampled_from("CDEF")), some_names, min_size=1)


@given(some_names, some_scopes, st.randoms())
def test_company_does_not_depend_on_the_order_of_scopes(mates, scopes, random):
    shuffled = list(scopes.items())
    random.shuffle(shuffled)
    assert company_in(mates, dict(shuffled)) == company_in(mates, scopes)


@given(some_names, some_scopes)
def test_company_is_what_functions_of_other_scopes_are_called_beside_mates_and_dunders(mates, scopes):
    own = next(iter(scopes))
    others = frozenset().union(*(held for scope, held in scopes.items() if scope != own and held & mates))
    found = company_in(mates, scopes, own)
    assert set(names(found)) == {name.strip("_") for name in others - mates - {"__init__", "__len__", "_"}}
    assert all(0 < each.share < 1 + 1e-9 and 0 < each.scopes < len(scopes) for each in found)
    assert list(found) == sorted(found, key=lambda each: (-each.share, each.name))
