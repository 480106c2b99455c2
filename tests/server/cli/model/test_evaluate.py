"""codekin evaluate."""

import json
import sys

import pytest

pytest.importorskip("torch")
pytest.importorskip("datasketch")


@pytest.fixture
def corpus(codekin, tmp_path):
    """Functions of three packages' worth of files, each with a sentence to find it by."""
    source = tmp_path / "source"
    source.mkdir()
    for at in range(60):
        body = f'    """Measure the {["width", "height", "depth"][at % 3]} of box number {at}."""\n'
        (source / f"box_{at}.py").write_text(f"def measure_{at}(box):\n{body}    size = box[{at}]\n    return size\n")
    assert codekin("corpus", "build", "--folder", source, "--out", tmp_path / "corpus").code == 0
    return tmp_path / "corpus"


def test_words_alone_are_measured_on_what_was_held_out(codekin, corpus, tmp_path):
    outcome = codekin("evaluate", "bm25", "--corpus", corpus, "--out", tmp_path / "results", "--limit", 5)
    assert outcome.code == 0, outcome.err
    assert any(line.startswith("search: names visible, all functions: MRR ") for line in outcome.out.splitlines())
    assert json.loads((tmp_path / "results" / "bm25.json").read_text())["system"] == "bm25"


def test_json_has_every_figure_with_its_interval(codekin, corpus, tmp_path):
    outcome = codekin("evaluate", "bm25", "--corpus", corpus, "--out", tmp_path / "results", "--limit", 5, "--json")
    answer = outcome.json
    assert answer["result"] == str(tmp_path / "results" / "bm25.json")
    for measures in answer["evaluations"].values():
        assert all(low <= mean <= high for mean, low, high in measures.values())


def test_what_is_no_checkpoint(refused, tmp_path):
    (tmp_path / "empty").mkdir()
    assert "holds neither a training" in refused("evaluate", tmp_path / "empty", "--corpus", tmp_path)


def test_a_checkpoint_of_another_version(refused, tmp_path):
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "description.json").write_text('{"format": 99}')
    assert "format" in refused("evaluate", tmp_path / "old", "--corpus", tmp_path)


def test_a_corpus_that_is_none(refused, tmp_path):
    assert "codekin corpus build" in refused("evaluate", "bm25", "--corpus", tmp_path)


@pytest.mark.parametrize(("name", "text"), [("functions.jsonl", "[1]\n"), ("manifest.json", "[]")])
def test_a_corpus_that_is_damaged(refused, corpus, name, text):
    (corpus / name).write_text(text)
    said = refused("evaluate", "bm25", "--corpus", corpus)
    assert str(corpus / name) in said
    assert "build it again" in said


def test_a_corpus_of_which_a_part_is_missing(refused, corpus):
    lines = (corpus / "functions.jsonl").read_text().splitlines()
    (corpus / "functions.jsonl").write_text("\n".join(lines[:-5]) + "\n")
    assert "55 functions here, 60 there): build it again" in refused("evaluate", "bm25", "--corpus", corpus)


def test_a_file_where_results_are_to_be_kept(refused, corpus, tmp_path):
    (tmp_path / "file").write_text("")
    said = refused("evaluate", "bm25", "--corpus", corpus, "--out", tmp_path / "file")
    assert "file is no folder" in said


def test_a_section_that_was_asked_for_and_cannot_be_measured(codekin, corpus, tmp_path):
    sides = [{"package": package, "path": "a.py", "qualified_name": "area"} for package in ("x", "y")]
    (tmp_path / "pairs.jsonl").write_text(json.dumps({"a": sides[0], "b": sides[1], "what": "area"}) + "\n")
    asked = ("--pairs", tmp_path / "pairs.jsonl", "--only", "similar", "--out", tmp_path / "results", "--limit", 2)
    outcome = codekin("evaluate", "bm25", "--corpus", corpus, *asked)
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err.splitlines()[-1].endswith(f"what else was measured is in {tmp_path / 'results' / 'bm25.json'})")


def test_training_functions_are_never_measured_on(refused, tmp_path):
    assert "train" in refused("evaluate", "bm25", "--corpus", tmp_path, "--split", "train", code=2)


def test_without_the_extra_it_is_named(refused, tmp_path, monkeypatch):
    for name in [each for each in sys.modules if each.startswith(("codekin_model.corpus", "codekin_model.evaluation"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "datasketch", None)
    assert "pip install 'codekin[train]'" in refused("evaluate", "bm25", "--corpus", tmp_path)
