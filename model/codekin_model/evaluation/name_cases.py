"""Naming as it happens inside a project: each function among the others of its own package.

In: the held-out functions of a corpus and the shipped embedder. Out: :class:`NameCase` values: what the head says, which
neighbours stand near, and the true name. Only masked views are named, and no function is its own neighbour.
"""

import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from codekin_model.corpus.build import read_corpus
from codekin_model.corpus.function import CorpusFunction
from codekin_model.corpus.package_list import Split
from codekin_model.embedder import Neighbour, Vectors
from codekin_model.extracted import extract
from codekin_model.runtime.onnx_embedder import OnnxEmbedder

NEIGHBOURS = 20
_SAMPLE = 500


@dataclass(frozen=True, slots=True)
class NameCase:
    """One function to name."""

    package: str
    name: str
    head: tuple[tuple[str, float], ...]
    neighbours: tuple[Neighbour, ...]


def is_named_well(function: CorpusFunction) -> bool:
    """Whether a function counts for names: three lines or more, no dunder, not a mere underscore."""
    name = function.unit.name
    return function.lines >= 3 and not (name.startswith("__") and name.endswith("__")) and bool(name.strip("_"))


def name_cases(corpus: Path, split: Split, embedder: OnnxEmbedder) -> list[NameCase]:
    """Up to 500 functions of each package of ``split``, docstrings of the named ones removed."""
    packages: defaultdict[str, list[CorpusFunction]] = defaultdict(list)
    for its, function in read_corpus(corpus):
        if its is split:
            packages[function.package].append(function)
    return [case for name, functions in packages.items() for case in _cases_of(name, functions, embedder)]


def _cases_of(package: str, functions: Sequence[CorpusFunction], embedder: OnnxEmbedder) -> list[NameCase]:
    sys.stderr.write(f"names in {package}: {len(functions)} functions\n")
    index = _embed(functions, embedder)
    counted = [at for at, function in enumerate(functions) if is_named_well(function)]
    chosen = sorted(np.random.default_rng(17).permutation(counted)[:_SAMPLE].tolist())
    cases: list[NameCase] = []
    for at in chosen:
        function = functions[at]
        masked = extract(function.unit, masked=True, docstring=False)
        similarities = index @ embedder.embed_units([masked])[0]
        similarities[at] = -1.0
        near = np.argsort(-similarities)[:NEIGHBOURS]
        neighbours = tuple(Neighbour(functions[each].unit.name, float(similarities[each])) for each in near)
        cases.append(NameCase(package, function.unit.name, embedder.head_names(masked), neighbours))
    return cases


def _embed(functions: Sequence[CorpusFunction], embedder: OnnxEmbedder) -> Vectors:
    """The vectors that an index of these functions would hold: names and docstrings visible."""
    parts = [
        embedder.embed_units([extract(function.unit) for function in functions[at : at + 256]])
        for at in range(0, len(functions), 256)
    ]
    return np.concatenate(parts)
