"""The last things that went wrong, for whoever asks for the status.

In: what this program logs as a warning or worse. Out: the last few, one line each. Must not know who logs.
"""

import logging
from collections import deque
from datetime import UTC, datetime

_KEPT = 5
_LONGEST = 300


class RecentErrors(logging.Handler):
    """A handler of the loggers below ``codekin_server``."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._lines: deque[str] = deque(maxlen=_KEPT)

    @property
    def lines(self) -> list[str]:
        """The last few, oldest first."""
        return list(self._lines)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record."""
        self.note(record.getMessage(), record.created)

    def note(self, message: str, when: float | None = None) -> None:
        """Keep what was told to the user, too."""
        moment = datetime.now(UTC) if when is None else datetime.fromtimestamp(when, UTC)
        self._lines.append(f"{moment:%Y-%m-%d %H:%M:%S} {' '.join(message.split())[:_LONGEST]}")
