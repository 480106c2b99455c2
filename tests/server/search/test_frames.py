"""The frames of pasted tracebacks."""

from dataclasses import replace

import pytest

from codekin_model.source.unit import UnitKind
from codekin_server.search.frames import Frame, frames, units_in
from codekin_server.store.records import UnitRecord

PYTHON = """\
Traceback (most recent call last):
  File "/home/me/report.py", line 12, in <module>
    table["price"]
  File "C:\\lib\\tables\\table.py", line 7, in __getitem__
    return self.columns[name]
           ~~~~~~~~~~~~^^^^^^
KeyError: 'price'
"""
READ = UnitRecord(
    1, "src/pkg/io.py", "pkg.io", UnitKind.METHOD, "read", "A.read", 10, 20, 0, 9, 4, 9, "f", is_test=False
)
OTHER = replace(READ, id=2, qualified_name="B.read", start_line=30, end_line=40)


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


@pytest.mark.parametrize(
    ("path", "line", "expected"),
    [
        ("/usr/lib/site-packages/pkg/io.py", 15, [READ]),
        ("/usr/lib/site-packages/pkg/io.py", 35, [OTHER]),
        ("pkg/io.py", 900, [READ, OTHER]),
        ("io.py", 15, [READ]),
        ("/usr/lib/other/io.py", 15, []),
    ],
)
def test_a_frame_is_of_the_unit_of_its_name_file_and_line(path, line, expected):
    assert units_in(Frame(path, line, "read"), [READ, OTHER]) == expected


def test_text_without_frames_has_none():
    assert frames("where is the file read, in line 3?") == ()
