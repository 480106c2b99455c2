"""How much of the machine the model's process may take. Plain data."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WorkerManners:
    """``threads`` None: as many as there are cores, four at most. ``niceness``: 0 to 19, never below the server's."""

    threads: int | None = None
    niceness: int = 10

    @property
    def arguments(self) -> list[str]:
        """How the process is told."""
        threads = [] if self.threads is None else ["--threads", str(self.threads)]
        return [*threads, "--niceness", str(self.niceness)]
