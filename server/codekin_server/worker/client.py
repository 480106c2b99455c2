"""The model in its own process, as an object of this one.

In: extracted units and words. Out: futures of vectors, names and explanations. The process is started by the first
request, served in order of urgency, and started again when it dies; it is not asked again what a user asked lately.
Must not import what runs a model.
"""

import sys
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import numpy as np
import psutil

from codekin_model.embedder import Described, Explanation, NameSuggestion, Surroundings, Vectors
from codekin_model.extracted import ExtractedUnit
from codekin_model.source.unit import CodeUnit
from codekin_server.haste import watched
from codekin_server.worker.dispatcher import Dispatcher
from codekin_server.worker.errors import RequestRefused, WorkerDied, WorkerError
from codekin_server.worker.job import Priority
from codekin_server.worker.joined import joined
from codekin_server.worker.keeper import ProcessKeeper
from codekin_server.worker.kept import KeptAnswers
from codekin_server.worker.limits import WorkerLimits
from codekin_server.worker.manners import WorkerManners
from codekin_server.worker.messages import (
    EmbeddedRows,
    EmbedQueries,
    EmbedUnits,
    Explain,
    Explained,
    MeasuredName,
    MeasureName,
    Reply,
    Request,
    SketchUnits,
    SuggestedNames,
    SuggestNames,
    Summarise,
    Summarised,
)
from codekin_server.worker.model_worker import ModelWorker
from codekin_server.worker.pace import Pace
from codekin_server.worker.state import WorkerState, WorkerStatus

__all__ = [
    "ModelWorker",
    "RequestRefused",
    "WorkerClient",
    "WorkerDied",
    "WorkerError",
    "WorkerLimits",
    "WorkerManners",
    "WorkerState",
    "WorkerStatus",
]

T = TypeVar("T")
_R = TypeVar("_R", EmbeddedRows, SuggestedNames, MeasuredName, Explained, Summarised)


