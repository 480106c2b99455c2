"""codekin search."""

import io
import json

import pytest

from codekin_server.worker.client import WorkerError, WorkerState, WorkerStatus


def test_indexes_on_first_use_and_finds(codekin, workspace):
    outcome = codekin("search", "read the text of a file", "--path", workspace)
    assert outcome.code == 0
    first = outcome.out.splitlines()[0]
    assert "reading.py:7-10" in first
    assert "method Reader.read_text" in first
    assert "lexical" in first


def test_what_another_program_wrote_is_asked_for(codekin, workspace, monkeypatch):
    (workspace / "table.py").write_text('def cell(row):\n    raise LookupError(f"no row of that number: {row}")\n')
    report = """
    def test_cell():
>       assert cell(3)

    def cell(row):
>       raise LookupError(f"no row of that number: {row}")
E       LookupError: no row of that number: 3

table.py:2: LookupError
"""
    monkeypatch.setattr("sys.stdin", io.StringIO(report))
    first = codekin("search", "-", "--json").json["results"][0]
    assert (first["path"], first["name"]) == ("table.py", "cell")


def test_json_has_everything_a_program_needs(codekin):
    answer = codekin("search", "add two numbers", "--limit", 2, "--json").json
    first = answer["results"][0]
    assert (answer["query"], answer["note"], len(answer["results"])) == ("add two numbers", None, 2)
    assert first == {
        "path": "package/numbers.py",
        "start_line": 4,
        "end_line": 6,
        "kind": "function",
        "name": "add_numbers",
        "qualified_name": "add_numbers",
        "module": "package.numbers",
        "score": first["score"],
        "produced_by": first["produced_by"],
        "reasons": ["name: add, numbers", "text: two", "means the same"],
        "snippet": {"line": 5, "text": '"""Add two numbers."""', "matches": [[3, 6], [7, 10], [11, 18]]},
        "tier": "teacher",
    }
    assert 0 < first["score"] <= 1
    assert "lexical" in first["produced_by"]


def test_finds_what_was_written_since_the_last_time(codekin, workspace):
    codekin("search", "anything")
    (workspace / "new.py").write_text("def telephone_exchange():\n    return 1\n")
    assert codekin("search", "telephone exchange", "--json").json["results"][0]["path"] == "new.py"


def test_queries_are_answered_in_order_one_line_each(codekin, workspace):
    (workspace / "queries.jsonl").write_text('{"query": "add numbers"}\n{"query": "read bytes", "id": 7}\n')
    outcome = codekin("search", "--queries", "queries.jsonl")
    assert outcome.code == 0
    assert [answer["query"] for answer in outcome.lines] == ["add numbers", "read bytes"]


def test_a_bad_line_of_queries_becomes_an_error_in_its_place(codekin, workspace):
    lines = ['{"query": "add numbers"}', "not json", '{"query": 3}', '{"query": ""}', "[]", '{"query": "read"}']
    (workspace / "queries.jsonl").write_text("\n".join(lines))
    outcome = codekin("search", "--queries", "queries.jsonl")
    assert outcome.code == 1
    assert [answer.get("line") for answer in outcome.lines] == [None, 2, 3, 4, 5, None]
    assert all(answer["error"] for answer in outcome.lines[1:5])
    assert len(outcome.err.splitlines()) == 1


def test_queries_that_are_no_text_fail_line_by_line(codekin, workspace):
    (workspace / "queries.jsonl").write_bytes(b'\xff\xfe\n{"query": "read"}\n')
    outcome = codekin("search", "--queries", "queries.jsonl")
    assert (outcome.code, outcome.lines[0]["line"], outcome.lines[1]["query"]) == (1, 1, "read")


def test_queries_from_a_file_that_is_not_there(refused):
    assert "cannot read nothing.jsonl" in refused("search", "--queries", "nothing.jsonl")


@pytest.mark.parametrize("arguments", [(), ("a query", "--queries", "file.jsonl")])
def test_one_query_or_a_file_of_them(refused, arguments):
    assert "--queries FILE.jsonl" in refused("search", *arguments, code=2)


def test_an_empty_query(refused):
    assert "the query is empty" in refused("search", " ")
    assert "the query holds no word" in refused("search", "!!! ?")


