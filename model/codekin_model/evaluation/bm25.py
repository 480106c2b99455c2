"""BM25 over sub-tokens: what words alone find.

In: functions and queries. Out: scores. The words of a function are those of the passage that language models read,
split as queries are. bm25s computes the weights (Lucene's variant, k1 1.5, b .75); every function scores, most of them
zero.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import bm25s
import numpy as np
from numpy.typing import NDArray

from codekin_model.corpus.function import CorpusFunction
from codekin_model.evaluation.system import Scores
from codekin_model.extraction.passage import passage
from codekin_model.extraction.tokens import split_words

_library: Any = bm25s  # its types are partial
# It wants every step of its own told, on standard error where some other library has set up the root logger.
logging.getLogger("bm25s").setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class _Index:
    functions: Sequence[CorpusFunction]
    masked: bool
    weights: Any
    words: frozenset[str]


class Bm25:
    """A :class:`SearchSystem` and a :class:`SimilaritySystem`. It keeps the index of the last functions."""

    def __init__(self) -> None:
        self._index: _Index | None = None

    def encode(self, functions: Sequence[CorpusFunction]) -> object:
        """Index ``functions``, names visible: what is timed."""
        return _index_of(functions, masked=False)

    def scores(self, queries: Sequence[str], functions: Sequence[CorpusFunction], *, masked: bool) -> Scores:
        """Shape (queries, functions)."""
        return self._scores([split_words(query) for query in queries], functions, masked=masked)

    def similarities(
        self, asked: Sequence[CorpusFunction], functions: Sequence[CorpusFunction], *, masked: bool
    ) -> Scores:
        """Shape (asked, functions): each function asks with all of its words, each as often as it stands there."""
        return self._scores([_words(function, masked=masked) for function in asked], functions, masked=masked)

    def _scores(self, queries: Sequence[Sequence[str]], functions: Sequence[CorpusFunction], *, masked: bool) -> Scores:
        index = self._index
        if index is None or index.functions is not functions or index.masked is not masked:
            index = self._index = _index_of(functions, masked=masked)
        found = np.zeros((len(queries), len(functions)), np.float32)
        for row, query in enumerate(queries):
            known = [word for word in query if word in index.words]
            if known:
                found[row] = cast("NDArray[np.float32]", index.weights.get_scores(known))
        return found


def _index_of(functions: Sequence[CorpusFunction], *, masked: bool) -> _Index:
    documents = [_words(function, masked=masked) for function in functions]
    weights = _library.BM25()
    weights.index(documents, show_progress=False)
    return _Index(functions, masked, weights, frozenset(word for document in documents for word in document))


def _words(function: CorpusFunction, *, masked: bool) -> list[str]:
    return split_words(passage(function.unit, masked=masked, docstring=False))
