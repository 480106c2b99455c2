"""A function of the index is found again in its file."""

import pytest

from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.units import find_units
from codekin_server.naming.indexed_unit import indexed_unit
from codekin_server.store.records import UnitRecord

CODE = "class Größe:\n    @cache\n    def area(self, width):\n        return width\n"


@pytest.fixture
def record():
    unit = find_units(parse(text_of(CODE)))[-1]
    places = (unit.start_line, unit.end_line, unit.span.start, unit.span.end, None, None)
    return UnitRecord(1, "a.py", "a", unit.kind, unit.name, unit.qualified_name, *places, unit.fingerprint, False)


def test_it_is_the_unit_that_was_indexed(record):
    found = indexed_unit(text_of(CODE), record)
    assert found is not None
    assert (found.fingerprint, found.qualified_name) == (record.fingerprint, "Größe.area")
    assert found.source.startswith("@cache\ndef area")


@pytest.mark.parametrize("text", ["# moved\n" + CODE, CODE.replace("width", "breite"), CODE[:30], ""])
def test_where_the_file_has_changed_it_is_not_found(record, text):
    assert indexed_unit(text_of(text), record) is None