def test_nothing_found_is_said(codekin, workspace, tmp_path):
    (tmp_path / "empty").mkdir()
    outcome = codekin("search", "anything", "--path", tmp_path / "empty")
    assert "nothing found" in outcome.out
    assert "no Python code" in outcome.out


@pytest.mark.parametrize("limit", ["0", "-1", "many", "1e9"])
def test_limits_that_are_none(refused, limit):
    assert "--limit" in refused("search", "x", "--limit", limit, code=2)


def test_a_path_that_is_not_there(refused):
    assert "there is no folder" in refused("search", "x", "--path", "nowhere")


def test_output_is_for_pipes_too(codekin, monkeypatch):
    monkeypatch.setenv("COLUMNS", "20")
    first = codekin("search", "read the text of a file").out.splitlines()[0]
    assert first.endswith(("name", "semantic", "lexical"))


def test_json_survives_any_text(codekin, workspace):
    (workspace / "names.py").write_text("def größe_日本():\n    return 'größe'\n")
    outcome = codekin("search", "größe_日本", "--json")
    assert outcome.json["results"][0]["name"] == "größe_日本"
    assert json.loads(outcome.out)["query"] == "größe_日本"


def test_only_what_is_wanted_is_searched(codekin, workspace):
    def paths(*options):
        found = codekin("search", "read numbers of a file", *options, "--json").json["results"]
        return {result["path"] for result in found}

    assert paths("--folder", workspace / "package") <= {"package/numbers.py", "package/broken.py"}
    classes = codekin("search", "reads", "--kinds", "class", "--json").json["results"]
    assert [result["qualified_name"] for result in classes] == ["Reader"]
    assert paths("--tests", "only") == set()


def test_a_folder_that_is_not_there_is_told_in_a_line(codekin):
    outcome = codekin("search", "anything", "--folder", "nowhere")
    assert outcome.code == 1
    assert "there is no folder nowhere" in outcome.err


def test_inside_an_indexed_workspace_its_index_is_used_and_said(codekin, workspace, monkeypatch):
    codekin("index")
    monkeypatch.chdir(workspace / "package")
    outcome = codekin("search", "read the text of a file", "--json")
    assert outcome.json["results"][0]["path"] == "reading.py"
    (line,) = outcome.err.splitlines()
    assert f"using the index of {workspace}; 'codekin index {workspace / 'package'}' gives" in line
    monkeypatch.chdir(workspace)
    assert len(codekin("clean", "--all", "--yes", "--json").json["removed"]) == 1


def test_a_subfolder_with_an_index_of_its_own_is_searched_by_itself(codekin, workspace, monkeypatch):
    codekin("index")
    codekin("index", "package")
    monkeypatch.chdir(workspace / "package")
    outcome = codekin("search", "add numbers", "--json")
    assert (outcome.json["results"][0]["path"], outcome.err) == ("numbers.py", "")


def test_a_folder_outside_the_workspace_is_refused(refused, workspace, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    message = refused("search", "anything", "--folder", tmp_path / "elsewhere")
    assert message == f"codekin: {tmp_path / 'elsewhere'} is not in {workspace}\n"


def test_a_folder_that_is_a_file_is_refused(refused):
    assert "reading.py is a file; give a folder" in refused("search", "anything", "--folder", "reading.py")


def test_settings_that_are_ignored_are_named_in_one_line(codekin, workspace):
    (workspace / "pyproject.toml").write_text("[tool.codekin\n")
    (line,) = codekin("search", "anything").err.splitlines()
    assert "pyproject.toml cannot be read" in line


def test_without_the_model_the_note_says_why(codekin, with_fake_worker, monkeypatch):
    codekin("index")
    with_fake_worker.failure = WorkerError("no")
    failed = WorkerState(WorkerStatus.FAILED, last_error="CODEKIN_THREADS is 'abc':\nset it to a number")
    monkeypatch.setattr(type(with_fake_worker), "state", failed)
    note = codekin("search", "read", "--json").json["note"]
    assert note == "found by words alone: CODEKIN_THREADS is 'abc': set it to a number"


def test_a_wrong_kind_is_told_without_the_words_of_a_library(refused):
    assert "'--kinds': 'bogus' is not one of" in refused("search", "x", "--kinds", "bogus", code=2)
