"""codekin status, codekin clean."""

import os

from codekin_server.assist import Assist


def test_status_tells_of_the_index_and_the_model(codekin, workspace):
    codekin("index")
    out = codekin("status").out
    assert str(workspace) in out
    assert "0 still to be embedded" in out
    assert "exact" in out


def test_status_as_json(codekin, workspace):
    codekin("index")
    answer = codekin("status", "--json").json
    assert (answer["root"], answer["files"], answer["worker"]["state"]) == (str(workspace), 3, "stopped")


def test_status_inside_an_indexed_workspace(codekin, workspace):
    codekin("index")
    assert codekin("status", "--path", workspace / "package", "--json").json["root"] == str(workspace)


def test_status_without_an_index_says_how_to_make_one_and_makes_none(refused, tmp_path):
    assert "'codekin index .' makes one" in refused("status")
    assert not (tmp_path / "cache").exists()


def test_status_of_a_folder_that_is_not_there(refused, workspace):
    assert "there is no folder" in refused("status", workspace / "nope")


def test_clean_removes_the_index_of_one_workspace_only(codekin, workspace):
    codekin("index", workspace)
    codekin("index", workspace / "package")
    assert "removed 1 index" in codekin("clean", "--yes").out
    assert codekin("status", "--path", workspace / "package").code == 0
    assert codekin("status", "--path", workspace).code == 1


def test_clean_all(codekin, workspace):
    codekin("index", workspace)
    codekin("index", workspace / "package")
    assert len(codekin("clean", "--all", "--yes", "--json").json["removed"]) == 2


def test_clean_works_for_a_workspace_that_is_gone(codekin, workspace, tmp_path):
    (tmp_path / "other").mkdir()
    codekin("index", tmp_path / "other")
    (tmp_path / "other").rmdir()
    assert "removed 1 index" in codekin("clean", tmp_path / "other", "--yes").out


def test_clean_asks_and_keeps_the_index_on_no(codekin, monkeypatch):
    codekin("index")
    monkeypatch.setattr("typer.confirm", lambda *_, **__: False)
    assert (codekin("clean").code, codekin("status").code) == (1, 0)


def test_clean_removes_on_yes(codekin, monkeypatch):
    codekin("index")
    monkeypatch.setattr("typer.confirm", lambda *_, **__: True)
    assert (codekin("clean").code, codekin("status").code) == (0, 1)


def test_clean_where_there_is_nothing(codekin):
    outcome = codekin("clean")
    assert (outcome.code, "there is no index of" in outcome.out) == (0, True)


def test_clean_keeps_an_index_that_another_codekin_writes_and_removes_the_others(codekin, workspace, monkeypatch):
    codekin("index", workspace)
    codekin("index", workspace / "package")
    with Assist.open(workspace):
        outcome = codekin("clean", "--all", "--yes", "--json")
    assert (outcome.code, len(outcome.json["removed"]), len(outcome.err.splitlines())) == (1, 1, 1)
    assert f"another codekin (process {os.getpid()}) is using it" in outcome.err
    assert codekin("status").code == 0
