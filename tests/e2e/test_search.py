"""``codekin.search`` through real messages: filters, snippets, reasons, partial results, cancelling."""

import asyncio

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

QUERY = "read the lines of a text file"
TESTS = '''
def test_lines_of_a_text_file_are_read():
    """Read the lines of a text file."""
    assert read_lines("file.txt") == ["a line"]
'''


@pytest.fixture
def workspace(workspace):
    (workspace / "tests").mkdir()
    (workspace / "tests" / "test_orders.py").write_text(TESTS)
    return workspace


def names(found):
    return [result["qualified_name"] for result in found["results"]]


async def test_a_result_says_why_it_is_there(editor):
    found = await editor.command("codekin.search", {"query": QUERY, "tests": "exclude"})
    first = found["results"][0]
    assert first["qualified_name"] == "read_lines"
    assert first["reasons"][0] == "name: read, lines"
    assert "means the same" in first["reasons"]
    assert first["tier"] in ("student", "teacher")


async def test_a_result_shows_the_line_that_answers_with_the_words_that_match(editor, workspace):
    found = await editor.command("codekin.search", {"query": QUERY, "tests": "exclude"})
    snippet = found["results"][0]["snippet"]
    lines = (workspace / "shop" / "orders.py").read_text().splitlines()
    assert lines[snippet["line"] - 1].strip() == snippet["text"]
    assert [snippet["text"][start:end] for start, end in snippet["matches"]] == ["Read", "text", "file", "lines"]


async def test_matches_are_counted_as_the_client_counts(connect, workspace):
    (workspace / "emoji.py").write_text('def shout():\n    return "😀 raspberry"\n')
    async with connect(workspace) as editor:
        await editor.embedded()
        found = await editor.command("codekin.search", {"query": "raspberry", "limit": 1})
    (snippet,) = [result["snippet"] for result in found["results"]]
    assert snippet == {"line": 2, "text": 'return "😀 raspberry"', "matches": [[11, 20]]}


async def test_tests_can_be_left_out_and_looked_for(editor):
    everything = names(await editor.command("codekin.search", {"query": QUERY, "limit": 30}))
    without = names(await editor.command("codekin.search", {"query": QUERY, "limit": 30, "tests": "exclude"}))
    only = names(await editor.command("codekin.search", {"query": QUERY, "limit": 30, "tests": "only"}))
    assert "test_lines_of_a_text_file_are_read" in everything
    assert "test_lines_of_a_text_file_are_read" not in without
    assert without
    assert "test_lines_of_a_text_file_are_read" in only
    assert "read_lines" not in only


async def test_the_settings_say_whether_tests_are_shown(connect, workspace):
    options = {"settings": {"search": {"tests": "only", "limit": 1}}}
    async with connect(workspace, options=options) as editor:
        await editor.embedded()
        assert names(await editor.command("codekin.search", QUERY)) == ["test_lines_of_a_text_file_are_read"]


async def test_a_search_keeps_to_a_folder(editor, workspace):
    folder = (workspace / "tests").as_uri()
    found = await editor.command("codekin.search", {"query": "prices", "folder": folder})
    assert {result["path"] for result in found["results"]} == {"tests/test_orders.py"}


async def test_a_search_keeps_to_kinds(editor):
    found = await editor.command("codekin.search", {"query": "prices of a cart", "kinds": ["class"]})
    assert names(found) == ["Cart"]


async def test_a_folder_outside_is_answered_with_a_sentence(editor, tmp_path):
    with pytest.raises(JsonRpcException, match="in none of the open workspace folders"):
        await editor.command("codekin.search", {"query": "prices", "folder": tmp_path.parent.joinpath("x").as_uri()})


async def test_results_by_words_come_before_the_answer(editor):
    arrived = []
    # pytest-lsp takes every progress for that of a bar
    editor.client.protocol.fm.features[types.PROGRESS] = lambda params: arrived.append((params.token, params.value))
    answer = await editor.command("codekin.search", {"query": QUERY, "partialResultToken": "typing"})
    (words,) = [value for token, value in arrived if token == "typing"]  # noqa: S105 - no secret
    assert words["query"] == QUERY
    assert {result["tier"] for result in words["results"]} == {"words"}
    assert {result["tier"] for result in answer["results"]} != {"words"}


async def test_a_search_that_is_typed_on_after_is_answered_all_the_same(editor):
    editor.client.protocol.fm.features[types.PROGRESS] = lambda _: None
    searches = [
        editor.command("codekin.search", {"query": QUERY[:length], "partialResultToken": f"typing {length}"})
        for length in range(8, len(QUERY) + 1)
    ]
    answers = await asyncio.gather(*searches)
    assert [answer["query"] for answer in answers] == [QUERY[:length] for length in range(8, len(QUERY) + 1)]
    assert "means the same" in answers[-1]["results"][0]["reasons"]


async def test_a_cancelled_search_is_answered_as_such(editor):
    editor.client.protocol.fm.features[types.PROGRESS] = lambda _: None
    params = types.ExecuteCommandParams("codekin.search", [{"query": QUERY, "partialResultToken": "gone"}])
    request = editor.client.protocol.send_request(types.WORKSPACE_EXECUTE_COMMAND, params, msg_id="cancelled")
    editor.client.cancel_request(types.CancelParams("cancelled"))
    with pytest.raises(JsonRpcException, match="cancel"):
        await asyncio.wrap_future(request)
    assert names(await editor.command("codekin.search", QUERY))
