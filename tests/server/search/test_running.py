"""The units that frames of tracebacks are of."""

from dataclasses import replace

import pytest

from codekin_model.source.unit import UnitKind
from codekin_server.search.frames import Frame
from codekin_server.search.running import units_in
from codekin_server.store.records import UnitRecord

READ = UnitRecord(
    1, "src/pkg/io.py", "pkg.io", UnitKind.METHOD, "read", "A.read", 10, 20, 0, 9, 4, 9, "f", is_test=False
)
OTHER = replace(READ, id=2, qualified_name="B.read", start_line=30, end_line=40)
INNER = replace(OTHER, id=3, name="decode", qualified_name="B.read.decode", start_line=33, end_line=36)
HEAD = replace(READ, id=4, kind=UnitKind.MODULE, name="", qualified_name="", start_line=1, end_line=8)
ALL = [HEAD, READ, OTHER, INNER]


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


@pytest.mark.parametrize("name", ["<lambda>", "<listcomp>", ""])
def test_a_frame_without_a_functions_name_is_of_the_innermost_function_around_its_line(name):
    assert units_in(Frame("pkg/io.py", 35, name), ALL) == [INNER]
    assert units_in(Frame("pkg/io.py", 31, name), ALL) == [OTHER]
    assert units_in(Frame("pkg/io.py", 25, name), ALL) == []


def test_a_frame_of_a_modules_own_lines_is_of_its_head():
    assert units_in(Frame("pkg/io.py", 50, "<module>"), ALL) == [HEAD]
