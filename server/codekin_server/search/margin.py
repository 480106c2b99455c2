"""What was pasted without what a log, or a group of exceptions, writes before a message or each line of a traceback.

In: free text. Out: the text, or the lines of its last traceback without their margin. Must not know what they say.
"""

import re

_MARGIN = re.compile(r"^[^\n]*[^\s\w][ \t]?(?=Traceback \(most recent call last\))", re.MULTILINE)
"""As PEP 654 (``    | ``), Docker (``web_1  | ``) and the journal (``Nov 22 10:00:00 host app[7]: ``) write it."""
_LOGGED = re.compile(
    r"\s*(?:\[?\d[\d:.,/TZ+ -]{7,40}\]?[\s:,|-]{0,8})?(?:\[[\w.]+\]\s*)?"
    r"\[?\b(?:DEBUG|INFO|WARN(?:ING)?|ERROR|CRITICAL|FATAL)\b(?:/[\w-]+)?\]?"
    r"(?::\w+(?:\.\w+)*(?=:)|[\s:|-]+\w+(?:\.\w+)+(?=[\s:|-]))?[\s:|-]+(?=\S)"
)
"""Time, logger and level in the order of :mod:`logging`'s own format, and of Scrapy's, Celery's and many others."""
_DIGIT = re.compile(r"\d")


def without_margin(text: str) -> str:
    """``text`` as it is where no traceback has a margin, and no message one; times may differ from line to line."""
    margins = list(_MARGIN.finditer(text))
    if not margins:
        logged = _LOGGED.match(text)
        return text[logged.end() :] if logged is not None else text
    margin, width = margins[-1][0], len(margins[-1][0])
    lines = text[margins[-1].start() :].splitlines()
    below = [line[width:] for line in lines if _shape(line[:width]) == _shape(margin)]
    return "\n".join(below) if below[1:] else text


def _shape(margin: str) -> str:
    return _DIGIT.sub("0", margin).rstrip()
