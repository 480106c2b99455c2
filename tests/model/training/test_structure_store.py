"""Structure read once and kept says what a fresh extraction says."""

import numpy as np
import pytest

pytest.importorskip("datasketch")

from codekin_model.corpus.build import read_corpus
from codekin_model.extracted import extract
from codekin_model.extraction.subtrees import structure_tree
from codekin_model.source.unit_tree import unit_tree
from codekin_model.training import structure_store
from codekin_model.training.structure_store import read_contexts, read_trees
from codekin_model.vocab.subtree_batch import flatten


@pytest.fixture(scope="module")
def functions(corpus):
    return [function for _, function in read_corpus(corpus)][:6]


@pytest.mark.parametrize("masked", [True, False])
def test_contexts_are_those_of_the_extraction(functions, masked):
    read = read_contexts(functions, None, masked=masked)
    for row, function in enumerate(functions):
        expected = extract(function.unit, masked=masked, docstring=False).contexts
        found = [
            (read.terminals[start], read.paths[path], read.terminals[end])
            for start, path, end in read.triples[row]
            if path >= 0
        ]
        assert found == [(each.start.token, each.path, each.end.token) for each in expected]


@pytest.mark.parametrize("masked", [True, False])
def test_trees_are_those_of_the_extraction(functions, masked):
    read = read_trees(functions, None, masked=masked)
    trees = [structure_tree(unit_tree(function.unit), masked=masked) for function in functions]
    expected = flatten(trees, {label: at for at, label in enumerate(read.labels)}.__getitem__)
    for name in ("labels", "parents", "sizes", "structure", "units", "starts"):
        assert np.array_equal(getattr(read.trees, name), getattr(expected, name))


@pytest.mark.parametrize("read", [read_contexts, read_trees])
def test_what_was_read_before_is_not_extracted_again(read, functions, tmp_path, monkeypatch):
    first = read(functions, tmp_path, masked=True)
    monkeypatch.setattr(structure_store, "unit_tree", None)
    again = read(functions, tmp_path, masked=True)
    for name in first.__slots__:
        one, two = getattr(first, name), getattr(again, name)
        if name == "trees":
            one, two = one.labels, two.labels
        assert np.array_equal(one, two)


@pytest.mark.parametrize("read", [read_contexts, read_trees])
def test_other_functions_and_the_other_view_are_kept_apart(read, functions, tmp_path):
    read(functions, tmp_path, masked=True)
    read(functions, tmp_path, masked=False)
    read(functions[:2], tmp_path, masked=True)
    assert len(list(tmp_path.glob("*.npz"))) == 3


@pytest.mark.parametrize("read", [read_contexts, read_trees])
def test_no_functions_have_no_structure(read, tmp_path):
    read([], tmp_path, masked=True)
    again = read([], tmp_path, masked=True)
    assert len(getattr(again, "trees", None) or getattr(again, "triples", ())) == 0
