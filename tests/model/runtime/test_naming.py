"""A masked function is read once; the decoder's names and those of its neighbours come out in one list."""

import pytest

pytest.importorskip("torch")

from codekin_model.embedder import Neighbour, Surroundings
from codekin_model.extraction.company import Companion
from codekin_model.extraction.traits import Traits
from codekin_model.runtime import name_ranking
from codekin_model.runtime.name_ranking import NameRanking
from codekin_model.runtime.onnx_embedder import load_onnx_embedder
from codekin_model.source.unit import UnitKind

PASSAGE = "tools\ndef METHOD_NAME(path):\n    file = read(path)\n    return file.header"


@pytest.fixture(scope="module")
def naming(tiny_model):
    return load_onnx_embedder(tiny_model.folder, threads=1)._naming()


def test_the_decoders_own_names_are_words_of_the_vocabulary_or_of_the_passage(naming, tiny_model):
    heard = naming.hear(PASSAGE, Surroundings())
    sayable = {*tiny_model.names.words[2:], "tools", "def", "path", "file", "read", "return", "header"}
    assert len(heard.own) >= 4
    assert all(set(name.split("_")) <= sayable for name, _ in heard.own)
    assert heard.given == ()


def test_the_names_of_neighbours_are_weighed_once_each_without_outer_underscores(naming):
    near = Neighbour("_read_file", 0.9), Neighbour("read_file", 0.8), Neighbour("unpackStrangely", 0.7)
    heard = naming.hear(PASSAGE, Surroundings(near))
    assert [name for name, _ in heard.given] == ["read_file", "unpackStrangely"]
    (_, known), (_, strange) = heard.given
    assert known > 1e-8 > strange


def test_a_neighbours_name_that_the_decoder_says_too_is_as_probable_either_way(naming):
    name, probability = naming.hear(PASSAGE, Surroundings()).own[0]
    ((_, given),) = naming.hear(PASSAGE, Surroundings((Neighbour(name, 0.9),))).given
    assert given == pytest.approx(probability, rel=0.05)


COMPANY = (Companion("read_file", 0.5, 2), Companion("flush", 0.25, 1))


def test_names_of_the_company_are_weighed_after_those_of_neighbours(naming):
    near = Neighbour("unpackStrangely", 0.9), Neighbour("_read_file", 0.8)
    heard = naming.hear(PASSAGE, Surroundings(near, company=COMPANY))
    assert [name for name, _ in heard.given] == ["unpackStrangely", "read_file", "flush"]
    assert heard.own == naming.hear(PASSAGE, Surroundings(near)).own


def test_without_neighbours_the_company_is_not_listened_to(naming):
    assert naming.hear(PASSAGE, Surroundings(company=COMPANY)) == naming.hear(PASSAGE, Surroundings())
    assert naming.suggest(PASSAGE, Surroundings(company=COMPANY), 5) == naming.suggest(PASSAGE, Surroundings(), 5)


def test_suggestions_say_where_they_come_from(naming, monkeypatch):
    monkeypatch.setattr(name_ranking, "_SAID", 1e-6)  # an untrained decoder is sure of nothing
    name, _ = naming.hear(PASSAGE, Surroundings()).own[0]
    around = Surroundings((Neighbour(name, 0.9), *(Neighbour("unpackStrangely", 0.7) for _ in range(9))))
    sources = {each.name: each.source for each in naming.suggest(PASSAGE, around, 99)}
    assert sources[name] == "decoder+neighbours"
    assert sources["unpackStrangely"] == "neighbours"
    assert set(sources.values()) == {"decoder", "decoder+neighbours", "neighbours"}


def test_a_workspace_of_few_functions_is_not_listened_to(naming):
    few = Surroundings((Neighbour("unpackStrangely", 0.9),) * 9)
    assert naming.suggest(PASSAGE, few, 5) == naming.suggest(PASSAGE, Surroundings(), 5)


def test_its_own_traits_go_with_a_function_that_is_named_by_itself(naming, monkeypatch):
    told = list[Surroundings]()
    monkeypatch.setattr(NameRanking, "rank", lambda _ranking, _heard, around, _limit: told.append(around) or ())
    own = Traits(
        kind=UnitKind.FUNCTION,
        scope=frozenset(),
        parameters=("path",),
        decorators=frozenset(),
        identifiers=frozenset(),
        says_own_name=False,
        returns=True,
        lines=2,
    )
    naming.suggest(PASSAGE, Surroundings((Neighbour("unpack", 0.9),), frozenset({"mate"}), own, COMPANY), 5)
    assert told == [Surroundings(traits=own)]


def test_the_limit_is_kept(naming):
    assert len(naming.suggest(PASSAGE, Surroundings(), 2)) == 2


def test_an_empty_passage_gets_names_of_the_vocabulary(naming, tiny_model):
    heard = naming.hear("", Surroundings())
    assert all(set(name.split("_")) <= set(tiny_model.names.words[2:]) for name, _ in heard.own)
