"""What functions of the workspace near a function say of themselves, in the first sentence of their docstrings.

In: a function, ways to look at units and files of the workspace. Out: :class:`Described`, nearest first. No function is
near itself. The sentences are read from the files as they are now, and kept by content. Must not know of disks, editors
or syntax trees.
"""

from collections.abc import Callable
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from codekin_model.embedder import Described
from codekin_model.source.docstring import docstring_of, first_sentence
from codekin_model.source.text import SourceText
from codekin_model.source.unit import CodeUnit
from codekin_model.source.unit_tree import unit_tree
from codekin_server.naming.advice import Nearest
from codekin_server.naming.indexed_unit import UnitReader, is_itself

_NEAR = 20
_CANDIDATES = 96
"""Nearest contents looked at for that many sentences: many functions have no docstring."""


class SentenceReader:
    """``vector`` gives what a unit is found by, ``text`` a file as it is now, or None where it cannot be read."""

    def __init__(
        self,
        vector: Callable[[CodeUnit], NDArray[np.float32]],
        nearest: Nearest,
        text: Callable[[str], SourceText | None],
    ) -> None:
        self._vector, self._nearest = vector, nearest
        self._reader = UnitReader(text, _first_sentence)

    def near(self, unit: CodeUnit, path: str) -> tuple[Described, ...]:
        """The sentences of documented functions near ``unit`` of the file ``path``."""
        found = [
            (record, similarity)
            for record, similarity in self._nearest(self._vector(unit), _CANDIDATES)
            if record.kind.is_function and not is_itself(record, unit, path)
        ]
        sentences = self._reader.each([record for record, _ in found])
        described = (
            Described(sentence, similarity)
            for sentence, (_, similarity) in zip(sentences, found, strict=True)
            if sentence is not None
        )
        return tuple(islice(described, _NEAR))


def _first_sentence(unit: CodeUnit) -> str | None:
    statement = unit_tree(unit).docstring
    return first_sentence(docstring_of(statement.parent)) if statement is not None else None
