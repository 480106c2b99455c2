"""The shipped model as a system: vectors, names alone and with neighbours."""

from dataclasses import replace

import numpy as np
import pytest

from codekin_model.checkpoint.manifest import default_model_dir
from codekin_model.embedder import NameSuggestion, Neighbour, Surroundings
from codekin_model.evaluation.shipped import ShippedNamingSystem, load_shipped, load_shipped_student
from codekin_model.evaluation.system import NeighbourNamingSystem, SearchSystem
from codekin_model.extraction.traits import traits_of
from codekin_model.source.unit_tree import unit_tree


class FakeEmbedder:
    """Remembers what it was given; offers the neighbours' names."""

    def __init__(self):
        self.units, self.around = [], []

    def embed_units(self, units):
        self.units += units
        return np.ones((len(units), 1), np.float32)

    def embed_queries(self, queries):
        return np.ones((len(queries), 1), np.float32)

    def suggest_names(self, unit, around, limit):
        self.units.append(unit)
        self.around.append(around)
        names = [*(each.name for each in around.neighbours), "run"]
        return tuple(NameSuggestion(name, 0.5, "vocabulary") for name in names[:limit])


@pytest.fixture
def embedder():
    return FakeEmbedder()


def test_names_alone_see_no_neighbours_and_neither_name_nor_docstring(embedder, functions):
    named = ShippedNamingSystem(embedder).names(functions[:1], 5)
    assert named == [[("run", 0.5)]]
    assert embedder.units[0].masked
    assert "read_file" not in embedder.units[0].passage
    assert "Give the text" not in embedder.units[0].passage


def test_names_alone_know_the_functions_own_traits_and_nothing_of_what_stands_around(embedder, functions):
    ShippedNamingSystem(embedder).names(functions[:1], 5)
    (around,) = embedder.around
    assert around.traits is not None
    assert around == Surroundings(traits=traits_of(unit_tree(functions[0].unit)))


def test_each_function_is_named_with_its_own_neighbours(embedder, functions):
    around = [Surroundings((Neighbour(name, 0.9),)) for name in "ab"]
    named = ShippedNamingSystem(embedder).names_in(functions[:2], around, 1)
    assert named == [[("a", 0.5)], [("b", 0.5)]]


def test_code_is_read_without_docstrings(embedder, functions):
    ShippedNamingSystem(embedder).code(functions, masked=False)
    assert "read_file" in embedder.units[0].passage
    assert "Give the text" not in embedder.units[0].passage


def test_the_model_of_this_installation_is_found_by_and_names(functions):
    shipped = load_shipped(default_model_dir(), threads=1)
    assert isinstance(shipped, SearchSystem)
    assert isinstance(shipped, NeighbourNamingSystem)
    assert shipped.scores(["multiply width and height"], functions, masked=True)[0].argmax() == 2
    assert [len(each) for each in shipped.names(functions[:1], 3)] == [3]


def test_the_student_of_this_installation_is_found_by_and_reads_no_docstring(functions):
    student = load_shipped_student(default_model_dir(), threads=1)
    assert student.scores(["multiply width and height"], functions, masked=True)[0].argmax() == 2
    visible, masked = (student.code(functions, masked=masked) for masked in (False, True))
    assert np.abs(visible - masked).max() > 0.01
    unit = functions[0].unit
    source = unit.source.replace(f'    """{unit.docstring}"""\n', "")
    assert source != unit.source
    undocumented = replace(functions[0], unit=replace(unit, source=source, docstring=None))
    assert student.code([undocumented], masked=False) == pytest.approx(visible[:1], abs=1e-6)
