"""codekin extract."""

import pytest


def test_json_is_all_that_the_model_reads(codekin):
    answer = codekin("extract", "package/numbers.py", "--format", "json").json
    module, add, _ = answer["units"]
    assert (module["kind"], module["path"], add["name"]) == ("module", "package/numbers.py", "add_numbers")
    assert "return left + right" in add["passage"]
    assert ["left", "right"] in [[each["start"], each["end"]] for each in add["contexts"]]
    assert answer["problems"] == []


def test_json_by_either_option(codekin):
    assert codekin("extract", "reading.py", "--json").json == codekin("extract", "reading.py", "--format", "json").json


def test_broken_code_gives_what_can_be_read_and_the_problems(codekin):
    answer = codekin("extract", "package/broken.py", "--json").json
    assert "whole" in [unit["name"] for unit in answer["units"]]
    assert answer["problems"][0]["line"] == 1


def test_code2vec_is_a_function_a_line_with_its_name_as_the_label_only(codekin):
    lines = codekin("extract", "package/numbers.py", "--format", "code2vec").out.splitlines()
    assert [line.split()[0] for line in lines] == ["add|numbers", "subtract|numbers"]
    contexts = [context.split(",") for line in lines for context in line.split()[1:]]
    assert contexts
    assert all(len(context) == 3 for context in contexts)
    assert not any("add|numbers" in end for start, _, end in contexts)
    assert any("METHOD_NAME" in (start, end) for start, _, end in contexts)


def test_text_shows_units_with_their_contexts(codekin):
    out = codekin("extract", "package/numbers.py").out
    assert "function add_numbers" in out
    assert "path contexts" in out


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"\0", "binary content"), (b"\xff\xff", "not readable"), (b"#" * 2_000_000, "larger than")],
)
def test_files_that_are_no_source(refused, workspace, content, message):
    (workspace / "odd.py").write_bytes(content)
    assert message in refused("extract", "odd.py", "--json")


def test_a_file_that_is_not_there(refused):
    assert "there is no file" in refused("extract", "missing.py")


def test_a_folder(refused):
    assert "is a folder" in refused("extract", "package")


def test_a_format_that_is_none(refused):
    assert "code2vec" in refused("extract", "reading.py", "--format", "xml", code=2)
