"""Vectors of modules' names: how much a question is about the part of the project that a unit stands in.

In: module names and a query's vector. Out: cosines. The vectors are kept in the store. A unit's own vector holds no
word of its module, so that moving a file embeds nothing again. Safe to share between threads.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import CancelledError, Future
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from codekin_model.embedder import Vectors
from codekin_model.extraction.tokens import split_words
from codekin_server.store.store import Store

_log = logging.getLogger(__name__)

_BATCH = 64


class QueryEmbedder(Protocol):
    """The part of the worker that search needs."""

    def embed_queries(self, queries: Sequence[str]) -> Future[Vectors]:
        """Vectors of texts; a future that fails when the worker does."""
        ...


class ModuleVectors:
    """The vectors of the words of modules' names."""

    def __init__(self, store: Store, worker: QueryEmbedder) -> None:
        self._store = store
        self._worker = worker
        self._guard = threading.Lock()
        self._known: dict[str, NDArray[np.float32]] | None = None

    def cosines(self, query: NDArray[np.float32], modules: Iterable[str], patience: float) -> dict[str, float]:
        """Cosines of ``query`` with modules; those whose vectors take over ``patience`` seconds are left out."""
        texts = {module: _words_of(module) for module in set(modules)}
        missing = self._missing(texts.values())
        if missing:
            self._embed(missing[:_BATCH], patience)
        known = self._vectors()
        return {module: float(known[text] @ query) for module, text in texts.items() if text in known}

    def prepare(self, patience: float, cancelled: Callable[[], bool] | None = None) -> bool:
        """Embed every module's name, so that no query has to; False if the worker failed or was too slow."""
        missing = self._missing(map(_words_of, self._store.modules()))
        for start in range(0, len(missing), _BATCH):
            if cancelled is not None and cancelled():
                return False
            if not self._embed(missing[start : start + _BATCH], patience):
                return False
        return True

    def _missing(self, texts: Iterable[str]) -> list[str]:
        known = self._vectors()
        return [text for text in dict.fromkeys(texts) if text and text not in known]

    def _vectors(self) -> dict[str, NDArray[np.float32]]:
        with self._guard:
            if self._known is None:
                self._known = self._store.text_vectors()
            return self._known

    def _embed(self, texts: Sequence[str], patience: float) -> bool:
        matrix = result_within(self._worker.embed_queries(texts), patience)
        if matrix is None:
            return False
        fresh = dict(zip(texts, matrix, strict=True))
        self._store.put_text_vectors(fresh)
        with self._guard:
            self._known = {**(self._known or {}), **fresh}
        return True


def result_within(future: Future[Vectors], seconds: float) -> Vectors | None:
    """The result, or None if it is not there in time or never will be: search then goes on without it."""
    try:
        problem = future.exception(timeout=max(0.0, seconds))
    except (TimeoutError, CancelledError):
        return None
    if problem is not None:
        _log.warning("the model did not answer: %s", problem)
        return None
    return future.result()


def _words_of(module: str) -> str:
    return " ".join(split_words(module))
