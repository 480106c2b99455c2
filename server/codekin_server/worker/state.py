"""How the model's process is doing, for whoever shows it to the user. Plain data."""

from dataclasses import dataclass
from enum import StrEnum


class WorkerStatus(StrEnum):
    """``stopped``: not started yet, or closed. ``failed``: given up for a while; requests are refused at once."""

    STOPPED = "stopped"
    STARTING = "starting"
    READY = "ready"
    RESTARTING = "restarting"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class WorkerState:
    """``restarts`` counts since the client was made, ``queue`` what waits; ``last_error``: why a process last died."""

    status: WorkerStatus = WorkerStatus.STOPPED
    pid: int | None = None
    restarts: int = 0
    memory_mb: float | None = None
    queue: int = 0
    last_error: str | None = None
