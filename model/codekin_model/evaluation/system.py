"""What evaluators measure: systems that search, name or summarise functions, and the base of those built on vectors.

In: functions of a corpus and texts. Out: scores, names, sentences. A system removes docstrings itself, and hides a
function's own name where it is asked to; evaluators never see what it reads. Must not know of any model.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from codekin_model.corpus.function import CorpusFunction
from codekin_model.embedder import Described, Surroundings, Vectors

Scores = NDArray[np.float32]
"""(asked, functions): the higher, the better a function answers."""

_CHUNK = 1024
"""Functions encoded at a time."""


class EvaluationError(ValueError):
    """What was given cannot be evaluated, or evaluated on; the message is one line that says why and what to do."""


@runtime_checkable
class SearchSystem(Protocol):
    """Finds functions by what they do, in words.

    Evaluators call it several times in a row with the same ``functions`` object and other queries: it should keep what
    the functions cost to encode.
    """

    def scores(self, queries: Sequence[str], functions: Sequence[CorpusFunction], *, masked: bool) -> Scores:
        """Shape (queries, functions), float32. With ``masked`` every function's own name is hidden."""
        ...


@runtime_checkable
class SimilaritySystem(Protocol):
    """Finds functions like a function."""

    def similarities(
        self, asked: Sequence[CorpusFunction], functions: Sequence[CorpusFunction], *, masked: bool
    ) -> Scores:
        """Shape (asked, functions), float32. With ``masked`` the own names of both sides are hidden."""
        ...


@runtime_checkable
class NamingSystem(Protocol):
    """Names functions. It sees neither their names nor their docstrings."""

    def names(self, functions: Sequence[CorpusFunction], limit: int) -> list[list[tuple[str, float]]]:
        """For each function at most ``limit`` names with their probabilities, most probable first."""
        ...


@runtime_checkable
class NeighbourNamingSystem(NamingSystem, Protocol):
    """Names functions with a look at what stands around them, and what that is called."""

    def names_in(
        self, functions: Sequence[CorpusFunction], surroundings: Sequence[Surroundings], limit: int
    ) -> list[list[tuple[str, float]]]:
        """As :meth:`names`; ``surroundings[i]`` are those of ``functions[i]`` in its project."""
        ...


@runtime_checkable
class SummarySystem(Protocol):
    """Writes one line that says what a function does. It does not see the docstring."""

    def summaries(self, functions: Sequence[CorpusFunction]) -> list[str]:
        """A sentence for each function."""
        ...


@runtime_checkable
class NeighbourSummarySystem(SummarySystem, Protocol):
    """Writes such lines with a look at what is said of functions near each."""

    def summaries_in(self, functions: Sequence[CorpusFunction], near: Sequence[tuple[Described, ...]]) -> list[str]:
        """As :meth:`summaries`; ``near[i]`` are sentences about functions near ``functions[i]`` in its project."""
        ...


@dataclass(frozen=True, slots=True)
class _Kept:
    """The vectors of the last functions that were searched."""

    functions: Sequence[CorpusFunction]
    masked: bool
    vectors: Vectors

    def is_of(self, functions: Sequence[CorpusFunction], *, masked: bool) -> bool:
        return self.functions is functions and len(self.vectors) == len(functions) and self.masked is masked


class VectorSystem(ABC):
    """A system whose scores are the inner products of unit vectors. Not thread-safe.

    It keeps the vectors of the last list of functions it was given (by identity: do not change a list between calls).
    """

    _kept: _Kept | None = None

    @abstractmethod
    def code(self, functions: Sequence[CorpusFunction], *, masked: bool) -> Vectors:
        """One vector of length 1 for each function, docstrings removed, own names hidden where ``masked``."""

    @abstractmethod
    def queries(self, texts: Sequence[str]) -> Vectors:
        """One vector of length 1 for each text, in the space of the functions'."""

    def scores(self, queries: Sequence[str], functions: Sequence[CorpusFunction], *, masked: bool) -> Scores:
        """Cosines, shape (queries, functions)."""
        return self.queries(queries) @ self.kept_code(functions, masked=masked).T

    def similarities(
        self, asked: Sequence[CorpusFunction], functions: Sequence[CorpusFunction], *, masked: bool
    ) -> Scores:
        """Cosines, shape (asked, functions)."""
        return self._in_chunks(asked, masked=masked) @ self.kept_code(functions, masked=masked).T

    def kept_code(self, functions: Sequence[CorpusFunction], *, masked: bool) -> Vectors:
        """:meth:`code` in chunks, kept until other functions are asked for."""
        if self._kept is None or not self._kept.is_of(functions, masked=masked):
            self._kept = None  # frees the old vectors before the new ones are made
            self._kept = _Kept(functions, masked, self._in_chunks(functions, masked=masked))
        return self._kept.vectors

    def _in_chunks(self, functions: Sequence[CorpusFunction], *, masked: bool) -> Vectors:
        chunks = (functions[at : at + _CHUNK] for at in range(0, len(functions), _CHUNK))
        return np.concatenate([self.code(chunk, masked=masked) for chunk in chunks])
