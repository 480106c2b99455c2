"""Which vectors near-duplicates are told by."""

import numpy as np
import pytest

from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.units import find_units
from codekin_server.copies import CopyFinder
from codekin_server.present_file import PresentFile
from codekin_server.store.records import FileRecord, Tier
from codekin_server.store.store import Store
from codekin_server.store.vector_index import NearestNeighbours

CODE = """def {name}(lines):
    {words} = []
    for line in lines:
        {words}.extend(line.split())
    return {words}
"""
ALIKE = np.array([1, 0], dtype=np.float32)


def put(store, name, code):
    store.replace_file(FileRecord(f"{name}.py", 1, 1, name, "utf-8"), find_units(parse(text_of(code))))


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "index.sqlite", "model") as opened:
        put(opened, "collect", CODE.format(name="collect", words="words"))
        put(opened, "gather", CODE.format(name="gather", words="found"))
        yield opened


@pytest.fixture
def found(store):
    """The number of clusters in the store, and of the copies of one function."""

    def found():
        finder = CopyFinder(store, NearestNeighbours(store))
        tree = parse(text_of(CODE.format(name="collect", words="words")))
        file = PresentFile("collect.py", tree, find_units(tree), None)
        return len(finder.clusters("", 0.9)[0]), [each.count for each in finder.copies_in(file, 0.9)]

    return found


def put_vectors(store, tier, names):
    units = [unit for unit in store.units_named(names) if unit.name in names]
    store.put_vectors([(unit.fingerprint, ALIKE) for unit in units], tier)


def test_the_students_vectors_make_no_near_duplicates(store, found):
    put_vectors(store, Tier.STUDENT, ("collect", "gather"))
    assert found() == (0, [])


def test_a_teachers_vector_is_not_compared_with_a_students(store, found):
    put_vectors(store, Tier.TEACHER, ("collect",))
    put_vectors(store, Tier.STUDENT, ("gather",))
    assert found() == (0, [])


def test_the_teachers_vectors_do(store, found):
    put_vectors(store, Tier.TEACHER, ("collect", "gather"))
    assert found() == (1, [1])


def test_what_was_copied_and_given_another_name_is_a_copy_whatever_its_vector(store, found):
    documented = CODE.format(name="pick_words", words="words").replace(":\n", ':\n    """Pick them."""\n', 1)
    put(store, "pick_words", documented)
    put_vectors(store, Tier.TEACHER, ("collect",))
    units = [unit for unit in store.units_named(["pick_words"]) if unit.name == "pick_words"]
    store.put_vectors([(unit.fingerprint, np.array([0.6, 0.8], dtype=np.float32)) for unit in units], Tier.STUDENT)
    assert found() == (1, [1])
