"""The process of the client: a server must not outlive it, even where somebody holds the connection open.

In: the number of a process, from a greeting. Out: the end of a wait. Must not know of connections.
"""

import asyncio

import psutil

_INTERVAL = 3.0
"""Seconds between two looks."""


class ClientProcess:
    """Used from the event loop only."""

    def __init__(self) -> None:
        self._found = asyncio.Event()
        self._process: psutil.Process | None = None

    def greets(self, number: int | None) -> None:
        """Take note of who greets: it lives now if it runs here at all.

        A client in another container or on another machine tells a number that means nothing here.
        """
        if number is None or number <= 0 or not psutil.pid_exists(number):
            return
        try:
            self._process = psutil.Process(number)
        except psutil.NoSuchProcess:  # between the two questions
            self._process = None
        self._found.set()

    async def until_ended(self, interval: float = _INTERVAL) -> None:
        """Wait until the process has ended; for ever where none greets that runs here."""
        await self._found.wait()
        while self._process is not None and _is_alive(self._process):  # noqa: ASYNC110 - nobody tells of its end
            await asyncio.sleep(interval)


def _is_alive(process: psutil.Process) -> bool:
    """Whether it runs; one that only waits for its parent to take note of its end does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return True
