"""A function is named among the others of its package, without saying its own name."""

import json
from dataclasses import asdict

import numpy as np
import pytest

pytest.importorskip("datasketch")

from codekin_model.corpus.function import CorpusFunction
from codekin_model.corpus.package_list import Split
from codekin_model.evaluation import name_cases as module
from codekin_model.evaluation.name_cases import name_cases
from codekin_model.runtime.name_features import Heard
from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.units import find_units

SOURCE = '''
def read_file(path):
    """Read it."""
    return path.read()

def read_line(file):
    return (
        file.readline())

def area(width, height):
    size = width * height
    return size

def __len__(self):
    size = self.size
    return size
'''


class WordEmbedder:
    """Counts letters, remembers what it was asked, and always says the same names."""

    def __init__(self) -> None:
        self.named = []

    def embed_units(self, units):
        counts = [[unit.passage.count(chr(letter)) for letter in range(97, 123)] for unit in units]
        vectors = np.array(counts, np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def hear(self, unit, around):
        self.named.append(unit)
        return Heard(own=(("run", 0.5),), given=tuple((each.name, 0.25) for each in around.neighbours))

    def cosine(self, unit, name):
        return len(name) / 16 if unit.masked else 0.0


@pytest.fixture
def corpus(tmp_path):
    units = [unit for unit in find_units(parse(text_of(SOURCE))) if unit.kind.is_function]
    lines = [
        json.dumps({**asdict(CorpusFunction(package, "a.py", unit)), "split": split})
        for package, split in (("a", "test"), ("b", "test"), ("c", "train"))
        for unit in units
    ]
    (tmp_path / "functions.jsonl").write_text("\n".join(lines) + "\n")
    return tmp_path


@pytest.fixture
def embedder():
    return WordEmbedder()


def test_functions_that_count_are_named_package_by_package(corpus, embedder):
    cases = name_cases(corpus, Split.TEST, embedder)
    named = ["read_file", "read_line", "area"]
    assert [(case.package, case.name) for case in cases] == [(package, name) for package in "ab" for name in named]
    assert {case.heard.own for case in cases} == {(("run", 0.5),)}


def test_the_decoder_is_asked_about_the_names_of_the_neighbours(corpus, embedder):
    for case in name_cases(corpus, Split.TEST, embedder):
        assert case.heard.given == tuple((neighbour.name, 0.25) for neighbour in case.around.neighbours)


def test_no_function_is_its_own_neighbour_and_none_is_of_another_package_or_a_dunder(corpus, embedder):
    for case in name_cases(corpus, Split.TEST, embedder):
        names = [neighbour.name for neighbour in case.around.neighbours]
        assert case.name not in names
        assert len(names) == 2
        assert set(names) <= {"read_file", "read_line", "area"}


def test_one_function_in_four_is_named_as_in_a_small_workspace(corpus, embedder, monkeypatch):
    monkeypatch.setattr(module, "_SMALL", 2)
    cases = [case for case in name_cases(corpus, Split.TEST, embedder) if case.package == "a"]
    assert [case.name for case in cases] == ["read_file", "read_line", "area"]
    assert len(cases[0].around.neighbours) < 2
    assert [len(case.around.neighbours) for case in cases[1:]] == [2, 2]
    assert cases[0].around.siblings == {"read_line", "area", "__len__"}


def test_the_function_alone_is_heard_as_well(corpus, embedder):
    for case in name_cases(corpus, Split.TEST, embedder):
        assert case.heard_alone == Heard(own=(("run", 0.5),))


def test_how_near_the_true_name_is_is_kept(corpus, embedder):
    cosines = [case.cosine for case in name_cases(corpus, Split.TEST, embedder) if case.package == "a"]
    assert cosines == [9 / 16, 9 / 16, 4 / 16]


def test_the_traits_of_the_function_and_the_names_beside_it_are_kept(corpus, embedder):
    first, *_ = name_cases(corpus, Split.TEST, embedder)
    assert first.around.traits.parameters == ("path",)
    assert first.around.siblings == {"read_line", "area", "__len__"}


def test_neighbours_come_nearest_first(corpus, embedder):
    for case in name_cases(corpus, Split.TEST, embedder):
        similarities = [neighbour.similarity for neighbour in case.around.neighbours]
        assert similarities == sorted(similarities, reverse=True)


def test_the_decoder_sees_neither_name_nor_docstring(corpus, embedder):
    name_cases(corpus, Split.TEST, embedder)
    assert all(unit.masked for unit in embedder.named)
    assert not any("read_file" in unit.passage or "Read it" in unit.passage for unit in embedder.named)


def test_a_large_package_gives_a_sample(corpus, embedder, monkeypatch):
    monkeypatch.setattr(module, "_SAMPLE", 1)
    assert len(name_cases(corpus, Split.TEST, embedder)) == 2
