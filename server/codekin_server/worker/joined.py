"""One future over the replies of several requests.

In: the requests' futures, in order. Out: a future of what they say together.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TypeVar

from codekin_server.worker.errors import WorkerError
from codekin_server.worker.messages import Reply

_T = TypeVar("_T")


def joined(parts: Sequence[Future[Reply]], combine: Callable[[Sequence[Reply]], _T]) -> Future[_T]:
    """Done when all ``parts`` are. The first failure cancels the parts that wait; so does cancelling the whole.

    ``combine`` may raise :class:`WorkerError` or ``ValueError``.
    """
    whole: Future[_T] = Future()
    lock = threading.Lock()
    left = len(parts)

    def part_done(part: Future[Reply]) -> None:
        nonlocal left
        with lock:
            left -= 1
            is_last = left == 0
        if not part.cancelled() and part.exception() is not None:
            _cancel(parts)
        if is_last and whole.set_running_or_notify_cancel():
            _finish(whole, parts, combine)

    whole.add_done_callback(lambda done: _cancel(parts) if done.cancelled() else None)
    for part in parts:
        part.add_done_callback(part_done)
    return whole


def _cancel(parts: Sequence[Future[Reply]]) -> None:
    for part in parts:
        part.cancel()


def _finish(whole: Future[_T], parts: Sequence[Future[Reply]], combine: Callable[[Sequence[Reply]], _T]) -> None:
    failures = (part.exception() for part in parts if not part.cancelled())
    failure = next((each for each in failures if each is not None), None)
    if failure is not None:
        whole.set_exception(failure)
        return
    try:
        whole.set_result(combine([part.result() for part in parts]))
    except (WorkerError, ValueError) as problem:
        whole.set_exception(problem)
