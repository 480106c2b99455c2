"""codekin adopt."""

import sys
from types import ModuleType

import pytest

pytest.importorskip("torch")

from codekin_model.checkpoint.manifest import CheckpointError, HuggingFacePart


class Adopting(ModuleType):
    """Adopts nothing; keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__("codekin_model.training.adopting")
        self.asked = []

    def adopt(self, part, out):
        self.asked.append((part, out))
        if part.source == "nothing":
            raise CheckpointError("nothing is no model")
        return {"fingerprint": "torch"}

    def adopt_as_onnx(self, source, out):
        self.asked.append((source, out))
        return {"cosine, least": 0.98765, "fingerprint": "onnx"}


@pytest.fixture
def adopting(monkeypatch):
    made = Adopting()
    monkeypatch.setitem(sys.modules, made.__name__, made)
    return made


def test_a_model_is_named_with_how_it_is_read(codekin, adopting, tmp_path):
    options = ("--pooling", "last", "--prefix", "query: ", "--max-tokens", "64")
    lines = codekin("adopt", "some/model", "--out", tmp_path / "model", *options).out.splitlines()
    part = HuggingFacePart("some/model", pooling="last", max_tokens=64, query_prefix="query: ")
    assert adopting.asked == [(part, tmp_path / "model")]
    assert lines == ["fingerprint: torch", f"use it: set model.path to {tmp_path / 'model'}"]


def test_a_graph_is_told_with_its_parity(codekin, adopting, tmp_path):
    told = codekin("adopt", tmp_path, "--onnx", "--out", tmp_path / "model", "--json").json
    assert told == {"cosine, least": 0.98765, "fingerprint": "onnx"}
    assert adopting.asked == [(tmp_path, tmp_path / "model")]


def test_a_graph_goes_with_no_other_reading(refused, adopting, tmp_path):
    assert "--onnx" in refused("adopt", tmp_path, "--onnx", "--pooling", "last", "--out", tmp_path / "model")
    assert adopting.asked == []


def test_what_is_no_model_is_refused(refused, adopting, tmp_path):
    assert "nothing is no model" in refused("adopt", "nothing", "--out", tmp_path / "model")
