"""Keeps one model process alive: starts it, starts another when it dies, gives up for a while when that does not help.

In: a command. Out: the running process, and its state to whoever listens. Knows nothing of requests. One thread calls
:meth:`ProcessKeeper.running` and :meth:`ProcessKeeper.bury`; any thread may close.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from codekin_server.worker.errors import WorkerDied, WorkerGivenUp
from codekin_server.worker.limits import WorkerLimits
from codekin_server.worker.messages import NotLoaded
from codekin_server.worker.running import RunningWorker
from codekin_server.worker.state import WorkerState, WorkerStatus

_LONGEST_BACK_OFF = 8.0
CLOSED = "the model's process was closed"


class ProcessKeeper:
    """``on_state`` is told every new state and must not raise. ``fingerprint``, where given, the model must have."""

    def __init__(
        self,
        command: Sequence[str],
        fingerprint: str | None,
        limits: WorkerLimits,
        on_state: Callable[[WorkerState], None],
    ) -> None:
        self._command = command
        self._outdated = False
        self._fingerprint = fingerprint
        self._limits = limits
        self._on_state = on_state
        self._on_end: Callable[[], None] = _ignore
        self._state = WorkerState()
        self._process: RunningWorker | None = None
        self._closing = threading.Event()
        self._starting = threading.Lock()
        self._deaths = 0
        self._rests_until = 0.0

    @property
    def state(self) -> WorkerState:
        """The state last announced."""
        return self._state

    def when_ended(self, on_end: Callable[[], None]) -> None:
        """``on_end`` is called, from another thread, when a process ends."""
        self._on_end = on_end

    @property
    def has_died(self) -> bool:
        """Whether a process has ended that was not buried yet."""
        return self._process is not None and self._process.ended

    def running(self) -> RunningWorker:
        """A process with the model loaded; started, and started again after a pause, if need be.

        Raises:
            WorkerGivenUp: none could be had, and none will be tried for until a rest is over.

        """
        if self._process is not None and self._process.ended:
            self.bury(self._process.death("ended"))
        self._replace_outdated()
        if self._process is None:
            self._refuse_while_resting()
        while self._process is None:
            self._pause()
            try:
                self._start()
            except WorkerGivenUp:
                raise
            except WorkerDied as death:
                self.bury(death)
                if self._deaths > self._limits.restarts:
                    raise self._give_up(str(death)) from death
        return self._process

    def bury(self, death: WorkerDied) -> None:
        """Forget the process that died, and say so; the next call of :meth:`running` starts another."""
        self._process = None
        self._deaths += 1
        if not self._closing.is_set():
            self._announce(
                replace(self._state, status=WorkerStatus.RESTARTING, pid=None, last_error=str(death)), restarted=True
            )

    def start_otherwise(self, command: Sequence[str]) -> None:
        """Start processes by ``command`` from now on; the next call of :meth:`running` replaces the present one."""
        self._command = command
        self._outdated = True

    def _replace_outdated(self) -> None:
        outdated, self._outdated = self._outdated, False
        if outdated and self._process is not None:
            process, self._process = self._process, None
            process.end()

    def answered(self) -> None:
        """The process has done something useful: its death would be a first one again."""
        self._deaths = 0

    def close(self) -> None:
        """End the process, also while it is being started."""
        self._closing.set()
        with self._starting:
            process = self._process
        if process is not None:
            process.end()
        self._announce(replace(self._state, status=WorkerStatus.STOPPED, pid=None))

    def _start(self) -> None:
        if self._deaths == 0:
            self._announce(replace(self._state, status=WorkerStatus.STARTING))
        with self._starting:
            if self._closing.is_set():
                raise WorkerGivenUp(CLOSED)
            process = self._process = RunningWorker(self._command, self._limits, self._on_end)
        loaded = process.wait_until_loaded()
        if isinstance(loaded, NotLoaded):
            raise self._give_up(loaded.message)
        if self._fingerprint not in (None, loaded.fingerprint):
            raise self._give_up("the model folder has changed since codekin was started: start it again")
        self._announce(replace(self._state, status=WorkerStatus.READY, pid=process.pid))

    def _give_up(self, reason: str) -> WorkerGivenUp:
        if self._process is not None:
            self._process.end()
            self._process = None
        self._rests_until = time.monotonic() + self._limits.rest
        self._announce(replace(self._state, status=WorkerStatus.FAILED, pid=None, last_error=reason))
        return WorkerGivenUp(reason)

    def _refuse_while_resting(self) -> None:
        if self._state.status is not WorkerStatus.FAILED:
            return
        if time.monotonic() < self._rests_until:
            raise WorkerGivenUp(self._state.last_error or "the model's process has failed")
        self._deaths = 0

    def _pause(self) -> None:
        """Wait before a restart, longer each time; closing ends the wait."""
        if self._deaths:
            self._closing.wait(min(_LONGEST_BACK_OFF, self._limits.back_off * 2 ** (self._deaths - 1)))
        if self._closing.is_set():
            raise WorkerGivenUp(CLOSED)

    def _announce(self, state: WorkerState, *, restarted: bool = False) -> None:
        if restarted:
            state = replace(state, restarts=state.restarts + 1)
        self._state = state
        self._on_state(state)


def _ignore() -> None:
    """Nobody listens yet."""
