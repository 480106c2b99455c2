"""Units that a query names or points at."""

import pytest

from codekin_server.search.pointed import framed_units, named_units
from codekin_server.search.query import parse_query
from codekin_server.store.unit_filter import UnitFilter

READER = "class Reader:\n    def read(self):\n        return self.file.read()\n"
TRACEBACK = """\
Traceback (most recent call last):
  File "/venv/lib/pkg/a.py", line 3, in read
    return self.file.read()
  File "/usr/lib/python3.12/codecs.py", line 322, in decode
    (result, consumed) = self._buffer_decode(data)
UnicodeDecodeError: invalid start byte
"""


def test_a_named_class_is_found_however_long_it_is(workspace):
    crowd = "\n\n".join(f"def reader_{at}(reader):\n    return reader\n" for at in range(150))
    long = "class Reader:\n" + "".join(f"    value_{at} = {at}\n" for at in range(800))
    workspace.add("crowd.py", crowd).add("long.py", long)
    assert workspace.found("Reader")[0] == "Reader"


def test_the_least_nested_of_what_is_named_comes_first_and_no_more_than_asked(workspace):
    workspace.add("pkg/b.py", "def make():\n    class Reader:\n        pass\n").add("pkg/z.py", READER)
    named = named_units(workspace.store, parse_query("Reader"), 5)
    assert [unit.qualified_name for unit in named] == ["Reader", "make.Reader"]
    assert len(named_units(workspace.store, parse_query("Reader"), 1)) == 1
    assert named_units(workspace.store, parse_query("some reader"), 5) == []


@pytest.mark.parametrize("query", ["readerPool", "reader_pool", "READER_POOL", "reader_pool()"])
def test_a_name_in_another_form_is_named_too(workspace, query):
    workspace.add("pkg/b.py", "class ReaderPool:\n    size = 1\n")
    assert [unit.name for unit in named_units(workspace.store, parse_query(query), 5)] == ["ReaderPool"]


def test_only_wanted_units_are_named(workspace):
    workspace.add("a/io.py", READER).add("b/io.py", READER)
    named = named_units(workspace.store, parse_query("Reader"), 5, UnitFilter(folder="b"))
    assert [unit.path for unit in named] == ["b/io.py"]


def test_the_innermost_frame_of_the_workspace_is_first(workspace):
    workspace.add("src/pkg/a.py", READER).add("src/pkg/b.py", READER)
    read = workspace.unit("src/pkg/a.py", "Reader.read")
    assert framed_units(workspace.store, parse_query(TRACEBACK)) == {read.id: 1.0}
    assert framed_units(workspace.store, parse_query("Reader.read")) == {}


@pytest.mark.parametrize("embedded", [True, False])
def test_a_builtins_error_finds_what_was_running(workspace, embedded):
    decode = "def start_byte(error):\n    return error.start if error.is_invalid else error.byte\n"
    workspace.add("pkg/a.py", READER, embedded=embedded).add("pkg/c.py", decode, embedded=embedded)
    assert workspace.found(TRACEBACK)[0] == "Reader.read"


def test_what_is_named_in_full_is_found_among_ever_so_many_namesakes(workspace, monkeypatch):
    monkeypatch.setattr("codekin_server.search.pointed._NAMESAKES", 3)
    for at in range(9):
        workspace.add(f"pkg/m{at}.py", f"class C{at}:\n    def close(self):\n        return {at}\n")
    for query in ("C7.close", "pkg.m7.C7.close", "m7.C7.close()"):
        named = named_units(workspace.store, parse_query(query), 5)
        assert named[0].qualified_name == "C7.close"


def test_a_lambda_that_was_running_leads_to_the_function_around_it(workspace):
    workspace.add("pkg/a.py", READER)
    read = workspace.unit("pkg/a.py", "Reader.read")
    assert framed_units(workspace.store, parse_query(TRACEBACK.replace("in read", "in <lambda>"))) == {read.id: 1.0}
