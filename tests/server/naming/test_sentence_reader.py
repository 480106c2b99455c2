"""What functions near a function say of themselves, read from the files as they are now."""

import numpy as np
import pytest

from codekin_model.embedder import Described
from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.units import find_units
from codekin_server.naming import sentence_reader
from codekin_server.naming.sentence_reader import SentenceReader
from codekin_server.store.records import UnitRecord

CODE = """
class Shelf:
    '''Holds books.'''

    def first(self):
        '''Give the first
        book. Fail without any.'''
        return self.books[0]

    def last(self):
        '''Give the last book.'''
        return self.books[-1]

    def middle(self):
        return self.books[len(self.books) // 2]
"""


def units(code: str = CODE):
    return {unit.name: unit for unit in find_units(parse(text_of(code)))}


def record(name: str, path: str = "a.py") -> UnitRecord:
    unit = units()[name]
    places = (unit.start_line, unit.end_line, unit.span.start, unit.span.end, None, None)
    return UnitRecord(1, path, "a", unit.kind, unit.name, unit.qualified_name, *places, unit.fingerprint, False)


@pytest.fixture
def reader():
    files = {"a.py": CODE, "changed.py": CODE.replace("last", "past")}
    nearest = [record("Shelf"), record("middle"), record("last"), record("first"), record("last", "changed.py")]
    near = [(each, 0.9 - at / 10) for at, each in enumerate(nearest)]
    return SentenceReader(
        lambda unit: np.ones(2, np.float32), lambda vector, limit: near[:limit], lambda path: text_of(files[path])
    )


def test_they_are_the_first_sentences_of_documented_functions(reader):
    assert reader.near(units()["middle"], "a.py") == (
        Described("Give the last book.", 0.9 - 0.2),
        Described("Give the first book.", 0.9 - 0.3),
        Described("Give the last book.", 0.9 - 0.4),
    )


def test_no_function_is_near_itself_not_as_the_index_saw_it_either(reader):
    edited = units(CODE.replace("books[0]", "books[1]"))["first"]
    assert [each.sentence for each in reader.near(edited, "a.py")] == ["Give the last book."] * 2
    assert [each.sentence for each in reader.near(units()["last"], "a.py")] == ["Give the first book."]


def test_there_are_so_many_at_most(reader, monkeypatch):
    monkeypatch.setattr(sentence_reader, "_NEAR", 1)
    assert len(reader.near(units()["middle"], "a.py")) == 1
