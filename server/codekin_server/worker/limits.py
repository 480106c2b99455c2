"""How patient the client is with its process. Plain data, in seconds where it is time."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """``loading`` is generous: a language model of some gigabytes is read from a cold disk.

    ``attempts`` of one request, ``restarts`` in a row without one reply between them, each after twice the ``back_off``
    of the one before. Then requests are refused at once until ``rest`` is over. In the background ``slice`` units
    are sent at a time, or fewer where the model takes long for them: an urgent request has to wait for one of these.
    """

    loading: float = 300.0
    answering: float = 120.0
    closing: float = 1.0
    attempts: int = 2
    restarts: int = 4
    back_off: float = 0.25
    rest: float = 30.0
    slice: int = 4
