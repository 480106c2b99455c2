"""codekin average."""

import sys
from types import ModuleType

import pytest

pytest.importorskip("torch")

from codekin_model.checkpoint.manifest import CheckpointError


class Averaging(ModuleType):
    """Averages nothing; keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__("codekin_model.training.averaging")
        self.asked = []

    def average(self, runs, out):
        self.asked.append((list(runs), out))
        if len(runs) < 2:
            raise CheckpointError("an average takes two trainings or more: name them all")


@pytest.fixture
def averaging(monkeypatch):
    made = Averaging()
    monkeypatch.setitem(sys.modules, made.__name__, made)
    return made


def test_the_mean_is_told_and_how_to_go_on(codekin, averaging, tmp_path):
    lines = codekin("average", tmp_path / "a", tmp_path / "b", "--out", tmp_path / "c").out.splitlines()
    assert averaging.asked == [([tmp_path / "a", tmp_path / "b"], tmp_path / "c")]
    assert lines[-2] == f"measure it: codekin evaluate {tmp_path / 'c'} --corpus CORPUS"
    assert lines[-1] == f"use it: codekin export {tmp_path / 'c'} --out MODEL"


def test_one_training_is_refused(refused, averaging, tmp_path):
    assert "two trainings or more" in refused("average", tmp_path / "a", "--out", tmp_path / "c")
