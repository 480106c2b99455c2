"""One running model process: start it, ask it, end it.

In: a command, then requests. Out: replies, or :class:`WorkerDied` with the last words of the process. Knows neither
queues nor restarts. Only one thread may ask; any thread may end it.
"""

import io
import logging
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from typing import BinaryIO, cast

from codekin_server.worker.errors import RequestRefused, WorkerDied
from codekin_server.worker.limits import WorkerLimits
from codekin_server.worker.messages import (
    BrokenFrame,
    Message,
    NotLoaded,
    Ready,
    Reply,
    Request,
    Unsendable,
    framed,
    read_message,
    write_frame,
)

_log = logging.getLogger(__name__)
_LAST_WORDS = 12
"""Lines of the standard error that are kept to say why a process died."""


class RunningWorker:
    """A started process. ``on_end`` is called, from a thread of its own, when nothing more will come from it."""

    def __init__(self, command: Sequence[str], limits: WorkerLimits, on_end: Callable[[], None]) -> None:
        self._limits = limits
        self._on_end = on_end
        self._inbox: SimpleQueue[Message | str] = SimpleQueue()
        self._outbox: SimpleQueue[bytes | None] = SimpleQueue()
        self._last_words: deque[str] = deque(maxlen=_LAST_WORDS)
        self._ended = threading.Event()
        try:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0
            )
        except OSError as problem:
            raise WorkerDied(f"the model's process cannot be started: {problem}") from problem
        self._listener = self._thread(self._listen)
        for work in (self._receive, self._send):
            self._thread(work)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def ended(self) -> bool:
        """Whether nothing more will come from it."""
        return self._ended.is_set()

    def wait_until_loaded(self) -> Ready | NotLoaded:
        """The first message of the process.

        Raises:
            WorkerDied: it ended, sent something else, or took too long.

        """
        message = self._next(self._limits.loading)
        if isinstance(message, Ready | NotLoaded):
            return message
        raise self.death(f"began with {type(message).__name__}")

    def ask(self, request: Request) -> Reply:
        """Send ``request`` and wait for its reply.

        Raises:
            WorkerDied: as above.
            RequestRefused: it cannot be sent; the process has heard nothing of it.

        """
        try:
            self._outbox.put(framed(request))
        except Unsendable as problem:
            raise RequestRefused(str(problem)) from problem
        message = self._next(self._limits.answering)
        if isinstance(message, Ready | NotLoaded) or message.id != request.id:
            raise self.death(f"answered another request: {type(message).__name__}")
        return message

    def end(self) -> None:
        """Close its input, wait a little, then kill it. Does nothing to a process that is gone."""
        self._outbox.put(None)
        try:
            self._process.wait(self._limits.closing)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def death(self, reason: str) -> WorkerDied:
        """Kill what is left, and say why with the last words it wrote."""
        self._outbox.put(None)
        self._process.kill()
        code = self._process.wait()
        self._listener.join(timeout=1)
        words = "\n".join(self._last_words)
        return WorkerDied(f"the model's process {reason} (exit status {code})" + (f":\n{words}" if words else ""))

    def _next(self, timeout: float) -> Message:
        try:
            message = self._inbox.get(timeout=timeout)
        except Empty:
            raise self.death(f"did not answer for {timeout:g} seconds") from None
        if isinstance(message, str):
            raise self.death(message)
        return message

    def _receive(self) -> None:
        ending = "ended"
        try:
            with cast("BinaryIO", self._process.stdout) as stream:
                while (message := read_message(stream)) is not None:
                    self._inbox.put(message)
        except BrokenFrame as problem:
            ending = f"sent garbage ({problem})"
        self._ended.set()
        self._inbox.put(ending)
        self._on_end()

    def _send(self) -> None:
        try:
            with cast("BinaryIO", self._process.stdin) as stream:
                while (frame := self._outbox.get()) is not None:
                    write_frame(stream, frame)
        except OSError as problem:  # its death is noticed where its replies are read
            _log.debug("the model's process no longer reads: %s", problem)

    def _listen(self) -> None:
        with io.BufferedReader(cast("io.RawIOBase", self._process.stderr)) as lines:
            for line in lines:
                words = line.decode("utf-8", "replace").rstrip()
                self._last_words.append(words)
                _log.info("%s", words)

    def _thread(self, work: Callable[[], None]) -> threading.Thread:
        thread = threading.Thread(target=work, name=f"worker-{work.__name__.strip('_')}", daemon=True)
        thread.start()
        return thread