class WorkerClient:
    """A :class:`ModelWorker` over a process. Thread-safe.

    ``on_state`` is called from a thread of the client with every new state, and must not raise. ``fingerprint``, where
    given, is what the model must have: vectors of another would be compared with those already stored.
    """

    def __init__(
        self,
        model_dir: Path,
        on_state: Callable[[WorkerState], None] | None = None,
        *,
        fingerprint: str | None = None,
        command: Sequence[str] | None = None,
        limits: WorkerLimits | None = None,
        manners: WorkerManners | None = None,
    ) -> None:
        self._model_dir = model_dir
        self._manners = manners or WorkerManners()
        self._given_command = command
        self._limits = limits or WorkerLimits()
        self._keeper = ProcessKeeper(self._command(), fingerprint, self._limits, on_state or _ignore)
        self._pace = Pace(self._limits.slice)
        self._dispatcher = Dispatcher(self._keeper, self._limits.attempts, self._pace)
        self._kept = KeptAnswers()

    @property
    def state(self) -> WorkerState:
        """How the process is doing, with the memory it holds now."""
        state = replace(self._keeper.state, queue=self._dispatcher.waiting)
        return replace(state, memory_mb=_memory(state.pid)) if state.pid else state

    def behave(self, manners: WorkerManners) -> None:
        """Take so much of the machine from now on.

        A process that was started otherwise is replaced before the next request, which then waits for a model to load.
        """
        if manners != self._manners:
            self._manners = manners
            self._keeper.start_otherwise(self._command())

    def embed_units(
        self, units: Sequence[ExtractedUnit], *, urgent: bool = False, soon: bool = False
    ) -> Future[Vectors]:
        """A vector for each unit, in their order. In the background a few at a time, so that urgent ones overtake.

        ``soon``: before all else in the background.
        """
        if urgent:
            ask = partial(EmbedUnits, units=tuple(units))
            return self._at_once((EmbedUnits, *map(_key, units)), ask, _stacked)
        step = max(1, self._pace.slice)
        slices = [tuple(units[start : start + step]) for start in range(0, len(units), step)] or [()]
        asks = [partial(EmbedUnits, units=each) for each in slices]
        priority = Priority.OPEN_DOCUMENT if soon else Priority.BACKGROUND
        return watched(joined([self._dispatcher.submit(ask, priority) for ask in asks], _stacked))

    def sketch_units(self, units: Sequence[CodeUnit]) -> Future[Vectors]:
        """The student's vector of each unit, in their order; in the background, so one request's worth at a time."""
        ask = partial(SketchUnits, units=tuple(units))
        return watched(joined([self._dispatcher.submit(ask, Priority.BACKGROUND)], _stacked))

    def embed_queries(self, queries: Sequence[str]) -> Future[Vectors]:
        """A vector for each text; urgent."""
        ask = partial(EmbedQueries, queries=tuple(queries))
        return self._at_once((EmbedQueries, *queries), ask, _stacked)

    def suggest_names(
        self, unit: ExtractedUnit, around: Surroundings, limit: int
    ) -> Future[tuple[NameSuggestion, ...]]:
        """At most ``limit`` names for a masked unit; urgent."""
        ask = partial(SuggestNames, unit=unit, around=around, limit=limit)
        return self._at_once((SuggestNames, _key(unit), around, limit), ask, _names)

    def nearness(self, unit: ExtractedUnit, name: str) -> Future[float]:
        """How near ``name`` is to a masked unit: the share of authors' names that are farther from theirs; urgent."""
        return self._at_once((MeasureName, _key(unit), name), partial(MeasureName, unit=unit, name=name), _nearness)

    def explain(self, unit: ExtractedUnit, name: str | None = None) -> Future[Explanation]:
        """What carried the vector of ``unit``, or what makes ``name`` likely for a masked one; urgent."""
        return self._at_once((Explain, _key(unit), name), partial(Explain, unit=unit, name=name), _explanation)

    def summarise(self, unit: ExtractedUnit, near: tuple[Described, ...] = ()) -> Future[str | None]:
        """A sentence about ``unit``, worded as those ``near`` it are, where the model writes any; urgent."""
        return self._at_once((Summarise, _key(unit), near), partial(Summarise, unit=unit, near=near), _summary)

    def _at_once(self, key: Hashable, ask: Callable[[int], Request], read: Callable[[Sequence[Reply]], T]) -> Future[T]:
        def asked() -> Future[T]:
            return watched(joined([self._dispatcher.submit(ask, Priority.INTERACTIVE)], read))

        return self._kept.or_ask(key, asked)

    def _command(self) -> Sequence[str]:
        return self._given_command or [*worker_command(self._model_dir), *self._manners.arguments]

    def close(self) -> None:
        """End the process; what is not answered yet fails with :class:`WorkerDied`."""
        self._dispatcher.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def worker_command(model_dir: Path) -> list[str]:
    """What starts the process. `-P`: the folder the server runs in, a user's workspace, is no place to import from."""
    return [sys.executable, "-P", "-m", "codekin_server.worker.process", "--model", str(model_dir)]


def _key(unit: ExtractedUnit) -> Hashable:
    """What tells a unit's readings apart: with its name or masked, with its docstring or without."""
    return unit.fingerprint, unit.masked, unit.passage


def _stacked(replies: Sequence[Reply]) -> Vectors:
    rows = [_expect(EmbeddedRows, reply) for reply in replies]
    return np.concatenate([np.frombuffer(each.data, dtype=np.float32).reshape(-1, each.width) for each in rows])


def _names(replies: Sequence[Reply]) -> tuple[NameSuggestion, ...]:
    return _expect(SuggestedNames, replies[0]).suggestions


def _nearness(replies: Sequence[Reply]) -> float:
    return _expect(MeasuredName, replies[0]).nearness


def _explanation(replies: Sequence[Reply]) -> Explanation:
    return _expect(Explained, replies[0]).explanation


def _summary(replies: Sequence[Reply]) -> str | None:
    return _expect(Summarised, replies[0]).summary


def _expect(kind: type[_R], reply: Reply) -> _R:
    if isinstance(reply, kind):
        return reply
    raise WorkerError(f"the model's process answered with {type(reply).__name__} instead of {kind.__name__}")


def _memory(pid: int) -> float | None:
    """Mebibytes that the process holds; None when it is gone."""
    try:
        return psutil.Process(pid).memory_info().rss / 2**20
    except psutil.Error:
        return None


def _ignore(_: WorkerState) -> None:
    """Nobody wants to know."""
