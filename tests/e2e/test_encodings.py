"""Positions as each client counts them, in text outside of the Basic Multilingual Plane."""

import pytest
from lsprotocol import types

ORDERS = "shop/orders.py"
TEXT = "# \U0001f40d\ndef snake(\U0001d4b6, x): '\U0001f40d\U0001f40d'; return \U0001d4b6 + x\n"
BODY = "'\U0001f40d\U0001f40d'"
WIDTHS = {
    "utf-8": lambda text: len(text.encode()),
    "utf-16": lambda text: len(text.encode("utf-16-le")) // 2,
    "utf-32": len,
}


@pytest.fixture(params=sorted(WIDTHS))
def encoding(request):
    return request.param


@pytest.fixture
def column(encoding):
    """How this client counts the characters before one of the second line's parts."""
    line = TEXT.split("\n")[1]
    return lambda part, at=0: WIDTHS[encoding](line[: line.index(part)]) + at


async def functions(editor, uri):
    return (await editor.command("codekin.suggestNames", uri))["functions"]


async def test_the_first_encoding_of_the_client_that_is_known_is_taken(connect, workspace, encoding):
    async with connect(workspace, encodings=[encoding, "utf-16"]) as editor:
        assert editor.greeting.capabilities.position_encoding == encoding


async def test_ranges_and_edits_are_counted_as_negotiated(connect, workspace, encoding, column):
    async with connect(workspace, encodings=[encoding]) as editor:
        uri = editor.open(workspace / ORDERS, TEXT)
        (snake,) = await functions(editor, uri)
        end = WIDTHS[encoding](TEXT.split("\n")[1])
        assert snake["range"] == {"start": {"line": 1, "character": 0}, "end": {"line": 1, "character": end}}
        assert snake["nameRange"]["end"] == {"line": 1, "character": 9}
        start = column(BODY)
        editor.change(uri, ((1, start, 1, start + WIDTHS[encoding](BODY)), "pass"), ((0, 2, 0, 2), "\U0001f99c"))
        (snake,) = await functions(editor, uri)
        expected = end - WIDTHS[encoding](BODY) + len("pass")
        assert snake["range"]["end"] == {"line": 1, "character": expected}


async def test_a_rename_is_written_as_negotiated(connect, workspace, encoding, column):
    async with connect(workspace, encodings=[encoding]) as editor:
        path = workspace / "snakes.py"
        path.write_text(f"{TEXT}\n\n'\U0001f40d'; snake(1, 2)\n")
        uri = editor.open(path)
        await editor.embedded()
        request = {"uri": uri, "position": {"line": 1, "character": 5}, "newName": "hiss"}
        answer = await editor.command("codekin.rename", request)
        (change,) = answer["edit"]["documentChanges"]
        places = [edit["range"]["start"] for edit in change["edits"]]
        starts = sorted((place["line"], place["character"]) for place in places)
        assert starts == [(1, 4), (4, WIDTHS[encoding]("'\U0001f40d'; "))]


async def test_a_client_that_names_none_counts_in_utf_16(connect, workspace):
    async with connect(workspace) as editor:
        assert editor.greeting.capabilities.position_encoding in (None, types.PositionEncodingKind.Utf16)
