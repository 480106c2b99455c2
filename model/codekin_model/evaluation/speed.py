"""How fast a system reads functions.

In: what encodes functions, and a fixed sample of them. Out: seconds, on the wall and of the processor, of the fastest
of three runs in this process, each on functions of its own: systems keep what they have read. Extraction counts: a user
waits for it too. Must not know what a system is made of.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from codekin_model.corpus.function import CorpusFunction

SAMPLE = 768
"""Functions that are timed, unless told otherwise."""
_RUNS = 3

Encode = Callable[[Sequence[CorpusFunction]], object]


@dataclass(frozen=True, slots=True)
class Speed:
    """``seconds`` on the wall and ``cpu_seconds`` of all threads for ``functions`` functions on ``threads`` threads."""

    functions: int
    threads: int
    seconds: float
    cpu_seconds: float

    @property
    def per_cpu_second(self) -> float:
        """Functions for each second of one core: what else the machine does hardly changes it."""
        return self.functions / max(self.cpu_seconds, 1e-9)

    @property
    def per_second(self) -> float:
        """Functions for each second of waiting."""
        return self.functions / max(self.seconds, 1e-9)


def measure_speed(encode: Encode, functions: Sequence[CorpusFunction], threads: int) -> Speed:
    """Time ``encode`` on thirds of ``functions``, after a run on one of them, in which what loads late is loaded."""
    count = max(1, len(functions) // _RUNS)
    encode(functions[-1:])
    runs = [_run(encode, functions[at * count : (at + 1) * count]) for at in range(_RUNS)]
    return Speed(count, threads, min(run[0] for run in runs), min(run[1] for run in runs))


def _run(encode: Encode, functions: Sequence[CorpusFunction]) -> tuple[float, float]:
    wall, processor = time.monotonic(), time.process_time()
    encode(functions)
    return time.monotonic() - wall, time.process_time() - processor
