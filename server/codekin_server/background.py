"""Whether work in the background may go on: not while a user has paused it, nor on battery where that is wanted.

In: what a user wants. Out: a reason to pause, or None. Part of the API boundary, beside :mod:`codekin_server.assist`.
Must not know what the work is.
"""

import time
from collections.abc import Callable
from typing import Any, cast

import psutil

BY_USER = "embedding is paused; codekin.pause goes on with it"
ON_BATTERY = "embedding is paused while the machine runs on battery"

_LOOK_AGAIN = 10.0
"""Seconds between two looks at the battery."""


class Background:
    """Thread-safe: each attribute is set and read as a whole."""

    def __init__(self, on_battery: Callable[[], bool] | None = None) -> None:
        self.paused = False
        self.pause_on_battery = False
        self._look = on_battery or runs_on_battery
        self._looked = 0.0
        self._on_battery = False

    @property
    def reason(self) -> str | None:
        """Why the background has to wait now."""
        if self.paused:
            return BY_USER
        return ON_BATTERY if self.pause_on_battery and self._is_on_battery() else None

    @property
    def waits_for(self) -> str | None:
        """The reason in a word."""
        reason = self.reason
        return None if reason is None else "user" if reason == BY_USER else "battery"

    def stopping(self, cancelled: Callable[[], bool]) -> Callable[[], bool]:
        """``cancelled``, or paused since; once it says True it never says False again."""
        stopped = False

        def stop() -> bool:
            nonlocal stopped
            stopped = stopped or cancelled() or self.reason is not None
            return stopped

        return stop

    def _is_on_battery(self) -> bool:
        now = time.monotonic()
        if now - self._looked > _LOOK_AGAIN or not self._looked:
            self._looked, self._on_battery = now, self._look()
        return self._on_battery


def runs_on_battery() -> bool:
    """Whether the machine has a battery and nothing else now; where that cannot be told, no."""
    look = cast("Callable[[], Any] | None", getattr(psutil, "sensors_battery", None))
    try:
        battery = look() if look is not None else None
    except (OSError, RuntimeError):
        return False
    return battery is not None and battery.power_plugged is False
