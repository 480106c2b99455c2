"""When a folder's files have to be gone through again, though its client tells of those that change.

In: what happened. Out: whether the next run looks at the disk. Must not know of clients or of indexes.
"""

import math
import time
from collections.abc import Callable
from threading import Event

_TRUSTED = 60.0
"""Seconds after a look for which a client that watches the files is believed to have told of all that changed."""


class DiskLook:
    """Thread-safe."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._wanted = Event()
        self._last = -math.inf

    def want(self) -> None:
        """Something may have changed that nobody told of file by file."""
        self._wanted.set()

    def is_due(self) -> bool:
        """Whether the caller has to look now."""
        if not self._wanted.is_set() and self._clock() - self._last < _TRUSTED:
            return False
        self._wanted.clear()  # what is wanted from now on, the look that follows sees as well
        self._last = self._clock()
        return True
