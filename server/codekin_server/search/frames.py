"""The frames of a pasted traceback: which functions were running, and where.

In: free text. Out: :class:`Frame`. Pure. Must not know which files there are.
"""

import re
from dataclasses import dataclass

_LINE = r"\d{1,9}"
_FRAME = re.compile(
    rf'File "(?P<path>[^"\n]+)", line (?P<line>{_LINE}),? in (?P<name>[^\s(]+)'
    r'(?:[ \t]*\n[ \t]+(?!File ")(?P<code>\S.*))?'
    rf"|^(?:File )?(?P<bare>\S+\.py):(?P<at>{_LINE})(?:: in |, in )(?P<function>[^\s(]+)"
    rf"|^(?P<only>\S+\.py):(?P<there>{_LINE}): *(?:[A-Z]\w*)?$",
    re.MULTILINE,
)
"""As Python and its faulthandler write them, pytest and IPython, and pytest at the end of those with all their code."""

_MOST = 50
"""Frames that are looked at, the innermost ones."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A function that was running, by its bare name; the line that it had come to, with its text if that was pasted.

    The name may be what Python calls code that is no function (``<module>``, ``<lambda>``), or nothing.
    """

    path: str
    line: int
    name: str
    code: str = ""

    @property
    def names_function(self) -> bool:
        """Whether its name is one that a definition can have."""
        return self.name.isidentifier()

    @property
    def is_of_module(self) -> bool:
        """Whether a module's own lines were running."""
        return self.name == "<module>"


def frames(text: str) -> tuple[Frame, ...]:
    """Every frame once, the innermost of the last traceback first."""
    found = [
        Frame(
            (match["path"] or match["bare"] or match["only"]).replace("\\", "/"),
            int(match["line"] or match["at"] or match["there"]),
            (match["name"] or match["function"] or "").rpartition(".")[2],
            (match["code"] or "").strip(),
        )
        for match in _FRAME.finditer(text)
    ]
    return tuple(dict.fromkeys(reversed(found)))[:_MOST]
