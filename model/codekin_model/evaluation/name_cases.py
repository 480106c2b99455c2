"""What the ranking of names is fitted on: functions among the others of their own package.

In: the functions of a split and the exported model. Out: :class:`NameCase` values: what the decoder says, what
stands around, and the true name. Only masked views are named, and no function is its own neighbour.
"""

import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from codekin_model.corpus.files import read_corpus
from codekin_model.corpus.function import CorpusFunction, is_named_well
from codekin_model.corpus.package_list import Split
from codekin_model.embedder import Surroundings
from codekin_model.evaluation.held_out import sample
from codekin_model.evaluation.neighbours import surroundings_in
from codekin_model.evaluation.shipped import ShippedSystem
from codekin_model.extracted import extract
from codekin_model.runtime.name_features import Heard
from codekin_model.runtime.onnx_embedder import OnnxEmbedder

_SAMPLE = 1000
"""Functions of a package, so that a large one does not speak for all."""
_IN_SMALL = 4
"""One function in so many is named as in a small workspace: most held-out packages are large."""
_SMALL = 64
"""Functions of a small workspace."""


@dataclass(frozen=True, slots=True)
class NameCase:
    """One function to name: what the model says of it in its project, and of the function alone.

    ``cosine`` is that of its true name, asked as a question, and itself.
    """

    package: str
    name: str
    heard: Heard
    heard_alone: Heard
    around: Surroundings
    cosine: float


def name_cases(corpus: Path, split: Split, embedder: OnnxEmbedder) -> list[NameCase]:
    """Up to 1,000 functions of each package of ``split``, docstrings of the named ones removed."""
    packages: defaultdict[str, list[CorpusFunction]] = defaultdict(list)
    for its, function in read_corpus(corpus):
        if its is split:
            packages[function.package].append(function)
    return [case for name, functions in packages.items() for case in _cases_of(name, functions, embedder)]


def _cases_of(package: str, functions: Sequence[CorpusFunction], embedder: OnnxEmbedder) -> list[NameCase]:
    sys.stderr.write(f"names in {package}: {len(functions)} functions\n")
    chosen = sample((at for at, function in enumerate(functions) if is_named_well(function)), _SAMPLE)
    system, few = ShippedSystem(embedder), sample(range(len(functions)), _SMALL)
    found: list[NameCase] = []
    for rows, seen in ((chosen[::_IN_SMALL], few), ([at for k, at in enumerate(chosen) if k % _IN_SMALL], None)):
        surroundings = surroundings_in(functions, rows, system, seen)
        found += [_case(functions[at], around, embedder) for at, around in zip(rows, surroundings, strict=True)]
    return found


def _case(function: CorpusFunction, around: Surroundings, embedder: OnnxEmbedder) -> NameCase:
    masked = extract(function.unit, masked=True, docstring=False)
    heard, heard_alone = embedder.hear(masked, around), embedder.hear(masked, Surroundings())
    cosine = embedder.cosine(masked, function.unit.name)
    return NameCase(function.package, function.unit.name, heard, heard_alone, around, cosine)
