"""The model's last answers to a user's questions: an editor asks the same again with every move of the cursor.

In: a question's key, and what asks it. Out: a future of the answer, done at once where it is known. Must not know what
is asked, nor of processes.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from functools import partial
from threading import Lock
from typing import Any, TypeVar

_MOST = 256

T = TypeVar("T")


class KeptAnswers:
    """At most 256 answers; the one that was not asked for longest goes first. Failures are not kept. Thread-safe."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._answers: OrderedDict[Hashable, Any] = OrderedDict()

    def or_ask(self, key: Hashable, ask: Callable[[], Future[T]]) -> Future[T]:
        """The answer that is kept under ``key``, else that of ``ask``."""
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                done: Future[T] = Future()
                done.set_result(self._answers[key])
                return done
        asked = ask()
        asked.add_done_callback(partial(self._keep, key))
        return asked

    def _keep(self, key: Hashable, asked: Future[Any]) -> None:
        if asked.cancelled() or asked.exception() is not None:
            return
        with self._lock:
            self._answers[key] = asked.result()
            if len(self._answers) > _MOST:
                self._answers.popitem(last=False)
