"""Searches among some of the units."""

from concurrent.futures import Future

import pytest

from codekin_model.source.unit import UnitKind
from codekin_server.haste import Haste
from codekin_server.search.engine import RankingSettings, SearchEngine
from codekin_server.store.unit_filter import UnitFilter

MANY = "".join(f"def send_request_{word}(request):\n    send(request)\n\n\n" for word in map("a{}z".format, range(400)))
WORDS = ["apple", "banana", "cherry", "damson", "elder", "fig", "grape", "hazel", "iris", "juniper", "kiwi", "lemon"]
FEW = "".join(f"def {word}():\n    {word}.{word}({word}, {word})\n\n\n" for word in WORDS)
REST = "class Request:\n    def send(self):\n        return 1\n"


@pytest.fixture
def large(workspace):
    return workspace.add("net/many.py", MANY).add("deep/down/few.py", FEW).add("net/rest.py", REST)


def found(large, wanted, query="send a request", limit=10):
    return [hit.unit for hit in large.engine.answer(query, limit, wanted).hits]


def test_a_folder_far_below_the_cut_off_still_gives_the_limit(large):
    units = found(large, UnitFilter("deep"), limit=10)
    assert len(units) == 10
    assert {unit.path for unit in units} == {"deep/down/few.py"}


def test_a_file_is_a_folder_of_one(large):
    assert {unit.path for unit in found(large, UnitFilter("net/rest.py"))} == {"net/rest.py"}


def test_a_folder_is_no_prefix_of_another(large):
    large.add("nets/x.py", "def send_request(request):\n    pass\n")
    assert "nets/x.py" not in {unit.path for unit in found(large, UnitFilter("net"), limit=30)}


def test_kinds(large):
    units = found(large, UnitFilter(kinds=frozenset({UnitKind.CLASS})))
    assert [unit.name for unit in units] == ["Request"]


def test_tests_or_not(large):
    large.add("tests/test_net.py", "def test_send_request():\n    assert send_request()\n")
    only = found(large, UnitFilter(is_test=True))
    without = found(large, UnitFilter(is_test=False), limit=50)
    assert {unit.path for unit in only} == {"tests/test_net.py"}
    assert "tests/test_net.py" not in {unit.path for unit in without}


def test_found_by_words_alone_where_meaning_is_not_asked_for(large):
    answer = large.engine.answer("send a request", 5, by_meaning=False)
    assert (answer.semantic, {hit.tier for hit in answer.hits}) == (False, {"words"})
    assert large.worker.queries == []


class _Stuck:
    """A model that never answers."""

    def __init__(self):
        self.asked = Future()

    def embed_queries(self, queries):
        return self.asked


def test_who_no_longer_waits_is_answered_by_words_and_the_model_is_spared(large):
    stuck, haste = _Stuck(), Haste()
    engine = SearchEngine(large.store, stuck, large.nearest, RankingSettings(patience=600))
    haste.hurry()
    answer = engine.answer("send a request", 5, haste=haste)
    assert not answer.semantic
    assert len(answer.hits) == 5
    assert stuck.asked.cancelled()
