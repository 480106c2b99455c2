"""Functions and systems small enough to reckon with by hand."""

import json
from dataclasses import asdict
from hashlib import sha256

import numpy as np
import pytest

from codekin_model.corpus.function import CorpusFunction
from codekin_model.evaluation.system import VectorSystem
from codekin_model.extraction.passage import passage
from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.units import find_units

SOURCE = '''
def read_file(path):
    """Give the text of a file."""
    with open(path) as stream:
        return stream.read()

def read_line(file):
    """Take the next line of a stream."""
    line = file.readline()
    return line.strip()

def area(width, height):
    size = width * height
    if size < 0:
        return 0
    else:
        return size

def __len__(self):
    size = self.size
    return size
'''


def functions_in(source, package="a", path="a.py"):
    units = find_units(parse(text_of(source)))
    return [CorpusFunction(package, path, unit) for unit in units if unit.kind.is_function]


class LetterSystem(VectorSystem):
    """Counts letters; remembers the passages that it read."""

    def __init__(self):
        self.read = []
        self.calls = 0

    def code(self, functions, *, masked):
        self.calls += 1
        passages = [passage(function.unit, masked=masked, docstring=False) for function in functions]
        self.read += passages
        return self.queries(passages)

    def queries(self, texts):
        counts = [[text.lower().count(chr(letter)) for letter in range(97, 123)] for text in texts]
        vectors = np.array(counts, np.float32) + 0.01
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


class WordNamer:
    """Says the same two names of everything; with neighbours, the nearest one's name first."""

    def names(self, functions, limit):
        return [[("read_file", 0.75), ("area", 0.25)][:limit] for _ in functions]

    def names_in(self, functions, surroundings, limit):
        return [[(around.neighbours[0].name, 0.5), ("area", 0.25)][:limit] for around in surroundings]


class FirstWordsSystem:
    """Sums a function up as its own name."""

    def summaries(self, functions):
        return [" ".join(function.unit.name.split("_")) for function in functions]


@pytest.fixture
def functions():
    return functions_in(SOURCE)


@pytest.fixture
def parsed():
    """What makes functions of other sources and packages."""
    return functions_in


@pytest.fixture
def namer():
    return WordNamer()


@pytest.fixture
def summariser():
    return FirstWordsSystem()


@pytest.fixture
def letters():
    return LetterSystem()


@pytest.fixture
def corpus(tmp_path):
    """Packages ``a`` and ``b`` held out, ``c`` trained on, all of the same text."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    lines = [
        json.dumps({**asdict(function), "split": split})
        for package, split in (("a", "test"), ("b", "test"), ("c", "train"))
        for function in functions_in(SOURCE, package)
    ]
    (folder / "functions.jsonl").write_text("\n".join(lines) + "\n")
    (folder / "manifest.json").write_text(json.dumps({"sha256": sha256("".join(lines).encode()).hexdigest()}))
    return folder
