"""codekin corpus build."""

import json
import subprocess
import sys
from hashlib import sha256

import pytest

pytest.importorskip("datasketch")

PACKAGE = '[[package]]\nname = "alpha"\nversion = "1.0"\nlicence = "MIT"\nsplit = "train"\n'


def test_a_users_own_folder_becomes_a_corpus(codekin, workspace, tmp_path):
    outcome = codekin("corpus", "build", "--folder", workspace, "--out", tmp_path / "corpus")
    assert outcome.code == 0
    lines = outcome.out.splitlines()
    assert lines[0].startswith("train: ")
    records = (tmp_path / "corpus" / "functions.jsonl").read_text().splitlines()
    found = {json.loads(record)["unit"]["qualified_name"] for record in records}
    assert {"Reader.read_text", "close_all"} <= found


def test_files_with_syntax_errors_are_counted_and_left_out(codekin, workspace, tmp_path):
    outcome = codekin("corpus", "build", "--folder", workspace, "--out", tmp_path / "corpus")
    assert "left out: 1 broken files" in outcome.out.splitlines()


def test_the_hash_that_is_shown_for_the_file_is_that_of_the_file(codekin, workspace, tmp_path):
    outcome = codekin("corpus", "build", "--folder", workspace, "--out", tmp_path / "corpus")
    functions = tmp_path / "corpus" / "functions.jsonl"
    assert f"{functions}: sha256 {sha256(functions.read_bytes()).hexdigest()}" in outcome.out.splitlines()


def test_a_folder_without_a_function(codekin, tmp_path):
    (tmp_path / "empty").mkdir()
    outcome = codekin("corpus", "build", "--folder", tmp_path / "empty", "--out", tmp_path / "corpus")
    assert (outcome.code, outcome.out) == (1, "")
    said = f"codekin: no function was found in the .py files below {tmp_path / 'empty'}; left out: nothing"
    assert outcome.err.splitlines()[-1] == said


def test_a_wheel_that_was_cut(refused, tmp_path):
    wheels = tmp_path / "cache" / "wheels"
    wheels.mkdir(parents=True)
    (wheels / "alpha-1.0-py3-none-any.whl").write_bytes(b"PK\3\4")
    (tmp_path / "list.toml").write_text(PACKAGE)
    asked = ("--packages", tmp_path / "list.toml", "--cache", tmp_path / "cache", "--out", tmp_path / "corpus")
    wheel = wheels / "alpha-1.0-py3-none-any.whl"
    assert refused("corpus", "build", *asked) == f"codekin: {wheel} is damaged: delete it, and build again\n"


def test_json_is_the_manifest(codekin, workspace, tmp_path):
    outcome = codekin("corpus", "build", "--folder", workspace, "--out", tmp_path / "corpus", "--json")
    assert outcome.json == json.loads((tmp_path / "corpus" / "manifest.json").read_text())


def test_the_cap_holds_for_a_folder(codekin, workspace, tmp_path):
    arguments = ("--folder", workspace, "--out", tmp_path / "corpus", "--cap", 2, "--json")
    assert codekin("corpus", "build", *arguments).json["counts"]["package project"] == 2


def test_evaluation_data_is_kept_out(codekin, workspace, tmp_path):
    (tmp_path / "codes.jsonl").write_text(json.dumps({"code": "def f(l, r):\n    return l + r\n"}) + "\n")
    (workspace / "sum.py").write_text("def add(l, r):\n    return l + r\n")
    arguments = ("--folder", workspace, "--out", tmp_path / "corpus", "--exclude", tmp_path / "codes.jsonl", "--json")
    assert codekin("corpus", "build", *arguments).json["skipped"]["exact duplicates"] == 1


def test_what_another_corpus_holds_out_is_left_out(codekin, workspace, tmp_path):
    for at in range(30):
        (workspace / f"part_{at}.py").write_text(f"def part(rows):\n    return rows[{at}]\n")
    first = codekin("corpus", "build", "--folder", workspace, "--out", tmp_path / "first", "--json").json["counts"]
    held_out = first.get("test functions", 0) + first.get("validation functions", 0)
    assert held_out
    arguments = ("--folder", workspace, "--out", tmp_path / "second", "--beside", tmp_path / "first", "--json")
    second = codekin("corpus", "build", *arguments).json
    assert second["skipped"].get("exact duplicates", 0) >= held_out
    assert second["counts"]["package project"] == first["package project"] - held_out


def test_beside_what_is_no_corpus(refused, workspace, tmp_path):
    arguments = ("--folder", workspace, "--out", tmp_path / "corpus", "--beside", tmp_path / "none")
    assert "none holds no corpus" in refused("corpus", "build", *arguments)


def test_nothing_named_to_build_from(refused, tmp_path):
    assert "--packages FILE" in refused("corpus", "build", "--out", tmp_path / "corpus")


def test_a_folder_that_is_none(refused, tmp_path):
    line = refused("corpus", "build", "--folder", tmp_path / "nowhere", "--out", tmp_path / "corpus")
    assert "nowhere is no folder" in line


def test_a_list_that_is_none(refused, tmp_path):
    (tmp_path / "list.toml").write_text("[package")
    line = refused("corpus", "build", "--packages", tmp_path / "list.toml", "--out", tmp_path / "corpus")
    assert "list.toml is no TOML" in line


def test_a_package_that_pip_does_not_bring(refused, tmp_path, monkeypatch):
    failed = subprocess.CompletedProcess([], 1, "", "collecting\nno such version\n")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: failed)
    (tmp_path / "list.toml").write_text(PACKAGE)
    line = refused("corpus", "build", "--packages", tmp_path / "list.toml", "--out", tmp_path / "corpus")
    assert line == "codekin: alpha==1.0 cannot be fetched: no such version\n"


def test_a_place_that_cannot_be_written(refused, workspace, tmp_path):
    (tmp_path / "file").write_text("")
    line = refused("corpus", "build", "--folder", workspace, "--out", tmp_path / "file")
    assert str(tmp_path / "file") in line


def test_without_the_extra_it_is_named(refused, workspace, tmp_path, monkeypatch):
    for module in ("codekin_model.corpus.build", "codekin_model.corpus.duplicate"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.setitem(sys.modules, "datasketch", None)
    line = refused("corpus", "build", "--folder", workspace, "--out", tmp_path / "corpus")
    assert line == "codekin: datasketch is not installed, which this needs: pip install 'codekin[train]'\n"
