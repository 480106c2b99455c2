"""The frames of pasted tracebacks."""

import pytest

from codekin_server.search.frames import Frame, frames

PYTHON = """\
Traceback (most recent call last):
  File "/home/me/report.py", line 12, in <module>
    table["price"]
  File "C:\\lib\\tables\\table.py", line 7, in __getitem__
    return self.columns[name]
           ~~~~~~~~~~~~^^^^^^
KeyError: 'price'
"""


def test_the_innermost_frame_comes_first():
    assert frames(PYTHON) == (
        Frame("C:/lib/tables/table.py", 7, "__getitem__", "return self.columns[name]"),
        Frame("/home/me/report.py", 12, "<module>", 'table["price"]'),
    )


def test_a_frame_without_its_line_does_not_take_the_next_frame_for_it():
    text = 'File "a.py", line 1, in f\n  File "b.py", line 2, in g\n'
    assert [frame.name for frame in frames(text)] == ["g", "f"]


def test_a_traceback_on_one_line_has_its_frames():
    assert [frame.name for frame in frames(" ".join(PYTHON.split()))] == ["__getitem__", "<module>"]


@pytest.mark.parametrize(
    "text", ["pkg/io.py:12: in read", "File ~/work/pkg/io.py:12, in A.read(self, size)", "File pkg/io.py:12, in read()"]
)
def test_frames_as_pytest_and_ipython_write_them(text):
    assert [(frame.line, frame.name) for frame in frames(text)] == [(12, "read")]


def test_pytest_says_at_last_where_but_not_in_what():
    text = (
        "tests/test_io.py:5: \n_ _ _ _\n\n>   raise ValueError(line)\nE   ValueError: 3\n\npkg/io.py:12: ValueError\n"
    )
    assert frames(text) == (Frame("pkg/io.py", 12, ""), Frame("tests/test_io.py", 5, ""))


@pytest.mark.parametrize("text", ["pkg/io.py:12: error: no such name", "pkg/io.py:12:4: E501 too long"])
def test_what_linters_say_is_no_frame(text):
    assert frames(text) == ()


def test_a_line_of_too_many_digits_is_no_frame():
    assert frames(f'File "a.py", line {"9" * 5_000}, in f') == ()


def test_frames_as_faulthandler_writes_them():
    assert [frame.name for frame in frames('  File "pkg/io.py", line 63 in read')] == ["read"]


def test_text_without_frames_has_none():
    assert frames("where is the file read, in line 3?") == ()
