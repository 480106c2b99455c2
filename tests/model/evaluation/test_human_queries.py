"""Queries that people typed, from files that a user gives."""

import json

import pytest

from codekin_model.evaluation.human_queries import read_human_queries, search_human_queries
from codekin_model.evaluation.system import EvaluationError

CODES = [
    {"id": "x", "code": 'def area(width, height):\n    """Secret words."""\n    return width * height\n'},
    {"id": "y", "code": "import os\n\ndef jobs(queue):\n    return queue.jobs()\n"},
    {"id": "z", "code": "value = 3\n"},
]
QUERIES = [{"query": "width times height", "relevant_id": "x"}, {"query": "queue of jobs", "relevant_id": "y"}]


@pytest.fixture
def folder(tmp_path):
    write(tmp_path / "codes.jsonl", CODES)
    write(tmp_path / "queries.jsonl", QUERIES)
    return tmp_path


def write(path, records):
    path.write_text("".join(json.dumps(record) + "\n" for record in records))


def test_each_query_has_its_function(folder):
    human = read_human_queries(folder)
    assert [human.functions[at].unit.name for at in human.right] == ["area", "jobs"]
    assert len(human.functions) == 3


def test_right_functions_are_ranked_without_their_docstrings(folder, letters):
    figures = search_human_queries(letters, read_human_queries(folder))
    assert figures.columns["rank"].tolist() == [1, 1]
    assert not any("Secret" in text for text in letters.read)


def test_queries_can_be_capped_and_codes_are_not(folder):
    human = read_human_queries(folder, limit=1)
    assert (len(human.queries), len(human.functions)) == (1, 3)


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("queries.jsonl", '{"query": "a", "relevant_id": "w"}\n', "no code in codes.jsonl has the id 'w'"),
        ("queries.jsonl", '{"query": "a"}\n', "line 1 must be an object with query and relevant_id"),
        ("queries.jsonl", "\n", "holds no query"),
        ("codes.jsonl", '{"id": "x", "code"\n', "line 1 is no JSON"),
        ("codes.jsonl", '{"id": "x", "code": ""}\n', "x: the code is empty"),
    ],
)
def test_wrong_files_are_refused_with_one_line(folder, file, text, message):
    (folder / file).write_text(text)
    if file == "codes.jsonl":
        write(folder / "queries.jsonl", [{"query": "a", "relevant_id": "x"}])
    with pytest.raises(EvaluationError, match=message) as refused:
        read_human_queries(folder)
    assert "\n" not in str(refused.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(EvaluationError, match=r"codes\.jsonl cannot be read"):
        read_human_queries(tmp_path)
