"""The frames of a pasted traceback: which functions were running, and where.

In: free text. Out: :class:`Frame`. Pure. Must not know which files there are.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from codekin_server.store.records import UnitRecord

_FRAME = re.compile(
    r'File "(?P<path>[^"\n]+)", line (?P<line>\d+), in (?P<name>[^\s(]+)(?:[ \t]*\n[ \t]+(?!File ")(?P<code>\S.*))?'
    r"|^(?:File )?(?P<bare>\S+\.py):(?P<at>\d+)(?:: in |, in )(?P<function>[^\s(]+)",
    re.MULTILINE,
)
"""As Python writes them, and as pytest and IPython do."""

_MOST = 50
"""Frames that are looked at, the innermost ones."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A function that was running, by its bare name; the line that it had come to, with its text if that was pasted."""

    path: str
    line: int
    name: str
    code: str = ""


def frames(text: str) -> tuple[Frame, ...]:
    """Every frame once, the innermost of the last traceback first."""
    found = [
        Frame(
            (match["path"] or match["bare"]).replace("\\", "/"),
            int(match["line"] or match["at"]),
            (match["name"] or match["function"]).rpartition(".")[2],
            (match["code"] or "").strip(),
        )
        for match in _FRAME.finditer(text)
    ]
    return tuple(dict.fromkeys(reversed(found)))[:_MOST]


def units_in(frame: Frame, units: Sequence[UnitRecord]) -> list[UnitRecord]:
    """Those among ``units`` that the frame may be of: of its name and file, and around its line if any is.

    The line is of the code that ran, which may be another version than the one that is here.
    """
    own = [unit for unit in units if unit.name == frame.name and _is_same_file(frame.path, unit.path)]
    return [unit for unit in own if unit.start_line <= frame.line <= unit.end_line] or own


def _is_same_file(pasted: str, path: str) -> bool:
    """Whether two paths end alike: a file and its folder, or all that there is of one of them."""
    one, other = PurePosixPath(pasted).parts, PurePosixPath(path).parts
    least = min(2, len(one), len(other))
    return one[-least:] == other[-least:]
