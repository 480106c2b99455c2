"""What functions of the workspace near a function say of themselves, in the first sentence of their docstrings.

In: a function, ways to look at units and files of the workspace. Out: :class:`Described`, nearest first. No function is
near itself. The sentences are read from the files as they are now, and kept by content. Must not know of disks, editors
or syntax trees.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from codekin_model.embedder import Described
from codekin_model.source.docstring import docstring_of, first_sentence
from codekin_model.source.text import SourceText
from codekin_model.source.unit import CodeUnit
from codekin_model.source.unit_tree import unit_tree
from codekin_server.naming.advice import Nearest
from codekin_server.naming.indexed_unit import indexed_unit, is_itself
from codekin_server.store.records import UnitRecord

_NEAR = 20
_CANDIDATES = 96
"""Nearest contents looked at for that many sentences: many functions have no docstring."""
_KEPT = 4096


class SentenceReader:
    """``vector`` gives what a unit is found by, ``text`` a file as it is now, or None where it cannot be read."""

    def __init__(
        self,
        vector: Callable[[CodeUnit], NDArray[np.float32]],
        nearest: Nearest,
        text: Callable[[str], SourceText | None],
    ) -> None:
        self._vector, self._nearest, self._text = vector, nearest, text
        self._kept: dict[str, str | None] = {}

    def near(self, unit: CodeUnit, path: str) -> tuple[Described, ...]:
        """The sentences of documented functions near ``unit`` of the file ``path``."""
        found = [
            (record, similarity)
            for record, similarity in self._nearest(self._vector(unit), _CANDIDATES)
            if record.kind.is_function and not is_itself(record, unit, path)
        ]
        return tuple(islice(self._described(found), _NEAR))

    def _described(self, found: Sequence[tuple[UnitRecord, float]]) -> Iterator[Described]:
        text = cache(self._text)
        for record, similarity in found:
            sentence = self._sentence(record, text)
            if sentence is not None:
                yield Described(sentence, similarity)

    def _sentence(self, record: UnitRecord, text: Callable[[str], SourceText | None]) -> str | None:
        if record.fingerprint not in self._kept:
            read = text(record.path)
            unit = None if read is None else indexed_unit(read, record)
            if unit is None:
                return None
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            docstring = unit_tree(unit).docstring
            self._kept[record.fingerprint] = first_sentence(docstring_of(docstring.parent if docstring else None))
        return self._kept.get(record.fingerprint)
