"""Which units were running when an error came.

In: frames of a traceback, and units. Out: those that the frames are of. Pure. Must not know of stores.
"""

from collections.abc import Sequence

from codekin_model.source.unit import UnitKind
from codekin_server.search.frames import Frame
from codekin_server.store.records import UnitRecord


def units_in(frame: Frame, units: Sequence[UnitRecord]) -> list[UnitRecord]:
    """Those among ``units`` that the frame may be of: of its name and file, and around its line if any is.

    The line is of the code that ran, which may be another version than the one that is here. Where the frame has no
    function's name, it is of the innermost function around its line.
    """
    here = [unit for unit in units if is_same_file(frame.path, unit.path)]
    if frame.is_of_module:
        return [unit for unit in here if unit.kind is UnitKind.MODULE]
    around = [unit for unit in here if unit.kind.is_function and unit.start_line <= frame.line <= unit.end_line]
    if not frame.names_function:
        return sorted(around, key=lambda unit: unit.end_line - unit.start_line)[:1]
    return [unit for unit in around if unit.name == frame.name] or [unit for unit in here if unit.name == frame.name]


def is_same_file(pasted: str, path: str) -> bool:
    """Whether two paths end alike: a file and its folder, or all that there is of one of them."""
    one, other = _end_of(pasted), _end_of(path)
    least = min(len(one), len(other))
    return one[-least:] == other[-least:]


def _end_of(path: str) -> list[str]:
    return path.removeprefix("/").rsplit("/", 2)[-2:]
