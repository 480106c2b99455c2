"""Why a result is there, in a few words for the user.

In: a query, a hit, and the stems of the query that its text holds. Out: short texts, the weightiest first. Pure. Must
not know how results are ranked against each other.
"""

from collections.abc import Iterable

from codekin_model.extraction.tokens import split_words
from codekin_server.search import signals
from codekin_server.search.query import Query
from codekin_server.search.ranking import Hit
from codekin_server.search.running import units_in
from codekin_server.search.words import stem

_FAR = "nearest in meaning"


def reasons(query: Query, hit: Hit, in_text: frozenset[str]) -> tuple[str, ...]:
    """At least one for every hit."""
    unit = hit.unit
    in_name = query.stems & signals.stems_of(unit.name)
    owner = unit.qualified_name.rpartition(".")[0]
    in_place = query.stems & (signals.stems_of(unit.module) | signals.stems_of(owner)) - in_name
    found = [
        "in the traceback" if any(units_in(frame, [unit]) for frame in query.frames) else None,
        _named(signals.symbol_match(query, unit)),
        _told("name", query, in_name),
        _told("text", query, in_text - in_name),
        _told("place", query, in_place - in_text),
        "means the same" if hit.near and "semantic" in hit.produced_by else None,
    ]
    return tuple(each for each in found if each) or (_FAR if "semantic" in hit.produced_by else "words",)


def is_told(query: Query, hit: Hit, in_text: frozenset[str]) -> bool:
    """Whether a hit is what the query names, or says all that it says."""
    unit = hit.unit
    held = in_text | signals.stems_of(unit.name) | signals.stems_of(f"{unit.module}.{unit.qualified_name}")
    return signals.symbol_match(query, unit) > 0 or query.stems <= held


def _named(match: float) -> str | None:
    if match == signals.LOOSE:
        return "name but for case and underscores"
    return "exact name" if match > 0 else None


def _told(where: str, query: Query, stems: Iterable[str]) -> str | None:
    """``name: read, lines``, in the words and the order of the query."""
    held = frozenset(stems)
    words = dict.fromkeys(word for word in split_words(" ".join(query.words)) if stem(word) in held)
    return f"{where}: {', '.join(words)}" if words else None
