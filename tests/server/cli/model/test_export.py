"""codekin export."""

import sys
from types import ModuleType

import pytest

pytest.importorskip("torch")
pytest.importorskip("datasketch")

from codekin_model.checkpoint.manifest import CheckpointError, Manifest

PARITY = {"cosine, least": 0.99912, "same first name": 0.98, "functions": 200, "fingerprint": "exported"}


class Export(ModuleType):
    """Exports nothing; keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__("codekin_model.training.export")
        self.exported, self.fitted, self.joins_others = [], [], False

    def export_checkpoint(self, folder, out, *, other_language_model):
        self.exported.append((folder, out))
        self.joins_others = other_language_model
        if not folder.exists():
            raise CheckpointError(f"{folder} holds no run")
        return PARITY

    def fit_names(self, folder, corpus):
        self.fitted.append((folder, corpus))
        return Manifest("tiny", 32, fingerprint="fitted")


@pytest.fixture
def exporting(monkeypatch, tmp_path):
    (tmp_path / "run").mkdir()
    made = Export()
    monkeypatch.setitem(sys.modules, made.__name__, made)
    return made


def test_the_figures_of_parity_are_shown_and_how_to_go_on(codekin, exporting, tmp_path):
    lines = codekin("export", tmp_path / "run", "--out", tmp_path / "model").out.splitlines()
    assert (exporting.exported, exporting.fitted) == ([(tmp_path / "run", tmp_path / "model")], [])
    assert lines[:3] == ["cosine, least: 0.9991", "same first name: 0.98", "functions: 200"]
    assert lines[3] == "fingerprint: exported"
    assert lines[4] == f"use it: set model.path to {tmp_path / 'model'}"


def test_names_are_calibrated_on_a_corpus(codekin, exporting, tmp_path):
    codekin("export", tmp_path / "run", "--out", tmp_path / "model", "--corpus", tmp_path / "corpus")
    assert exporting.fitted == [(tmp_path / "model", tmp_path / "corpus")]


def test_the_fingerprint_is_that_of_the_folder_with_calibrated_names(codekin, exporting, tmp_path):
    shown = codekin("export", tmp_path / "run", "--out", tmp_path / "model", "--corpus", tmp_path / "corpus", "--json")
    assert shown.json == PARITY | {"fingerprint": "fitted"}


def test_another_language_model_is_joined_only_where_that_is_said(codekin, exporting, tmp_path):
    asked = ["export", tmp_path / "run", "--out", tmp_path / "model"]
    codekin(*asked)
    assert not exporting.joins_others
    codekin(*asked, "--other-language-model")
    assert exporting.joins_others


def test_json_is_the_figures(codekin, exporting, tmp_path):
    assert codekin("export", tmp_path / "run", "--out", tmp_path / "model", "--json").json == PARITY


def test_a_checkpoint_that_cannot_be_used(refused, exporting, tmp_path):
    assert "nothing holds no run" in refused("export", tmp_path / "nothing", "--out", tmp_path / "model")


def test_without_the_extra_it_is_named(refused, monkeypatch, tmp_path):
    for name in [each for each in sys.modules if each.startswith("codekin_model.training.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "torch", None)
    assert "pip install 'codekin[train]'" in refused("export", tmp_path / "run", "--out", tmp_path / "model")
