"""Units that a query points at: those with a name it holds, and those that were running when an error came.

In: a query and a store. Out: units. They are candidates however little else of the query they hold: full-text search
ranks long units low, and would leave out the largest class of all.
"""

from codekin_model.extraction.tokens import split_words
from codekin_server.search import signals
from codekin_server.search.fusion import reciprocal_ranks
from codekin_server.search.query import Query
from codekin_server.search.running import units_in
from codekin_server.store.records import UnitRecord
from codekin_server.store.store import Store
from codekin_server.store.unit_filter import EVERY_UNIT, UnitFilter

_NAMESAKES = 2_000
"""Units of one name that are looked at, beside those that are named in full: of a hundred thousand units, ten thousand
may be called ``__init__``."""

_SMOOTHING = 3.0
"""Of the ranks of frames: the innermost ones say most, and a deep traceback must not crowd out the rest."""


def named_units(store: Store, query: Query, most: int, wanted: UnitFilter = EVERY_UNIT) -> list[UnitRecord]:
    """At most so many wanted units that identifiers of the query name, the surest and least nested first."""
    if not query.names_code:
        return []
    parts = query.members | {each.rpartition(".")[2] for each in query.identifiers}
    names = {query.error, *(form for part in parts for form in _forms(part))} - {""}
    whole = {end for each in query.identifiers for end in _ends(each)}
    found = [(signals.symbol_match(query, unit), unit) for unit in store.units_named(names, wanted, _NAMESAKES, whole)]
    found.sort(key=lambda pair: (-pair[0], pair[1].is_test, pair[1].qualified_name.count(".")))
    return [unit for match, unit in found if match > 0][:most]


def _ends(name: str) -> set[str]:
    """``a.b.c``, ``b.c`` and ``c``: one of them is the qualified name, what stands before it the module's."""
    parts = name.split(".")
    return {".".join(parts[at:]) for at in range(len(parts))}


def _forms(name: str) -> set[str]:
    """As it is written, and as a function's and a class's name are."""
    words = split_words(name)
    return {name, "_".join(words), "".join(map(str.capitalize, words))}


def framed_units(store: Store, query: Query, wanted: UnitFilter = EVERY_UNIT) -> dict[int, float]:
    """The wanted units that the frames of a pasted traceback are of: 1 for the innermost, less further out."""
    if not query.frames:
        return {}
    files = {frame.path.rpartition("/")[2] for frame in query.frames}
    all_named = all(frame.names_function for frame in query.frames)
    names = {frame.name for frame in query.frames} if all_named else ()
    units = store.units_at(files, names, wanted)
    ids = [unit.id for frame in query.frames for unit in units_in(frame, units)]
    return reciprocal_ranks(ids, _SMOOTHING)
