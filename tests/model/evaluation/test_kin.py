"""Pairs verified by hand: how they are read and who shares a job."""

import json

import pytest

from codekin_model.evaluation.held_out import Address
from codekin_model.evaluation.kin import Pair, kin_of, read_pairs
from codekin_model.evaluation.system import EvaluationError


def at(name):
    return Address("p", "p.py", name)


def test_a_pair_is_read(tmp_path):
    record = {"package": "p", "path": "p.py", "qualified_name": "f"}
    path = tmp_path / "pairs.jsonl"
    path.write_text(json.dumps({"a": record, "b": {**record, "qualified_name": "g"}, "what": "job"}) + "\n\n")
    assert read_pairs(path) == (Pair(at("f"), at("g"), "job"),)


def test_the_pairs_of_this_repository_are_read():
    from pathlib import Path  # noqa: PLC0415

    pairs = read_pairs(Path(__file__).parents[2] / "benchmarks" / "kin" / "pairs.jsonl")
    assert len(pairs) > 80
    assert all(pair.a != pair.b for pair in pairs)


def test_a_line_that_is_no_pair_is_named(tmp_path):
    path = tmp_path / "pairs.jsonl"
    path.write_text('\n{"a": 1}\n')
    with pytest.raises(EvaluationError, match="line 2 is no pair of functions"):
        read_pairs(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(EvaluationError, match="cannot be read"):
        read_pairs(tmp_path / "pairs.jsonl")


def test_kin_are_partners_of_partners_and_pairs_of_one_job():
    pairs = [
        Pair(at("a"), at("b"), "x"),
        Pair(at("c"), at("d"), "y"),
        Pair(at("b"), at("e"), "z"),
        Pair(at("f"), at("g"), "y"),
    ]
    kin = kin_of(pairs)
    assert kin[at("a")] == {at("a"), at("b"), at("e")} == kin[at("e")]
    assert kin[at("c")] == {at("c"), at("d"), at("f"), at("g")}
