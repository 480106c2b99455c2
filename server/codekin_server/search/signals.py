"""Ranking signals: each a number in 0..1 that says the same of a unit in every workspace.

In: a query and a unit. Out: numbers. Pure. Must not know how they are weighed against each other, nor of stores.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import PurePosixPath

from codekin_model.extraction.tokens import split_words
from codekin_model.source.unit import UnitKind
from codekin_server.search.query import Query
from codekin_server.search.weights import RankingWeights
from codekin_server.search.words import stem
from codekin_server.store.records import UnitRecord

LOOSE, MEMBER, RAISED = 0.6, 0.5, 0.3
"""What symbol_match says of a name but for case and underscores, of one whose owner is not to be told, and of the class
of a pasted error."""

_VENDORED_FOLDERS = frozenset(
    {"vendor", "vendored", "_vendor", "_vendored", "third_party", "thirdparty", "externals", "extern", "site-packages"}
)


def symbol_match(query: Query, unit: UnitRecord) -> float:
    """How surely the unit is what an identifier of the query names, 0 if none does.

    1 for its name, its qualified name or its module's name, up to .95 if parts between are left out, as an import from
    a package may (``pkg.Reader`` for ``pkg.io.Reader``), less if only but for case and underscores, less for the name
    after a dot where what stands before the dot is no part of the unit's place, as in ``reader.read()``.
    """
    full = full_name(unit)
    if is_spelled(query, unit):
        return LOOSE
    if not (query.names_code and full):
        return 0.0
    parts = full.split(".")
    best = max((_suffix_match(each.split("."), parts) for each in query.identifiers), default=0.0)
    if best:
        return best
    if unit.name and {_loosened(each) for each in query.identifiers} & {
        _loosened(unit.name),
        _loosened(unit.qualified_name),
    }:
        return LOOSE
    if unit.name in query.members:
        return MEMBER
    return RAISED if unit.name and unit.name == query.error else 0.0


def is_spelled(query: Query, unit: UnitRecord) -> bool:
    """Whether the query is the words of the unit's name and nothing else: ``lru cache`` for ``LRUCache``."""
    return bool(query.spelled) and query.spelled == _loosened(unit.name)


def full_name(unit: UnitRecord) -> str:
    """The dotted name that a unit is imported by, a module's own for its head."""
    return f"{unit.module}.{unit.qualified_name}" if unit.name else unit.module


def _suffix_match(asked: Sequence[str], parts: Sequence[str]) -> float:
    """1 if ``parts`` end with ``asked``, less with parts between them, 0 if the last one or the order differs."""
    if asked[-1] != parts[-1]:
        return 0.0
    at, between = len(parts) - 1, 0
    for each in reversed(asked[:-1]):
        before = next((place for place in range(at - 1, -1, -1) if parts[place] == each), None)
        if before is None:
            return 0.0
        between += at - 1 - before
        at = before
    return 1.0 - 0.05 * min(between, 3)


def name_coverage(query: Query, unit: UnitRecord) -> float:
    """How much of the name is in the query and how much of the query in the name (their harmonic mean)."""
    return _overlap(query.stems, stems_of(unit.name))


def place_coverage(query: Query, unit: UnitRecord) -> float:
    """The share of the query's words that the module or the enclosing classes are named by."""
    if not query.stems:
        return 0.0
    owner = unit.qualified_name.rpartition(".")[0]
    return len(query.stems & (stems_of(unit.module) | stems_of(owner))) / len(query.stems)


def scaled_cosine(cosine: float, weights: RankingWeights) -> float:
    """A cosine between query and code, stretched over 0..1."""
    stretched = (cosine - weights.cosine_floor) / (weights.cosine_ceiling - weights.cosine_floor)
    return min(1.0, max(0.0, stretched))


def demotion(query: Query, unit: UnitRecord, weights: RankingWeights) -> float:
    """The factor that is left of a unit's score for being what is rarely meant."""
    factor = 1.0
    if unit.is_test and not query.wants_tests:
        factor *= weights.test_factor
    if is_vendored(unit.path):
        factor *= weights.vendored_factor
    if unit.kind is UnitKind.CLASS and not (query.wants_classes or symbol_match(query, unit)):
        factor *= weights.class_factor
    if unit.kind is UnitKind.MODULE and not query.wants_modules:
        factor *= weights.module_factor
    if query.kinds and unit.kind not in query.kinds:
        factor *= weights.other_kind_factor
    return factor


@lru_cache(maxsize=1 << 13)
def is_vendored(path: str) -> bool:
    """Whether a file was copied in from another project, by the folder it is in."""
    return not _VENDORED_FOLDERS.isdisjoint(PurePosixPath(path.lower()).parts[:-1])


@lru_cache(maxsize=1 << 15)
def stems_of(name: str) -> frozenset[str]:
    """The stems of the words in a name, qualified or not."""
    return frozenset(stem(word) for word in split_words(name))


@lru_cache(maxsize=1 << 15)
def _loosened(name: str) -> str:
    return name.replace("_", "").casefold()


def _overlap(asked: frozenset[str], own: frozenset[str]) -> float:
    return 2 * len(asked & own) / (len(asked) + len(own)) if asked and own else 0.0
