"""What the exported fusion says of a unit: a vector that depends on that unit alone, and weights of its contexts."""

from dataclasses import replace

import numpy as np
import pytest

from codekin_model.extracted import extract
from codekin_model.runtime.structure import OnnxStructure
from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.unit import UnitKind
from codekin_model.source.units import find_units

SOURCE = """
class Table:
    limit = 10
    unit = "row"

    def read(self, path):
        with open(path) as file:
            return [self.parse(line, path) for line in file]

    def sort(self, key):
        self.rows.sort(key=key)

def nothing(): pass
"""


@pytest.fixture(scope="module")
def units():
    """Two methods, a class, a function with hardly a context."""
    found = {unit.name: unit for unit in find_units(parse(text_of(SOURCE))) if unit.kind is not UnitKind.MODULE}
    return [extract(found[name]) for name in ("read", "sort", "Table", "nothing")]


@pytest.fixture(scope="module")
def language(units, tiny_fusion):
    vectors = np.random.default_rng(0).normal(size=(len(units), tiny_fusion.width)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture(scope="module")
def structure(tiny_fusion):
    return OnnxStructure(tiny_fusion.folder / "fusion.onnx", tiny_fusion.vocabulary, threads=1)


def test_vectors_of_functions_are_moved_and_have_length_one(structure, language, units):
    fused = structure.fuse(language, units)
    assert np.linalg.norm(fused, axis=1) == pytest.approx(1, abs=1e-5)
    assert (np.sum(fused[:2] * language[:2], axis=1) < 0.999).all()


def test_a_vector_does_not_depend_on_what_stands_beside_its_unit(structure, language, units):
    together = structure.fuse(language, units)
    for at, unit in enumerate(units):
        assert np.array_equal(structure.fuse(language[at : at + 1], [unit])[0], together[at])
    assert np.array_equal(structure.fuse(language[::-1], units[::-1])[::-1], together)


def test_the_language_models_vectors_are_left_as_they_are(structure, language, units):
    before = language.copy()
    structure.fuse(language, units)
    assert np.array_equal(language, before)


def test_what_is_no_function_keeps_the_language_models_vector(structure, language, units):
    assert units[2].contexts
    assert np.array_equal(structure.fuse(language, units)[2], language[2])


def test_a_function_without_contexts_keeps_it_too(structure, language, units):
    bare = replace(units[0], contexts=())
    assert np.array_equal(structure.fuse(language[:1], [bare]), language[:1])


def test_every_context_of_a_function_has_its_weight(structure, language, units):
    for at in (0, 1):
        explanation = structure.explain(language[at], units[at])
        assert len(explanation.weights) == len(units[at].contexts)
        assert sum(explanation.weights) == pytest.approx(1, abs=1e-5)
        assert min(explanation.weights) >= 0


def test_the_share_of_structure_is_what_the_language_model_does_not_account_for(structure, language, units):
    (fused,) = structure.fuse(language[:1], units[:1])
    rest = fused - (fused @ language[0]) * language[0]
    assert structure.explain(language[0], units[0]).structure_share == pytest.approx(rest @ rest, abs=1e-5)


def test_without_contexts_there_is_nothing_to_explain(structure, language, units):
    explanation = structure.explain(language[0], replace(units[0], contexts=()))
    assert (explanation.weights, explanation.structure_share) == ((), 0.0)


def test_a_representation_is_as_wide_as_the_naming_head_wants_it(structure, language, units, tiny_fusion):
    fused = structure.represent(language[0], units[0])
    assert fused.vector.shape == (1, tiny_fusion.width)
    assert fused.joint.shape == (1, tiny_fusion.joint)
