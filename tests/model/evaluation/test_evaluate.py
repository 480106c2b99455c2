"""Everything that is measured of one system ends in one file."""

import json

import pytest

from codekin_model.evaluation import evaluate
from codekin_model.evaluation.evaluate import Options, Section, evaluate_checkpoint, evaluations, read_material
from codekin_model.evaluation.held_out import address_of
from codekin_model.evaluation.loaders import Loaded
from codekin_model.evaluation.results import read_result
from codekin_model.evaluation.system import EvaluationError

SEARCH = [
    "search: names visible, all functions",
    "search: names visible, pools of 1,000",
    "search: names masked, all functions",
    "search: names masked, pools of 1,000",
]
COPIES = [f"similar: {name} copies, names masked" for name in ("renamed", "refactored", "all three")]


@pytest.fixture
def material(corpus):
    return read_material(corpus, Options())


def titles(found):
    return [figures.title for figures in found]


def test_a_system_is_measured_by_what_it_can_do(material, letters, namer, summariser):
    assert titles(evaluations(letters, material)) == [*SEARCH, *COPIES]
    assert titles(evaluations(namer, material)) == ["names: alone"]
    assert titles(evaluations(summariser, material)) == ["summaries: first docstring sentence"]
    assert titles(evaluations(object(), material)) == []


def test_only_the_sections_that_are_asked_for_are_measured(material, letters, namer):
    assert titles(evaluations(letters, material, only=[Section.SEARCH])) == SEARCH
    assert titles(evaluations(letters, material, only=[Section.SIMILAR, Section.NAMES])) == COPIES
    assert titles(evaluations(namer, material, only=[Section.SEARCH])) == []


def test_vectors_of_another_system_find_the_neighbours(material, namer, letters):
    found = titles(evaluations(namer, material, letters))
    assert found == ["names: alone", "names: inside the project, with neighbours"]


def test_human_queries_and_pairs_are_measured_where_they_are_given(corpus, letters, functions, tmp_path):
    (tmp_path / "codes.jsonl").write_text(json.dumps({"id": 1, "code": "def f(a):\n    return a\n"}) + "\n")
    (tmp_path / "queries.jsonl").write_text(json.dumps({"query": "give it back", "relevant_id": 1}) + "\n")
    sides = [{"package": package, "path": "a.py", "qualified_name": "area"} for package in ("a", "c")]
    (tmp_path / "pairs.jsonl").write_text(json.dumps({"a": sides[0], "b": sides[1], "what": "area"}) + "\n")
    options = Options(human=tmp_path, pairs=tmp_path / "pairs.jsonl")
    found = titles(evaluations(letters, read_material(corpus, options)))
    assert "human queries: zero-shot, docstrings stripped" in found
    assert found[-2:] == [f"similar: same purpose across packages, names {names}" for names in ("masked", "visible")]
    assert address_of(functions[2]).qualified_name == "area"


def test_the_file_says_what_was_measured_and_how(corpus, tmp_path):
    options = Options(out=tmp_path / "results", command="codekin evaluate bm25", limit=2)
    result = read_result(evaluate_checkpoint("bm25", corpus, options))
    assert (result.system, result.kind, result.seed, result.corpus) == ("bm25", "baseline", None, "abc")
    assert result.command == "codekin evaluate bm25"
    assert list(result.evaluations) == [*SEARCH, *COPIES]
    assert {each.cases for each in result.evaluations.values()} == {2}
    assert result.speed.functions == 2


def test_name_and_seed_can_be_given(corpus, tmp_path):
    path = evaluate_checkpoint("bm25", corpus, Options(out=tmp_path, name="words", seed=3))
    assert path.name == "words-3.json"


def test_a_system_that_can_do_nothing_is_refused(corpus, tmp_path, monkeypatch):
    monkeypatch.setattr(evaluate, "load_system", lambda *_: Loaded("x", "search", None, object()))
    with pytest.raises(EvaluationError, match="can do nothing that is measured here"):
        evaluate_checkpoint("x", corpus, Options(out=tmp_path))


def test_neighbours_need_vectors(corpus, tmp_path, namer, monkeypatch):
    monkeypatch.setattr(evaluate, "load_system", lambda *_: Loaded("x", "names", None, namer))
    with pytest.raises(EvaluationError, match="has no vectors to find neighbours by"):
        evaluate_checkpoint("x", corpus, Options(out=tmp_path, neighbours="x"))
