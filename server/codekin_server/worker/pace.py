"""How fast the model embeds, so that what is sent to it in the background is short enough to wait for.

In: how long each request took. Out: how many units fit into a while. Must not know what a request holds else.
"""

import threading

from codekin_server.worker.messages import EmbedUnits, Request

YIELD_WITHIN = 0.04
"""Seconds of work that is sent at a time in the background: an urgent request waits for no more than that."""

_FIRST = 2
_WEIGHT = 0.3
"""Of the newest figure in the running mean."""


class Pace:
    """Thread-safe. Until the model was measured, a few units are the careful beginning."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._seconds_each: float | None = None
        self._lock = threading.Lock()

    @property
    def slice(self) -> int:
        """Units to send at a time."""
        each = self._seconds_each
        return min(_FIRST, self._most) if each is None else max(1, min(self._most, int(YIELD_WITHIN / max(each, 1e-6))))

    def took(self, request: Request, seconds: float) -> None:
        """A request was answered."""
        if not isinstance(request, EmbedUnits) or not request.units:
            return
        each = seconds / len(request.units)
        with self._lock:
            before = each if self._seconds_each is None else self._seconds_each
            self._seconds_each = before + _WEIGHT * (each - before)
