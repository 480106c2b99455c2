"""The process of the client: a server must not outlive it, even where somebody holds the connection open.

In: the number of a process. Out: the end of a wait. Must not know of connections.
"""

import asyncio
from collections.abc import Callable

import psutil

_INTERVAL = 3.0
"""Seconds between two looks."""


async def until_ended(process_id: Callable[[], int | None], interval: float = _INTERVAL) -> None:
    """Wait until the process that ``process_id`` tells has ended; for ever where it tells none that runs here.

    A client in another container or on another machine tells a number that means nothing here.
    """
    while (number := process_id()) is None or number <= 0:  # noqa: ASYNC110 - it comes with a greeting
        await asyncio.sleep(interval)
    if not psutil.pid_exists(number):
        await asyncio.Event().wait()
    try:
        process = psutil.Process(number)
        while _is_alive(process):  # noqa: ASYNC110 - nobody tells of its end
            await asyncio.sleep(interval)
    except psutil.NoSuchProcess:
        return


def _is_alive(process: psutil.Process) -> bool:
    """Whether it runs; one that only waits for its parent to take note of its end does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.AccessDenied:
        return True
