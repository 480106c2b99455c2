"""codekin names."""

import pytest

from codekin_server.assist import Assist
from codekin_server.cli.results import percent


def test_every_function_of_a_file(codekin):
    codekin("index")
    lines = codekin("names", "reading.py").out.splitlines()
    assert [line.split()[1] for line in lines] == ["read_text", "_read_bytes", "__len__", "close_all"]
    assert "no suggestion" in lines[2]


def test_json(codekin):
    codekin("index")
    functions = codekin("names", "package/numbers.py", "--limit", 1, "--json").json["functions"]
    assert [function["qualified_name"] for function in functions] == ["add_numbers", "subtract_numbers"]
    (suggestion,) = functions[0]["suggestions"]
    assert set(suggestion) == {"name", "probability", "source"}
    assert suggestion["source"] == "neighbours"


def test_one_function(codekin):
    functions = codekin("names", "reading.py:9", "--json").json["functions"]
    assert [function["name"] for function in functions] == ["read_text"]


def test_a_file_outside_any_index_gets_the_models_own_names_and_leaves_no_index(codekin):
    functions = codekin("names", "package/numbers.py", "--json").json["functions"]
    assert [each["source"] for each in functions[0]["suggestions"]] == ["decoder"]
    assert codekin("status").code == 1


def test_a_chosen_workspace_is_indexed_and_gives_neighbours(codekin, workspace):
    answer = codekin("names", "package/numbers.py", "--path", workspace, "--json").json
    assert "neighbours" in [each["source"] for each in answer["functions"][0]["suggestions"]]


def test_a_folder_is_its_own_workspace(codekin):
    functions = codekin("names", "package", "--json").json["functions"]
    assert [function["path"] for function in functions] == ["broken.py", "broken.py", "numbers.py", "numbers.py"]


@pytest.fixture
def odd(workspace, with_fake_worker):
    """Functions that the fake worker names after their neighbours, each far from its own name."""
    with_fake_worker.near = 0.0
    body = "(streams):\n    for stream in streams:\n        stream.flush()\n        stream.close()\n"
    (workspace / "package" / "odd.py").write_text(f"def send_email{body}\n\ndef close_streams{body}")


@pytest.mark.parametrize("target", ["package", "package/odd.py"])
def test_only_functions_whose_names_contradict_their_bodies(codekin, odd, workspace, target):
    answer = codekin("names", target, "--path", workspace, "--contradicting", "--json").json
    (function,) = answer["functions"]
    assert function["name"] == "send_email"
    assert function["suggestions"]


def test_where_no_name_contradicts_its_body_it_is_said(codekin, odd, with_fake_worker):
    with_fake_worker.near = 0.5
    outcome = codekin("names", "package", "--contradicting")
    assert (outcome.code, outcome.out) == (0, "no name here contradicts its body\n")


def test_a_line_and_a_kind_of_file_are_checked_where_only_contradicting_names_are_wanted(refused, workspace):
    assert "there is no function at" in refused("names", "reading.py:1", "--contradicting")
    (workspace / "notes.txt").write_text("def f():\n    pass\n")
    assert "is not a Python file" in refused("names", "notes.txt", "--contradicting")


def test_a_file_of_a_folder_that_goes_away_does_not_stop_the_others(codekin, workspace, monkeypatch):
    monkeypatch.setattr(Assist, "files", lambda self, _: [self.root / "gone.py", self.root / "numbers.py"])
    outcome = codekin("names", "package", "--json")
    assert (outcome.code, len(outcome.json["functions"])) == (1, 2)
    assert "gone.py" in outcome.err


def test_the_present_name_is_never_shown_to_the_model(codekin, with_fake_worker):
    codekin("index")
    with_fake_worker.embedded.clear()
    codekin("names", "reading.py")
    assert with_fake_worker.named
    for unit in (*with_fake_worker.embedded, *(unit for unit, _ in with_fake_worker.named)):
        assert unit.masked
        assert not any(name in unit.passage for name in ("read_text", "_read_bytes", "close_all"))


def test_a_line_outside_any_function(refused):
    assert "there is no function at" in refused("names", "package/numbers.py:1")


def test_a_folder_has_no_lines(refused):
    assert "is a folder" in refused("names", "package:3", code=2)


@pytest.mark.parametrize("target", ["missing.py", "missing", "missing.py:3"])
def test_a_target_that_is_not_there(refused, target):
    assert "there is no file" in refused("names", target)


def test_a_file_without_functions(codekin, workspace):
    (workspace / "empty.py").touch()
    assert codekin("names", "empty.py").out == "no functions here\n"


def test_a_binary_file(refused, workspace):
    (workspace / "binary.py").write_bytes(b"\0")
    assert "binary content" in refused("names", "binary.py")


def test_a_folder_of_an_indexed_workspace_needs_no_index_of_its_own(codekin, workspace):
    codekin("index")
    outcome = codekin("names", "package", "--json")
    paths = {function["path"] for function in outcome.json["functions"]}
    assert paths == {"package/broken.py", "package/numbers.py"}
    assert f"using the index of {workspace};" in outcome.err
    assert len(codekin("clean", "--all", "--yes", "--json").json["removed"]) == 1


def test_a_folder_outside_the_chosen_workspace_is_refused(refused, workspace, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    assert f"is not in {workspace}" in refused("names", tmp_path / "elsewhere", "--path", workspace)


@pytest.mark.parametrize("target", ["README.md", "README.md:1"])
def test_a_file_that_is_not_python(refused, workspace, target):
    (workspace / "README.md").write_text("# Hello\n")
    assert "README.md is not a Python file" in refused("names", target)


@pytest.mark.parametrize("line", ["-1", "abc", ""])
def test_a_line_that_is_none(refused, line):
    assert f"'{line}' is no line; give a whole number" in refused("names", f"reading.py:{line}", code=2)


@pytest.mark.parametrize(("probability", "text"), [(0.0004, "<1%"), (0.005, "<1%"), (0.006, "1%"), (0.42, "42%")])
def test_what_is_suggested_is_never_shown_as_impossible(probability, text):
    assert percent(probability) == text
