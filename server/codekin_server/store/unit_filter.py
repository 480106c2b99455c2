"""Which units are wanted: a part of the workspace, some kinds, tests or not.

In: plain data. Out: a condition of SQL over ``visible_units AS u`` with its values. Must not know what is looked for
among the units.
"""

from dataclasses import dataclass

from codekin_model.source.unit import UnitKind


@dataclass(frozen=True, slots=True)
class UnitFilter:
    """``folder`` is a folder or file relative to the workspace, with ``/``; "" is all of it.

    ``is_test`` is True for test code only, False for other code only, None for both.
    """

    folder: str = ""
    kinds: frozenset[UnitKind] = frozenset(UnitKind)
    is_test: bool | None = None

    @property
    def takes_all(self) -> bool:
        """Whether it leaves nothing out."""
        return self == EVERY_UNIT


EVERY_UNIT = UnitFilter()
FUNCTIONS = UnitFilter(kinds=frozenset(kind for kind in UnitKind if kind.is_function))


def condition(wanted: UnitFilter) -> tuple[str, tuple[str | int, ...]]:
    """SQL that is true of the wanted rows of ``u``, and the values to bind."""
    parts, values = list[str](), list[str | int]()
    if wanted.folder:
        # a range, which the index over paths serves; "0" is what comes after "/"
        parts.append("(u.path = ? OR (u.path > ? AND u.path < ?))")
        values += [wanted.folder, f"{wanted.folder}/", f"{wanted.folder}0"]
    if wanted.kinds != EVERY_UNIT.kinds:
        parts.append(f"u.kind IN ({','.join('?' * len(wanted.kinds))})")
        values += sorted(kind.value for kind in wanted.kinds)
    if wanted.is_test is not None:
        parts.append("u.is_test = ?")
        values.append(int(wanted.is_test))
    return " AND ".join(parts) or "1", tuple(values)
