"""What codekin is doing, told to a client that asked for it: ``codekin/status``.

In: the state of each folder, as often as it changes. Out: one notification over all folders, only where it differs from
the last, and at most four a second. Used from the event loop only. Must not know what any state means.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

NOTIFICATION = "codekin/status"
_INTERVAL = 0.25
_ORDER = ("failed", "starting", "indexing", "paused", "ready")
"""Of several folders' states the first of these is told."""


@dataclass(frozen=True, slots=True)
class FolderState:
    """``tier`` is whose vectors the folder is searched by; ``done`` of ``total`` files or units while it is indexed."""

    state: str = "starting"
    done: int = 0
    total: int = 0
    tier: str = "words"
    model: str = ""
    message: str = ""


class StateTeller:
    """``send`` takes the parameters of a notification."""

    def __init__(self, send: Callable[[Mapping[str, Any]], None]) -> None:
        self._send = send
        self._states: dict[str, FolderState] = {}
        self._told: Mapping[str, Any] | None = None
        self._told_at = float("-inf")
        self._later: asyncio.TimerHandle | None = None
        self.wanted = False

    def of(self, uri: str) -> FolderState:
        """What was last said of a folder."""
        return self._states.get(uri, FolderState())

    def tell(self, uri: str, state: FolderState) -> None:
        """A folder is in this state now."""
        self._states[uri] = state
        self._soon()

    def forget(self, uri: str) -> None:
        """A folder has left the workspace."""
        self._states.pop(uri, None)
        self._soon()

    def _soon(self) -> None:
        if not self.wanted or self._later is not None:
            return
        loop = asyncio.get_running_loop()
        self._later = loop.call_later(max(0.0, self._told_at + _INTERVAL - loop.time()), self._tell)

    def _tell(self) -> None:
        self._later = None
        state = together(list(self._states.values()))
        if state != self._told:
            self._told, self._told_at = state, asyncio.get_running_loop().time()
            self._send(state)


def together(states: list[FolderState]) -> Mapping[str, Any]:
    """One state for all folders: the most pressing, and what is being done in all."""
    first = min((each.state for each in states), key=_ORDER.index, default="ready")
    like_it = [each for each in states if each.state == first]
    tiers = {each.tier for each in states}
    return {
        "state": first,
        "done": sum(each.done for each in like_it),
        "total": sum(each.total for each in like_it),
        "tier": next((tier for tier in ("words", "student") if tier in tiers), "teacher" if states else "words"),
        "model": next((each.model for each in states if each.model), ""),
        "message": next((each.message for each in like_it if each.message), ""),
    }
