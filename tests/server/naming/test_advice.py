"""Names for functions, from the model and from their kin."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest

from codekin_model.extraction.company import Companion, Scope
from codekin_model.extraction.traits import Traits, resemblance, traits_of
from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.unit import UnitKind
from codekin_model.source.unit_tree import unit_tree
from codekin_model.source.units import find_units
from codekin_server.naming.advice import NameAdviser, NamingRequest
from codekin_server.store.records import UnitRecord

CODE = """
class Reader:
    def secret(self, path):
        "Calls secret."
        return self.secret(path) or open(path).read()

    def __len__(self):
        return 0

def secret_twin(path):
    return path
"""

SIBLINGS = frozenset({"close", "__len__"})


def record(name: str, kind: UnitKind = UnitKind.METHOD, path: str = "b.py", fingerprint: str = "") -> UnitRecord:
    print_ = fingerprint or f"print of {name}"
    return UnitRecord(1, path, "b", kind, name, f"Reader.{name}", 1, 2, 0, 9, 4, 5, print_, is_test=False)


@dataclass
class Shelf:
    """Answers with the same units whatever is asked."""

    units: list[tuple[UnitRecord, float]]

    def __call__(self, vector, limit):
        assert np.isclose(np.linalg.norm(vector), 1)
        return self.units[:limit]


def request(name: str = "secret", taken: frozenset[str] = frozenset()) -> NamingRequest:
    unit = next(unit for unit in find_units(parse(text_of(CODE))) if unit.name == name)
    return NamingRequest(unit, "a.py", taken, SIBLINGS)


def unseen(records: Sequence[UnitRecord]) -> list[Traits | None]:
    """As if every file had changed."""
    return [None] * len(records)


def alone(own: Scope, mates: frozenset[str]) -> list[Companion]:
    """As if no other scope had such names."""
    return []


def traits(name: str = "secret") -> Traits:
    return traits_of(unit_tree(request(name).unit))


@pytest.fixture
def neighbours(fake_worker):
    """The names that the model is shown beside the function, for the units of a workspace."""

    def shown(*units: tuple[UnitRecord, float]) -> list[str]:
        NameAdviser(fake_worker, Shelf(list(units)), unseen, alone).suggest([request()], 5)
        return [each.name for each in fake_worker.named[-1][1].neighbours]

    return shown


def test_the_present_name_reaches_neither_the_models_text_nor_its_paths(fake_worker):
    NameAdviser(fake_worker, Shelf([]), unseen, alone).suggest([request()], 5)
    for unit in (*fake_worker.embedded, *(unit for unit, _ in fake_worker.named)):
        assert unit.masked
        assert "secret" not in unit.passage
        assert all("secret" not in (context.start.token, context.end.token) for context in unit.contexts)


def test_names_of_near_functions_are_shown_to_the_model_with_their_similarity(fake_worker):
    NameAdviser(fake_worker, Shelf([(record("read_text"), 0.75)]), unseen, alone).suggest([request()], 5)
    ((_, around),) = fake_worker.named
    assert [(each.name, each.similarity) for each in around.neighbours] == [("read_text", 0.75)]


def test_neighbours_are_shown_with_how_like_the_function_they_are(fake_worker):
    theirs = {"read_text": traits("secret_twin"), "changed": None}
    shelf = Shelf([(record("read_text"), 0.75), (record("changed"), 0.5)])
    adviser = NameAdviser(fake_worker, shelf, lambda records: [theirs[each.name] for each in records], alone)
    adviser.suggest([request()], 5)
    ((_, around),) = fake_worker.named
    assert [each.resemblance for each in around.neighbours] == [resemblance(traits(), traits("secret_twin")), None]


def test_only_what_is_shown_is_looked_at(fake_worker):
    units = [(record(f"method_{at}"), 0.9 - at / 100) for at in range(30)]
    looked = []

    def look(records):
        looked.extend(records)
        return [None] * len(records)

    shelf = Shelf([(record("Thing", UnitKind.CLASS), 0.95), *units])
    NameAdviser(fake_worker, shelf, look, alone).suggest([request()], 5)
    assert [each.name for each in looked] == [each.name for each in fake_worker.named[-1][1].neighbours]


def test_siblings_and_the_functions_own_traits_reach_the_model(fake_worker):
    NameAdviser(fake_worker, Shelf([]), unseen, alone).suggest([request()], 5)
    ((_, around),) = fake_worker.named
    assert around.siblings == SIBLINGS
    assert around.traits == traits()


def test_the_company_of_the_siblings_in_the_functions_scope_reaches_the_model(fake_worker):
    asked = []

    def company(own, mates):
        asked.append((own, mates))
        return [Companion("flush", 0.75, 3)]

    NameAdviser(fake_worker, Shelf([]), unseen, company).suggest([request()], 5)
    ((_, around),) = fake_worker.named
    assert around.company == (Companion("flush", 0.75, 3),)
    assert asked == [(("a.py", "Reader"), SIBLINGS)]


def test_without_siblings_there_is_no_company(fake_worker):
    lonely = replace(request(), siblings=frozenset())
    NameAdviser(fake_worker, Shelf([]), unseen, lambda *_: [Companion("flush", 0.75, 3)]).suggest([lonely], 5)
    ((_, around),) = fake_worker.named
    assert around.company == ()


def test_the_present_name_is_in_no_trait(fake_worker):
    NameAdviser(fake_worker, Shelf([]), unseen, alone).suggest([request()], 5)
    ((_, around),) = fake_worker.named
    assert around.traits.says_own_name
    assert "secret" not in repr(around)


def test_a_function_is_never_its_own_neighbour(neighbours):
    own = request().unit
    same_content = record("copied", fingerprint=own.fingerprint)
    stale = replace(record("old"), path="a.py", qualified_name=own.qualified_name)
    assert neighbours((same_content, 0.9), (stale, 0.9), (record("other"), 0.5)) == ["other"]


def test_classes_modules_and_dunders_are_no_neighbours(neighbours):
    units = [(record("Thing", UnitKind.CLASS), 0.9), (record("", UnitKind.MODULE), 0.9), (record("__init__"), 0.9)]
    assert neighbours(*units, (record("load"), 0.1)) == ["load"]


def test_of_many_neighbours_those_of_the_same_kind_are_preferred(neighbours):
    functions = [(record(f"function_{at}", UnitKind.FUNCTION), 0.500) for at in range(20)]
    methods = [(record(f"method_{at}"), 0.495) for at in range(20)]
    assert all(name.startswith("method") for name in neighbours(*functions, *methods))


def test_a_much_nearer_function_of_another_kind_still_counts(neighbours):
    methods = [(record(f"method_{at}"), 0.5) for at in range(20)]
    assert neighbours((record("near", UnitKind.FUNCTION), 0.9), *methods)[0] == "near"


def test_taken_names_are_not_offered(fake_worker):
    adviser = NameAdviser(fake_worker, Shelf([(record("read"), 0.9), (record("load"), 0.8)]), unseen, alone)
    (names,) = adviser.suggest([request(taken=frozenset({"read"}))], 5)
    assert [each.name for each in names] == ["load", "from_decoder"]


def test_what_python_calls_by_name_gets_no_names_and_the_others_keep_their_order(fake_worker):
    adviser = NameAdviser(fake_worker, Shelf([(record("read"), 0.9)]), unseen, alone)
    first, dunder, last = adviser.suggest([request(), request("__len__"), request("secret_twin")], 5)
    assert (bool(first), dunder, bool(last)) == (True, (), True)


def test_many_functions_are_all_answered(fake_worker):
    requests = [request() for _ in range(40)]
    assert all(NameAdviser(fake_worker, Shelf([]), unseen, alone).suggest(requests, 1))
    assert len(fake_worker.embedded) == 40
