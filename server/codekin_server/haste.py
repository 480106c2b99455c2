"""Somebody stopped waiting: an answer is to come at once, with what is there, or is not wanted any more.

In: a call from any thread. Out: what is still asked of the model is cancelled. Part of the API boundary. Must not know
what is waited for.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

_P = ParamSpec("_P")
_R = TypeVar("_R")
_F = TypeVar("_F", bound=Future[Any])

_present: ContextVar["Haste | None"] = ContextVar("haste", default=None)


class Haste:
    """Given along with a question; :meth:`hurry` lets it wait for the model no longer. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._hurried = False
        self._waited_for: list[Future[Any]] = []

    @property
    def hurried(self) -> bool:
        """Whether nobody waits any more."""
        return self._hurried

    def hurry(self) -> None:
        """Cancel what is waited for, now and from now on."""
        with self._lock:
            self._hurried = True
            waited_for, self._waited_for = self._waited_for, []
        for future in waited_for:
            future.cancel()

    def watch(self, future: Future[Any]) -> None:
        """Cancel this one too, when it comes to that."""
        with self._lock:
            if not self._hurried:
                self._waited_for.append(future)
                return
        future.cancel()

    def watching(self, work: Callable[_P, _R], *args: _P.args, **kwargs: _P.kwargs) -> _R:
        """Do ``work`` in this thread; all that it asks of the model is watched."""
        token = _present.set(self)
        try:
            return work(*args, **kwargs)
        finally:
            _present.reset(token)


def watched(future: _F) -> _F:
    """``future``, which is cancelled when whoever this thread works for waits no longer."""
    haste = _present.get()
    if haste is not None:
        haste.watch(future)
    return future
