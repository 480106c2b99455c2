"""Tracebacks with something before each line."""

import pytest

from codekin_server.search.margin import without_margin
from codekin_server.search.query import parse_query

TRACEBACK = """\
Traceback (most recent call last):
  File "table.py", line 7, in read_price
    return table["price"]

KeyError: 'price'"""

GROUP = """\
  + Exception Group Traceback (most recent call last):
  |   File "report.py", line 12, in <module>
  |     asyncio.run(main())
  | ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "table.py", line 7, in read_price
    |     return table["price"]
    |
    | KeyError: 'price'
    +------------------------------------
"""


def with_margin(*margins: str) -> str:
    lines = TRACEBACK.splitlines()
    return "\n".join(margins[at % len(margins)] + line for at, line in enumerate(lines))


@pytest.mark.parametrize(
    "text",
    [
        GROUP,
        with_margin("web_1  | "),
        with_margin("Nov 22 10:00:01 host app[7]: ", "Nov 22 10:00:02 host app[7]: "),
        "web_1  | starting\n" + with_margin("web_1  | ") + "\nworker_1 | Traceback lost\n",
        with_margin("| ").replace("| \n", "|\n"),
    ],
)
def test_a_traceback_comes_out_of_its_margin(text):
    assert without_margin(text) == TRACEBACK
    query = parse_query(text)
    assert (query.error, [frame.name for frame in query.frames]) == ("KeyError", ["read_price"])
    assert query.frames[0].code == 'return table["price"]'


@pytest.mark.parametrize(
    "text", [TRACEBACK, "", "read a | b", "a log: Traceback", f"$ python a.py\n{TRACEBACK}", f"ERROR:root:{TRACEBACK}"]
)
def test_what_has_no_margin_is_left_as_it_is(text):
    assert without_margin(text) == text


@pytest.mark.parametrize(
    "prefix",
    [
        "2026-11-22 10:00:00,123 WARNING kombu.common ",
        "2026-11-22 10:00:00 [scrapy.core.engine] DEBUG: ",
        "[2026-11-22 10:00:00,123: ERROR/MainProcess] ",
        "WARNING:root:",
        "ERROR:app.views:",
        "INFO - ",
        "2026-11-22T10:00:00Z | ERROR | ",
    ],
)
def test_a_logged_message_is_what_was_logged(prefix):
    assert without_margin(f"{prefix}Disabled: the count exceeds 65535") == "Disabled: the count exceeds 65535"


@pytest.mark.parametrize("text", ["ERROR", "where is the ERROR level set", "ERRORS: none", "ERROR_LEVEL: none", "3.14"])
def test_what_was_not_logged_is_left_as_it_is(text):
    assert without_margin(text) == text
