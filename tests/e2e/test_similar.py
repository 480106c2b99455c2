"""``codekin.similar`` through real messages: from a position, a selection, pasted code."""

import pytest
from pygls.exceptions import JsonRpcException

ORDERS = "shop/orders.py"
PASTED = """    def summed(self, amounts, rebate):
        result = 0
        for amount in amounts:
            result += amount
        return result * (1 - rebate)
"""


def selected(start, end):
    return {"start": {"line": start, "character": 0}, "end": {"line": end, "character": 0}}


def names(found):
    return [result["qualified_name"] for result in found["results"]]


async def test_a_selected_function_is_compared_as_what_it_is(editor, workspace):
    uri = (workspace / ORDERS).as_uri()
    by_selection = await editor.command("codekin.similar", {"uri": uri, "range": selected(2, 9)})
    by_position = await editor.command("codekin.similar", {"uri": uri, "position": {"line": 5, "character": 0}})
    assert by_selection["target"]["qualified_name"] == "total_price"
    assert by_selection == by_position


async def test_selected_statements_are_like_other_functions_not_their_own(editor, workspace):
    uri = (workspace / "shop" / "report.py").as_uri()
    found = await editor.command("codekin.similar", {"uri": uri, "range": selected(12, 15)})
    assert (found["target"]["qualified_name"], found["target"]["start_line"]) == ("count_words", 13)
    assert names(found)
    assert "count_words" not in names(found)


async def test_a_score_is_the_same_in_another_workspace(connect, workspace, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "copied.py").write_text((workspace / ORDERS).read_text())
    scores = []
    for root in (workspace, other):
        async with connect(root) as editor:
            await editor.embedded()
            found = await editor.command("codekin.similar", {"text": PASTED, "limit": 50})
            scores.append({each["qualified_name"]: each["score"] for each in found["results"]})
    first, second = scores
    assert len(second) < len(first)
    assert second == {name: first[name] for name in second}


async def test_pasted_code_needs_no_file(editor):
    found = await editor.command("codekin.similar", {"text": PASTED, "limit": 3})
    assert found["target"] is None
    assert names(found)[0] == "total_price"
    first = found["results"][0]
    assert 0.4 < first["score"] <= 1
    assert first["uri"].endswith(ORDERS)


async def test_a_copy_of_a_function_is_as_similar_as_can_be(editor, workspace):
    lines = (workspace / ORDERS).read_text().splitlines()
    found = await editor.command("codekin.similar", {"text": "\n".join(lines[3:9])})
    assert names(found)[0] == "total_price"
    assert found["results"][0]["score"] > 0.98


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("def f(:\n  return (", "broken at its line 1"), ("  \n", "no code to compare"), ("# words", "only comments")],
)
async def test_what_is_no_code_is_answered_with_a_sentence(editor, text, sentence):
    with pytest.raises(JsonRpcException, match=sentence):
        await editor.command("codekin.similar", {"text": text})
