"""A pasted error: what it says, without the traceback above it and without the name of its class.

In: free text. Out: :class:`ErrorMessage`, or None for text that is none. Must not know what is searched.
"""

import re
from dataclasses import dataclass

_TRACEBACK = "Traceback (most recent call last)"
_RAISED = re.compile(r"(?:[^\W\d]\w*\.)*(?P<error>[A-Z]\w*): +(?P<message>\S+ +\S.*)", re.DOTALL)
"""As a traceback ends: the name of a class, a colon, and two words at least."""
_WITHIN = re.compile(r"(?<!\S)(?:[^\W\d]\w*\.)*[A-Z]\w*(?:Error|Exception|Warning|Exit|Interrupt)\w*: +(?=\S)")
"""Where such an end may begin in a traceback whose lines were put on one."""


@dataclass(frozen=True, slots=True)
class ErrorMessage:
    """``ValueError: no such column`` taken apart: the name of the class, and what it says."""

    error: str
    message: str

    @property
    def text(self) -> str:
        """The whole line."""
        return f"{self.error}: {self.message}"


def error_message(text: str) -> ErrorMessage | None:
    """The last error of a pasted traceback, or the error that ``text`` is."""
    match = _RAISED.fullmatch(_end_of_traceback(text.strip()))
    return ErrorMessage(match["error"], " ".join(match["message"].split())) if match else None


def _end_of_traceback(text: str) -> str:
    if _TRACEBACK not in text:
        return text
    *_, last = text.split(_TRACEBACK)
    lines = last.splitlines()
    ends = [at for at, line in enumerate(lines) if at and _RAISED.match(line)]
    if ends:
        return "\n".join(lines[ends[0] :])
    starts = [match.start() for match in _WITHIN.finditer(last)]
    return last[starts[0] :] if starts else text
