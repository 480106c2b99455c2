"""The flow of the model, as every runtime offers it: units -> vectors, queries -> vectors, names, explanations.

In: extracted units and plain words. Out: plain data and numpy arrays. :mod:`codekin_model.runtime` implements this
on ONNX Runtime, :mod:`codekin_model.torch_runtime` on torch. Must not import either.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from codekin_model.extracted import ExtractedUnit
from codekin_model.extraction.company import Companion
from codekin_model.extraction.traits import Resemblance, Traits, traits_of
from codekin_model.source.unit import CodeUnit
from codekin_model.source.unit_tree import unit_tree

Vectors = NDArray[np.float32]
"""Shape (units, width), float32, every row of length 1."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A named function near the one to be named. ``similarity`` is the cosine of their vectors.

    ``resemblance`` is None where the neighbour's code could not be looked at.
    """

    name: str
    similarity: float
    resemblance: Resemblance | None = None


@dataclass(frozen=True, slots=True)
class Described:
    """What a function near another says of itself: a docstring's first sentence. ``similarity`` is their cosine."""

    sentence: str
    similarity: float


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known of a function to be named beside its own code.

    ``traits`` are its own, ``siblings`` the names of the other functions of its scope, ``company`` those that stand
    beside such names in other scopes, best first. Without neighbours a function is named by itself: by its code and
    these traits.
    """

    neighbours: tuple[Neighbour, ...] = ()
    siblings: frozenset[str] = frozenset()
    traits: Traits | None = None
    company: tuple[Companion, ...] = ()

    @classmethod
    def alone(cls, unit: CodeUnit) -> "Surroundings":
        """A function with nothing around it."""
        return cls(traits=traits_of(unit_tree(unit)))


@dataclass(frozen=True, slots=True)
class NameSuggestion:
    """A name, the probability that it is what the author would have written, and where it came from.

    ``source`` is ``decoder`` (written word by word from the body), ``neighbours`` (functions like it in the workspace,
    or functions of scopes like its own, are called so), or ``decoder+neighbours``: both, or written with a look at
    their names.
    """

    name: str
    probability: float
    source: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """How much each path context of a unit carried its vector, or of a masked one its name.

    ``weights`` sum to 1, in the contexts' order.
    """

    weights: tuple[float, ...]
    structure_share: float
    """Share (0 to 1) of the fused vector's squared length, before any blend, that the language model's own vector does
    not account for."""


class Embedder(Protocol):
    """A loaded model. Not thread-safe."""

    @property
    def fingerprint(self) -> str:
        """Names the model's files; vectors of different fingerprints are never compared."""
        ...

    @property
    def width(self) -> int:
        """Length of a vector."""
        ...

    def embed_units(self, units: Sequence[ExtractedUnit]) -> Vectors:
        """One unit vector for each of ``units``, in their order."""
        ...

    def embed_queries(self, queries: Sequence[str]) -> Vectors:
        """One unit vector for each text, in the space of the units'."""
        ...

    def suggest_names(self, unit: ExtractedUnit, around: Surroundings, limit: int) -> tuple[NameSuggestion, ...]:
        """At most ``limit`` names for a masked unit, best first.

        Raises:
            ValueError: ``unit`` was not extracted with its name masked.
        """
        ...

    def nearness(self, unit: ExtractedUnit, name: str) -> float:
        """How near ``name`` is to a masked ``unit``: the share of authors' names that are farther from their functions.

        1 where the model does not know how near such names are.
        """
        ...

    def summarise(self, unit: ExtractedUnit, near: Sequence[Described] = ()) -> str | None:
        """One line that says what ``unit`` does, read without its docstring; None where the model has no decoder.

        It is worded as those of functions ``near`` it are.
        """
        ...

    def explain(self, unit: ExtractedUnit, name: str | None = None) -> Explanation:
        """What carried the vector of ``unit``; of a masked one what makes ``name`` likely.

        Without a ``name`` the decoder's most probable one is meant. A name that the decoder cannot say is that of kin:
        what is explained then is the vector, by which kin are found.
        """
        ...
