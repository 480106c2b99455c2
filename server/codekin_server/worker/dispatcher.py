"""Requests in the order of their urgency, one at a time, through a process that may die.

In: requests. Out: futures of replies. One thread serves the queue; it starts with the first request. Sending one
request at a time is what lets an urgent one overtake everything that is not yet being computed.
"""

import heapq
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from itertools import count

from codekin_server.worker.errors import RequestRefused, WorkerDied, WorkerGivenUp
from codekin_server.worker.job import Job, Priority
from codekin_server.worker.keeper import CLOSED, ProcessKeeper
from codekin_server.worker.messages import Refused, Reply, Request
from codekin_server.worker.pace import Pace


class Dispatcher:
    """Thread-safe. ``attempts`` are what a request has before it fails with the process that died under it."""

    def __init__(self, keeper: ProcessKeeper, attempts: int, pace: Pace) -> None:
        self._attempts = attempts
        self._pace = pace
        self._numbers = count()
        self._changed = threading.Condition()
        self._jobs: list[Job] = []
        self._thread: threading.Thread | None = None
        self._closing = False
        self._keeper = keeper
        keeper.when_ended(self._wake)

    @property
    def waiting(self) -> int:
        """Requests in the queue that somebody still wants an answer to."""
        with self._changed:
            return sum(not job.future.cancelled() for job in self._jobs)

    def submit(self, make: Callable[[int], Request], priority: Priority) -> Future[Reply]:
        """Queue the request that ``make`` builds from its id."""
        future: Future[Reply] = Future()
        with self._changed:
            if self._closing:
                future.set_exception(WorkerDied(CLOSED))
                return future
            number = next(self._numbers)
            heapq.heappush(self._jobs, Job(priority, number, make(number), future))
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve_all, name="worker-dispatcher", daemon=True)
                self._thread.start()
            self._changed.notify_all()
        return future

    def close(self) -> None:
        """End the process and fail what is not answered; returns when both is done."""
        with self._changed:
            if self._closing:
                return
            self._closing = True
            self._changed.notify_all()
        self._keeper.close()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()

    def _serve_all(self) -> None:
        try:
            while self._wait_for_work():
                job = self._next_job()
                if job is None:
                    self._revive()
                elif job.attempts or job.future.set_running_or_notify_cancel():
                    self._serve(job)
        finally:
            self._fail_the_rest()

    def _wait_for_work(self) -> bool:
        """Until there is a job, or an idle process has died; False when closing."""
        with self._changed:
            self._changed.wait_for(lambda: self._closing or self._jobs or self._keeper.has_died)
            return not self._closing

    def _next_job(self) -> Job | None:
        with self._changed:
            return heapq.heappop(self._jobs) if self._jobs else None

    def _serve(self, job: Job) -> None:
        try:
            process = self._keeper.running()
        except WorkerGivenUp as failure:
            job.future.set_exception(failure)
            return
        try:
            start = time.monotonic()
            reply = process.ask(job.request)
            self._pace.took(job.request, time.monotonic() - start)
        except WorkerDied as death:
            self._keeper.bury(death)
            self._again_or_never(replace(job, attempts=job.attempts + 1), death)
            return
        except RequestRefused as refusal:
            job.future.set_exception(refusal)
            return
        self._keeper.answered()
        if isinstance(reply, Refused):
            job.future.set_exception(RequestRefused(reply.message))
        else:
            job.future.set_result(reply)

    def _again_or_never(self, job: Job, death: WorkerDied) -> None:
        """A job whose process died takes its place in the queue again, until it has had its attempts."""
        with self._changed:
            if self._closing:
                death = WorkerDied(CLOSED)
            elif job.attempts < self._attempts:
                heapq.heappush(self._jobs, job)
                return
        job.future.set_exception(death)

    def _revive(self) -> None:
        """Start another process for one that died idle; that there is none is told to the next request."""
        try:
            self._keeper.running()
        except WorkerGivenUp:
            return

    def _fail_the_rest(self) -> None:
        with self._changed:
            self._closing = True
            jobs, self._jobs = self._jobs, []
        for job in jobs:
            if job.attempts or job.future.set_running_or_notify_cancel():
                job.future.set_exception(WorkerDied(CLOSED))

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()
