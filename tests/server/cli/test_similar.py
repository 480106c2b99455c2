"""codekin similar."""

import io
import json

import pytest


def test_shows_the_function_and_its_kin(codekin):
    lines = codekin("similar", "package/numbers.py:5").out.splitlines()
    assert lines[0].endswith("function add_numbers")
    assert "function subtract_numbers" in lines[1]


def test_json(codekin, workspace):
    answer = codekin("similar", f"{workspace}/package/numbers.py:5", "--path", workspace, "--json").json
    assert (answer["target"]["name"], answer["results"][0]["name"]) == ("add_numbers", "subtract_numbers")
    assert answer["target"]["path"] == "package/numbers.py"


def test_a_file_is_looked_for_here_and_then_in_the_workspace(codekin, workspace, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    answer = codekin("similar", "package/numbers.py:5", "--path", workspace, "--json").json
    assert answer["target"]["name"] == "add_numbers"


def test_the_indexed_workspace_around_a_file_is_used(codekin, workspace, monkeypatch):
    codekin("index", workspace)
    monkeypatch.chdir(workspace / "package")
    assert codekin("similar", "numbers.py:5", "--json").json["target"]["path"] == "package/numbers.py"


def test_targets_are_answered_in_order_one_line_each(codekin, workspace):
    targets = [{"file": "package/numbers.py", "line": 5}, {"file": str(workspace / "reading.py"), "line": 9}]
    (workspace / "targets.jsonl").write_text("\n".join(map(json.dumps, targets)))
    outcome = codekin("similar", "--targets", "targets.jsonl", "--path", workspace)
    assert outcome.code == 0
    assert [answer["target"]["name"] for answer in outcome.lines] == ["add_numbers", "read_text"]


def test_bad_targets_become_errors_in_their_place(codekin, workspace):
    lines = [
        '{"file": "reading.py", "line": 9}',
        '{"file": "missing.py", "line": 9}',
        '{"file": "reading.py", "line": 0}',
        '{"file": "reading.py"}',
        '{"file": "reading.py", "line": 2}',
    ]
    (workspace / "targets.jsonl").write_text("\n".join(lines))
    outcome = codekin("similar", "--targets", "targets.jsonl")
    assert (outcome.code, [answer.get("line") for answer in outcome.lines]) == (1, [None, 2, 3, 4, 5])


def test_a_line_outside_any_function(refused):
    assert "no function or class at reading.py:3" in refused("similar", "reading.py:3")


def test_a_line_past_the_end(refused):
    assert "give a line inside one" in refused("similar", "reading.py:99999")


def test_a_file_that_is_not_there(refused):
    assert "there is no file missing.py" in refused("similar", "missing.py:3")


@pytest.mark.parametrize("target", ["reading.py", "reading.py:0"])
def test_targets_without_a_line(refused, target):
    assert "line" in refused("similar", target, code=2)


def test_one_target_or_a_file_of_them(refused):
    assert "--targets FILE.jsonl" in refused("similar", code=2)


def test_code_from_inside_an_indexed_workspace_is_compared_with_all_of_it(codekin, workspace, monkeypatch):
    codekin("index")
    monkeypatch.chdir(workspace / "package")
    monkeypatch.setattr(
        "sys.stdin", io.StringIO("def close_every(streams):\n    for stream in streams: stream.close()\n")
    )
    outcome = codekin("similar", "-", "--json")
    assert "reading.py" in {result["path"] for result in outcome.json["results"]}
    assert f"using the index of {workspace};" in outcome.err
