import json
import shutil

import pytest

from codekin_model.checkpoint.manifest import default_model_dir
from codekin_server import installation
from codekin_server.cli.app import run
from codekin_server.installation import check_installation


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("CODEKIN_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def checks(tmp_path, **where):
    return {check.name: check for check in check_installation(tmp_path, **where)}


def test_a_good_installation_passes(cache, tmp_path, capsys):
    assert run(["doctor", str(tmp_path), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["ok"]
    assert [check["name"] for check in answer["checks"]] == [
        "Python",
        "packages",
        "model",
        "cache",
        "index",
        "settings",
        "hnswlib",
        "git",
        "model's process",
    ]


def test_a_model_that_is_not_what_it_was_is_named_with_what_to_do(cache, tmp_path):
    model = tmp_path / "model"
    shutil.copytree(default_model_dir(), model)
    tokenizer = model / "tokenizer.json"
    tokenizer.write_bytes(tokenizer.read_bytes().replace(b'"', b"'", 1))
    found = checks(tmp_path, model=model)
    assert "has changed since the model was written" in found["model"].advice


def test_a_model_that_is_gone_fails_both_checks_of_it(cache, tmp_path):
    found = checks(tmp_path, model=tmp_path / "gone")
    assert found["model"].advice is not None
    assert found["model's process"].advice is not None


def test_the_model_and_the_cache_of_an_editor_can_be_checked(tmp_path, capsys):
    assert run(["doctor", str(tmp_path), "--model", str(tmp_path / "gone"), "--cache", str(tmp_path / "mine")]) == 1
    out = capsys.readouterr().out
    assert f"{tmp_path / 'gone'}" in out
    assert f"{tmp_path / 'mine'}: 0 indexes" in out


def test_a_python_that_is_too_old_is_named_with_the_one_to_take(cache, tmp_path, monkeypatch):
    monkeypatch.setattr(installation, "OLDEST_PYTHON", (9, 0))
    assert checks(tmp_path)["Python"].advice == "install codekin with Python 9.0 or newer"


def test_a_cache_that_cannot_be_written_is_named(tmp_path):
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where a folder should be")
    assert "CODEKIN_CACHE_DIR" in checks(tmp_path, cache=blocked / "cache")["cache"].advice


def test_a_damaged_index_is_named(cache, tmp_path):
    run(["index", str(tmp_path)])
    (database,) = cache.glob("indexes/*/index.sqlite")
    database.write_bytes(b"no database" * 1000)
    assert "codekin clean" in checks(tmp_path)["index"].advice


def test_what_is_wrong_makes_the_exit_code_1(tmp_path, monkeypatch, capsys):
    blocked = tmp_path / "blocked"
    blocked.write_text("")
    monkeypatch.setenv("CODEKIN_CACHE_DIR", str(blocked))
    assert run(["doctor", str(tmp_path)]) == 1
    out = capsys.readouterr().out
    assert "-> it cannot be written" in out
    assert "1 of 9 checks failed" in out


def test_settings_that_are_ignored_are_named(cache, tmp_path):
    assert checks(tmp_path)["settings"].advice is None
    (tmp_path / "pyproject.toml").write_text("[tool.codekin\n")
    assert "cannot be read" in checks(tmp_path)["settings"].advice
