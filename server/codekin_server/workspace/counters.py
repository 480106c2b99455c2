"""What the index has done since it was opened: the figures that prove that nothing is computed twice.

In: amounts to add, from any thread. Out: :class:`Counters`, plain data.
"""

import threading
from dataclasses import dataclass, fields
from operator import add, attrgetter


@dataclass(frozen=True, slots=True)
class Counters:
    """Cumulative. A unit is seen whenever its file is looked at, and reused where its vector was there already."""

    units_seen: int = 0
    units_extracted: int = 0
    units_embedded: int = 0
    units_reused: int = 0


_VALUES = attrgetter(*(field.name for field in fields(Counters)))


class Tally:
    """A running sum of :class:`Counters`; safe to share between threads."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._sum = Counters()

    def add(self, amounts: Counters) -> None:
        """Add each of ``amounts``."""
        with self._guard:
            self._sum = Counters(*map(add, _VALUES(self._sum), _VALUES(amounts)))

    @property
    def total(self) -> Counters:
        """What was added until now."""
        with self._guard:
            return self._sum
