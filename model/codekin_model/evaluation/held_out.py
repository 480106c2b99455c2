"""The functions that systems are measured on.

In: a corpus folder. Out: the functions of a held-out split, and others that an evaluation asks for by name, in one
pass. Must not know of systems.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from codekin_model.corpus.files import read_corpus
from codekin_model.corpus.function import CorpusFunction
from codekin_model.corpus.package_list import Split
from codekin_model.evaluation.system import EvaluationError

_SEED = 17


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """Where a function stands: its package, the file inside the package's wheel, the dotted name inside the file."""

    package: str
    path: str
    qualified_name: str


@dataclass(frozen=True, slots=True)
class HeldOut:
    """``functions`` of the split in the corpus' order; ``named`` are those asked for by name, wherever they are."""

    functions: tuple[CorpusFunction, ...]
    named: dict[Address, CorpusFunction]


def address_of(function: CorpusFunction) -> Address:
    """Where ``function`` stands."""
    return Address(function.package, function.path, function.unit.qualified_name)


def read_held_out(corpus: Path, split: Split, named: Collection[Address] = ()) -> HeldOut:
    """Read the functions of ``split`` and those of ``named`` that the corpus holds, of whatever split.

    Raises:
        CorpusError: ``corpus`` is none.
        EvaluationError: it holds no function of ``split``.
    """
    functions: list[CorpusFunction] = []
    found: dict[Address, CorpusFunction] = {}
    for its, function in read_corpus(corpus):
        if its is split:
            functions.append(function)
        elif not named:
            continue
        address = address_of(function)
        if address in named:
            found.setdefault(address, function)
    if not functions:
        raise EvaluationError(f"{corpus} holds no {split} functions: build it from a list that holds packages out")
    return HeldOut(tuple(functions), found)


def sample(rows: Iterable[int], limit: int | None) -> list[int]:
    """At most ``limit`` of ``rows``, chosen with a fixed seed, in their order."""
    every = list(rows)
    if limit is None or len(every) <= limit:
        return every
    chosen: list[int] = np.random.default_rng(_SEED).permutation(len(every))[:limit].tolist()
    return [every[at] for at in sorted(chosen)]


def picked(functions: Sequence[CorpusFunction], rows: Sequence[int]) -> list[CorpusFunction]:
    """The functions at ``rows``."""
    return [functions[row] for row in rows]
