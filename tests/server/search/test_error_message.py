"""Errors as people paste them."""

import pytest

from codekin_server.search.error_message import ErrorMessage, error_message

TRACEBACK = """\
Traceback (most recent call last):
  File "report.py", line 12, in <module>
    table["price"]
  File "table.py", line 7, in __getitem__
    raise UsageError("no such column: price")
tables.errors.UsageError: no such column: price
"""
USAGE = ErrorMessage("UsageError", "no such column: price")


def test_the_last_line_of_a_traceback_is_an_error():
    assert error_message("tables.errors.UsageError: no such column: price") == USAGE
    assert USAGE.text == "UsageError: no such column: price"


@pytest.mark.parametrize("text", [TRACEBACK, " ".join(TRACEBACK.split()), f"$ python report.py\n{TRACEBACK}"])
def test_a_traceback_is_its_error(text):
    assert error_message(text) == USAGE


def test_of_errors_while_handling_others_the_last_is_meant():
    chained = f"{TRACEBACK}\nDuring handling of the above exception, another exception occurred:\n\n"
    other = TRACEBACK.replace("UsageError: no such column: price", "ReportError: nothing to report")
    assert error_message(chained + other) == ErrorMessage("ReportError", "nothing to report")


def test_a_message_of_several_lines_is_kept_whole():
    assert error_message(f"{TRACEBACK}choose one of these") == ErrorMessage(
        "UsageError", "no such column: price choose one of these"
    )


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ("KeyError: 'price'", ErrorMessage("KeyError", "'price'")),
        ("AssertionError", ErrorMessage("AssertionError", "")),
    ],
)
def test_below_frames_an_error_may_say_one_word_or_none(end, expected):
    without_head = TRACEBACK.partition("\n")[2]
    for traceback in (TRACEBACK, without_head):
        assert error_message(traceback.replace("tables.errors.UsageError: no such column: price", end)) == expected
    assert expected.text == end


def test_the_error_of_a_failed_test_is_taken_from_pytests_report():
    report = """
    def test_price():
>       table["price"]

tests/test_table.py:12:
_ _ _ _ _ _
tables/table.py:7: in __getitem__
    raise UsageError("no such column: price")
E   tables.errors.UsageError: no such column: price

tables/table.py:7: UsageError
"""
    assert error_message(report) == USAGE
    assert error_message("E       UsageError: no such column: price") == USAGE


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("AttributeError: 'Table' object has no attribute 'price'", {"Table", "price"}),
        ("AttributeError: module 'tables.io' has no attribute 'read'", {"tables.io", "read"}),
        ("ImportError: cannot import name 'Table' from 'tables'", {"Table"}),
        ("NameError: name 'Table' is not defined", {"Table"}),
        ("TypeError: 'Table' object is not callable", {"Table"}),
        ("UsageError: no table 'prices' in here", set()),
    ],
)
def test_what_pythons_own_messages_name_is_known(text, named):
    found = error_message(text)
    assert found is not None
    assert found.named == named


@pytest.mark.parametrize(
    "text",
    [
        "",
        "parse the header: name and value",
        "UsageError",
        "UsageError: price",
        "how is UsageError: no such column raised",
        "Traceback (most recent call last):",
        "Traceback (most recent call last):\n  File",
    ],
)
def test_other_text_is_none(text):
    assert error_message(text) is None


TWO_FAILURES = """\
____________________________ test_one ____________________________

    def test_one():
>       check("")

tests/test_p.py:5:
_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _

>       raise ValueError("the text is empty")
E       ValueError: the text is empty

pkg/a.py:7: ValueError
____________________________ test_two ____________________________
tests/test_p.py:9: in test_two
    load(None)
pkg/b.py:3: in load
    raise ReportError("nothing to load")
E   pkg.b.ReportError: nothing to load
E   give a path
=========================== short test summary ===================
FAILED tests/test_p.py::test_one - ValueError: the text is empty
"""


def test_of_failures_that_pytest_reports_the_last_is_meant():
    assert error_message(TWO_FAILURES) == ErrorMessage("ReportError", "nothing to load give a path")


def test_what_pytest_says_of_an_assertion_is_no_message_of_code():
    assert error_message("pkg/a.py:7: in f\nE   assert 1 == 2\nE    +  where 1 = f()\n") is None
