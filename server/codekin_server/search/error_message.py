"""A pasted error: what it says, without the traceback above it and without the name of its class.

In: free text. Out: :class:`ErrorMessage`, or None for text that is none. Must not know what is searched.
"""

import re
from dataclasses import dataclass
from itertools import takewhile

from codekin_server.search.frames import frames

_TRACEBACK = "Traceback (most recent call last)"
_CLASS = r"(?P<error>(?:[^\W\d]\w*\.)*[A-Z]\w*)"
_RAISED = re.compile(_CLASS + r": +(?P<message>\S+ +\S.*)", re.DOTALL)
"""As a traceback ends: the name of a class, a colon, and two words at least."""
_BARE = re.compile(_CLASS + r"(?:: *(?P<message>.*))?", re.DOTALL)
"""The same, below frames that leave no doubt: an assertion may say nothing at all, a missing key is one word."""
_WITHIN = re.compile(r"(?<!\S)(?:[^\W\d]\w*\.)*[A-Z]\w*(?:Error|Exception|Warning|Exit|Interrupt)\w*: +(?=\S)")
"""Where such an end may begin in a traceback whose lines were put on one."""
_PYTEST = re.compile(r"^E {3,}", re.MULTILINE)
_REPORTED = re.compile(r"(?:^E {3,}.*\n?)+", re.MULTILINE)
"""As pytest reports one failure of many."""

_QUOTED = r"['\"]([^\W\d]\w*(?:\.[^\W\d]\w*)*)['\"]"
_NAMING = tuple(
    map(
        re.compile,
        (
            rf"^{_QUOTED} object (?:has no attribute|is not|does not|attribute)",
            rf"^(?:type object|module) {_QUOTED} has no",
            rf"\battribute {_QUOTED}",
            rf"^cannot import name {_QUOTED}",
            rf"^No module named {_QUOTED}",
            rf"\bname {_QUOTED} is not defined",
            r"\bclass ([^\W\d]\w*) with",
        ),
    )
)
"""Where Python's own messages name code."""


@dataclass(frozen=True, slots=True)
class ErrorMessage:
    """``ValueError: no such column`` taken apart: the name of the class, and what it says, if anything.

    ``named`` are the names of code that one of Python's own messages holds.
    """

    error: str
    message: str
    named: frozenset[str] = frozenset()

    @property
    def text(self) -> str:
        """The whole line."""
        return f"{self.error}: {self.message}" if self.message else self.error


def error_message(text: str) -> ErrorMessage | None:
    """The last error of a pasted traceback, or the error that ``text`` is."""
    reported = _REPORTED.findall(text)
    if reported:
        match = _BARE.fullmatch(_PYTEST.sub("", reported[-1]).strip())
    else:
        match = _RAISED.fullmatch(text.strip()) or _end_of_traceback(text.rstrip())
    if match is None:
        return None
    message = " ".join((match["message"] or "").split())
    named = frozenset(name for pattern in _NAMING for name in pattern.findall(message))
    return ErrorMessage(match["error"].rpartition(".")[2], message, named)


def _end_of_traceback(text: str) -> re.Match[str] | None:
    """What stands below the frames, on lines that are not indented."""
    if _TRACEBACK not in text and not frames(text):
        return None
    *_, last = text.split(_TRACEBACK)
    lines = last.splitlines()
    for form in (_RAISED, _BARE):
        ends = [at for at, line in enumerate(lines) if at and form.fullmatch(line)]
        if ends:
            return form.fullmatch("\n".join(takewhile(str.strip, lines[ends[0] :])))
    starts = [match.start() for match in _WITHIN.finditer(last)]
    return _BARE.fullmatch(last[starts[0] :]) if starts else None
