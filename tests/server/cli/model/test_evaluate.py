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


def test_training_functions_are_never_measured_on(refused, tmp_path):
    assert "train" in refused("evaluate", "bm25", "--corpus", tmp_path, "--split", "train", code=2)


def test_without_the_extra_it_is_named(refused, tmp_path, monkeypatch):
    for name in [each for each in sys.modules if each.startswith(("codekin_model.corpus", "codekin_model.evaluation"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "datasketch", None)
    assert "pip install 'codekin[train]'" in refused("evaluate", "bm25", "--corpus", tmp_path)
