"""Naming as it happens inside a project: each function among the others of its own package.

In: the held-out functions of a corpus and the shipped embedder. Out: :class:`NameCase` values: what the head says,
which neighbours stand near, and the true name. Only masked views are named, and no function is its own neighbour.
"""

import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from codekin_model.corpus.build import read_corpus
from codekin_model.corpus.function import CorpusFunction, is_named_well
from codekin_model.corpus.package_list import Split
from codekin_model.embedder import Neighbour, Vectors
from codekin_model.extracted import extract
from codekin_model.runtime.onnx_embedder import OnnxEmbedder

NEIGHBOURS = 20
"""Nearest functions of the package that lend their names."""
_SAMPLE = 500
"""Functions of a package, so that a large one does not speak for all."""
_SEED = 17
_BATCH = 256
_FARTHEST = -1.0
"""The least cosine there is."""


@dataclass(frozen=True, slots=True)
class NameCase:
    """One function to name."""

    package: str
    name: str
    head: tuple[tuple[str, float], ...]
    neighbours: tuple[Neighbour, ...]


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
    chosen: list[int] = sorted(np.random.default_rng(_SEED).permutation(counted)[:_SAMPLE].tolist())
    cases: list[NameCase] = []
    for at in chosen:
        function = functions[at]
        masked = extract(function.unit, masked=True, docstring=False)
        similarities = index @ embedder.embed_units([masked])[0]
        similarities[at] = _FARTHEST
        order: list[int] = np.argsort(-similarities).tolist()
        near = [each for each in order if each != at][:NEIGHBOURS]
        neighbours = tuple(Neighbour(functions[each].unit.name, float(similarities[each])) for each in near)
        cases.append(NameCase(package, function.unit.name, embedder.head_names(masked), neighbours))
    return cases


def _embed(functions: Sequence[CorpusFunction], embedder: OnnxEmbedder) -> Vectors:
    """The vectors that an index of these functions would hold: names and docstrings visible."""
    parts = [
        embedder.embed_units([extract(function.unit) for function in functions[at : at + _BATCH]])
        for at in range(0, len(functions), _BATCH)
    ]
    return np.concatenate(parts)
