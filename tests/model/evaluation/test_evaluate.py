"""Everything that is measured of one system ends in one file."""

import json

import pytest

from codekin_model.evaluation import evaluate
from codekin_model.evaluation.evaluate import (
    Options,
    Section,
    evaluate_checkpoint,
    evaluations,
    measured_sections,
    read_material,
)
from codekin_model.evaluation.held_out import address_of
from codekin_model.evaluation.loaders import Loaded
from codekin_model.evaluation.results import read_result
from codekin_model.evaluation.system import EvaluationError

SEARCH = [
    "search: names visible, all functions",
    "search: names visible, pools of 4",
    "search: names masked, all functions",
    "search: names masked, pools of 4",
]
COPIES = [f"similar: {name} copies, names masked" for name in ("renamed", "refactored", "all three")]


@pytest.fixture
def material(corpus):
    return read_material(corpus, Options())


def titles(measurings):
    found, lacking = measured_sections(measurings)
    assert lacking == []
    return [figures.title for figures in found]


@pytest.fixture
def undocumented(corpus):
    """The same corpus without docstrings, and without the manifest of the other."""
    path = corpus / "functions.jsonl"
    records = [json.loads(line) for line in path.read_text().splitlines()]
    lines = [json.dumps({**each, "unit": {**each["unit"], "docstring": None}}) for each in records]
    path.write_text("\n".join(lines) + "\n")
    (corpus / "manifest.json").unlink()
    return corpus


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
    assert (result.system, result.kind, result.seed) == ("bm25", "baseline", None)
    assert result.corpus == json.loads((corpus / "manifest.json").read_text())["sha256"]
    assert result.command == "codekin evaluate bm25"
    assert list(result.evaluations) == [*SEARCH, *COPIES]
    assert {each.cases for each in result.evaluations.values()} == {2}
    assert result.speed.functions == 2


def test_the_command_is_kept_as_it_can_be_run_again(corpus, tmp_path, monkeypatch):
    monkeypatch.setattr("sys.argv", ["/bin/codekin", "evaluate", "bm25", "--only", "human queries"])
    result = read_result(evaluate_checkpoint("bm25", corpus, Options(out=tmp_path, limit=1)))
    assert result.command == "codekin evaluate bm25 --only 'human queries'"


def test_a_section_that_there_is_nothing_for_is_passed_over_and_told(undocumented, tmp_path, capsys):
    result = read_result(evaluate_checkpoint("bm25", undocumented, Options(out=tmp_path, limit=2)))
    assert list(result.evaluations) == COPIES
    reason = "search: no held-out function has a docstring that could be searched with"
    assert f"not measured: {reason}\n" in capsys.readouterr().err


def strangers(folder):
    """Pairs of functions that no corpus holds."""
    sides = [{"package": package, "path": "a.py", "qualified_name": "area"} for package in ("x", "y")]
    (folder / "pairs.jsonl").write_text(json.dumps({"a": sides[0], "b": sides[1], "what": "area"}) + "\n")
    return folder / "pairs.jsonl"


def test_pairs_of_other_packages_take_nothing_else_away(corpus, tmp_path, capsys):
    options = Options(out=tmp_path / "results", limit=2, pairs=strangers(tmp_path))
    result = read_result(evaluate_checkpoint("bm25", corpus, options))
    assert list(result.evaluations) == [*SEARCH, *COPIES]
    assert "not measured: similar: the corpus holds both sides of none of the pairs" in capsys.readouterr().err


def test_a_section_that_was_asked_for_and_cannot_be_measured_is_an_error_after_the_others_are_kept(
    undocumented, tmp_path
):
    only = [Section.SEARCH, Section.SIMILAR]
    with pytest.raises(EvaluationError, match=r"search: no held-out .*what else was measured is in .*bm25\.json"):
        evaluate_checkpoint("bm25", undocumented, Options(out=tmp_path, limit=2, only=only))
    assert list(read_result(tmp_path / "bm25.json").evaluations) == COPIES


def test_where_nothing_can_be_measured_the_reason_is_told_and_nothing_written(undocumented, tmp_path):
    with pytest.raises(EvaluationError, match=r"^search: no held-out function has a docstring"):
        evaluate_checkpoint("bm25", undocumented, Options(out=tmp_path / "results", only=[Section.SEARCH]))
    assert not (tmp_path / "results").exists()


def test_human_queries_that_are_asked_for_must_be_named(corpus, tmp_path):
    only = [Section.SEARCH, Section.HUMAN]
    with pytest.raises(EvaluationError, match="name the folder that holds them"):
        evaluate_checkpoint("bm25", corpus, Options(out=tmp_path, only=only))


def test_where_results_cannot_be_kept_nothing_is_loaded(corpus, tmp_path, monkeypatch):
    monkeypatch.setattr(evaluate, "load_system", lambda *_: pytest.fail("a system was loaded"))
    (tmp_path / "file").write_text("")
    with pytest.raises(EvaluationError, match="file is no folder"):
        evaluate_checkpoint("bm25", corpus, Options(out=tmp_path / "file"))


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
