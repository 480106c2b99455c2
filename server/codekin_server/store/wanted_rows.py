"""What the index holds of the units that are wanted.

In: a connection in a transaction, a filter or ids. Out: records, fingerprints, words of units' code. Must not know
what they are compared for.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice

from codekin_server.store.bound import chunks, marks
from codekin_server.store.records import UnitRecord
from codekin_server.store.unit_filter import UnitFilter, condition
from codekin_server.store.unit_rows import SELECT_UNITS, unit_record

_OVERLOADS = ("overload ", "typing overload ", "t overload ")
"""How the words of a signature begin that only declares an overload."""


def units(connection: sqlite3.Connection, wanted: UnitFilter) -> list[UnitRecord]:
    """The wanted visible units in the order of their places."""
    where, values = condition(wanted)
    rows = connection.execute(f"{SELECT_UNITS} WHERE {where} ORDER BY u.path, u.start_byte, u.id", values)
    return [unit_record(row) for row in rows]


def units_named(
    connection: sqlite3.Connection, names: Sequence[str], wanted: UnitFilter, most: int | None, first: Sequence[str]
) -> list[UnitRecord]:
    """The wanted visible units with these names; of more than ``most`` those with a qualified name of ``first``."""
    where, values = condition(wanted)
    found: dict[int, UnitRecord] = {}
    for some in chunks(names):
        named = f"{SELECT_UNITS} WHERE u.name IN ({marks(some)}) AND {where}"
        surely = f"{named} AND u.qualified_name IN ({marks(first)})"
        for statement, bound in ((surely, (*some, *values, *first)), (named, (*some, *values))):
            rows = connection.execute(statement, bound)
            units = map(unit_record, rows if most is None else islice(rows, max(0, most - len(found))))
            found.update((unit.id, unit) for unit in units)
    return _in_order(found.values())


def units_at(
    connection: sqlite3.Connection, files: Sequence[str], names: Sequence[str], wanted: UnitFilter
) -> list[UnitRecord]:
    """The wanted visible units in files with these last parts, of these names if any are given."""
    where, values = condition(wanted)
    ends = " OR ".join(["path = ? OR path LIKE '%/' || ?"] * len(files))
    among = f"SELECT path FROM visible_files WHERE {ends or 'FALSE'}"
    named = f"u.name IN ({marks(names)})" if names else "TRUE"
    rows = connection.execute(
        f"{SELECT_UNITS} WHERE u.path IN ({among}) AND {named} AND {where}",
        (*(each for file in files for each in (file, file)), *names, *values),
    )
    return _in_order(map(unit_record, rows))


def _in_order(units: Iterable[UnitRecord]) -> list[UnitRecord]:
    return sorted(units, key=lambda unit: (unit.path, unit.start_byte, unit.id))


def fingerprints(connection: sqlite3.Connection, wanted: UnitFilter) -> set[str]:
    """The contents of the wanted visible units."""
    where, values = condition(wanted)
    rows = connection.execute(f"SELECT u.fingerprint FROM visible_units AS u WHERE {where}", values)
    return {fingerprint for (fingerprint,) in rows}


def code_words(connection: sqlite3.Connection, ids: Sequence[int]) -> dict[int, Counter[str]]:
    """The sub-tokens of units' code, with how often each stands there: all words but those of the docstring.

    A signature under ``@overload`` has no code of its own.
    """
    found: dict[int, Counter[str]] = {}
    for some in chunks(ids):
        rows = connection.execute(f"SELECT rowid, body, docstring FROM words WHERE rowid IN ({marks(some)})", some)
        found.update((unit_id, words_of_code(body, docstring)) for unit_id, body, docstring in rows)
    return found


def words_of_code(body: str, docstring: str) -> Counter[str]:
    """The words of a unit's text that are not those of its docstring."""
    if body.startswith(_OVERLOADS):
        return Counter()
    return Counter(body.split()) - Counter(docstring.split())
