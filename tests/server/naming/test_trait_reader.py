"""Traits of units of the workspace, read from the files as they are now."""

import pytest

from codekin_model.extraction.traits import traits_of
from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.unit import CodeUnit
from codekin_model.source.unit_tree import unit_tree
from codekin_model.source.units import find_units
from codekin_server.naming import indexed_unit
from codekin_server.naming.trait_reader import TraitReader
from codekin_server.store.records import UnitRecord

CODE = """
import os

def read_text(path, mode="r"):
    return open(path, mode).read()


class Größe:
    @functools.cache
    def area(
        self, width: int
    ):
        if width:
            return super().area(width)

    def around(self):
        def inside(stream):
            stream.close()
        return inside
"""


class Files:
    """Texts by path; keeps which were asked for."""

    def __init__(self) -> None:
        self.texts = {"a.py": CODE}
        self.asked: list[str] = []

    def __call__(self, path):
        self.asked.append(path)
        return text_of(self.texts[path]) if path in self.texts else None


@pytest.fixture
def files():
    return Files()


@pytest.fixture
def reader(files):
    return TraitReader(files)


def unit_of(name: str) -> CodeUnit:
    return next(unit for unit in find_units(parse(text_of(CODE))) if unit.name == name)


def record(name: str, path: str = "a.py") -> UnitRecord:
    unit = unit_of(name)
    return UnitRecord(
        id=1,
        path=path,
        module="a",
        kind=unit.kind,
        name=unit.name,
        qualified_name=unit.qualified_name,
        start_line=unit.start_line,
        end_line=unit.end_line,
        start_byte=unit.span.start,
        end_byte=unit.span.end,
        name_start=unit.name_span.start,
        name_end=unit.name_span.end,
        fingerprint=unit.fingerprint,
        is_test=False,
    )


def traits(reader, of: UnitRecord):
    (found,) = reader([of])
    return found


@pytest.mark.parametrize("name", ["read_text", "area", "around", "inside"])
def test_a_function_in_its_place_has_the_traits_of_its_unit(reader, name):
    assert traits(reader, record(name)) == traits_of(unit_tree(unit_of(name)))


def test_a_method_is_read_without_its_indentation_and_with_its_decorator(reader):
    found = traits(reader, record("area"))
    assert (found.parameters, found.decorators, found.scope) == (("width",), {"cache"}, {"größe"})
    assert (found.returns, found.says_own_name, found.lines) == (True, True, 6)


@pytest.mark.parametrize(
    "text",
    [
        "# moved down\n" + CODE,
        CODE.replace("width", "breite"),
        CODE.replace("    def area", "    def size"),
        CODE[:60],
        "",
        "(",
    ],
)
def test_where_the_file_has_changed_since_there_are_none(reader, files, text):
    files.texts["a.py"] = text
    assert traits(reader, record("area")) is None


def test_a_file_that_cannot_be_read_has_none(reader):
    assert traits(reader, record("area", "gone.py")) is None


def test_the_rest_of_a_file_may_change(reader, files):
    files.texts["a.py"] = CODE.replace("stream.close()", "stream.flush()")
    assert traits(reader, record("area")) is not None


def test_the_same_content_is_read_once_wherever_it_stands(reader, files):
    files.texts["copy.py"] = CODE
    first = traits(reader, record("area"))
    assert traits(reader, record("area", "copy.py")) == first
    assert files.asked == ["a.py"]


def test_a_file_is_read_once_for_all_its_functions(reader, files):
    assert all(reader([record("read_text"), record("area"), record("around")]))
    assert files.asked == ["a.py"]


def test_what_had_changed_is_read_again(reader, files):
    files.texts["a.py"] = ""
    assert traits(reader, record("area")) is None
    files.texts["a.py"] = CODE
    assert traits(reader, record("area")) is not None


def test_no_more_is_kept_than_there_is_room_for(reader, files, monkeypatch):
    monkeypatch.setattr(indexed_unit, "_KEPT", 2)
    for name in ("read_text", "area", "around", "read_text", "around"):
        assert traits(reader, record(name)) is not None
    assert files.asked == ["a.py"] * 4
