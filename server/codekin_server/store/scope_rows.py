"""Which scopes have functions of a name, and how all functions of a scope are called.

In: a connection in a transaction. Out: scopes and names. Must not know what they are compared for.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Sequence

from codekin_model.extraction.company import Scope
from codekin_server.store.bound import chunks, marks
from codekin_server.store.unit_filter import FUNCTIONS, condition

_IS_FUNCTION, _KINDS = condition(FUNCTIONS)


def holders(connection: sqlite3.Connection, names: Sequence[str]) -> dict[str, set[Scope]]:
    """For each of ``names`` the scopes that have a visible function of that name."""
    found: defaultdict[str, set[Scope]] = defaultdict(set)
    for some in chunks(names):
        for path, qualified_name, name in _functions(connection, "name", some):
            found[name].add(_scope(path, qualified_name))
    return dict(found)


def names_in(connection: sqlite3.Connection, scopes: Collection[Scope]) -> dict[Scope, set[str]]:
    """For each of ``scopes`` the names of its visible functions; one that is gone is left out."""
    found: defaultdict[Scope, set[str]] = defaultdict(set)
    paths = sorted({path for path, _ in scopes})
    for some in chunks(paths):
        for path, qualified_name, name in _functions(connection, "path", some):
            if (scope := _scope(path, qualified_name)) in scopes:
                found[scope].add(name)
    return dict(found)


def _functions(connection: sqlite3.Connection, column: str, values: Sequence[str]) -> sqlite3.Cursor:
    """Path, qualified name and name of visible functions whose ``column`` is one of ``values``, in no order."""
    return connection.execute(
        "SELECT u.path, u.qualified_name, u.name FROM visible_units AS u "
        f"WHERE u.{column} IN ({marks(values)}) AND {_IS_FUNCTION}",
        (*values, *_KINDS),
    )


def _scope(path: str, qualified_name: str) -> Scope:
    return path, qualified_name.rpartition(".")[0]
