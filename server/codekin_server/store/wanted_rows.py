"""What the index holds of the units that are wanted.

In: a connection in a transaction, a filter or ids. Out: records, fingerprints, words of units' code. Must not know
what they are compared for.
"""

import sqlite3
from collections import Counter
from collections.abc import Sequence

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
