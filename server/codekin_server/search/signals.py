"""Ranking signals: each a number in 0..1 that says the same of a unit in every workspace.

In: a query and a unit. Out: numbers. Pure. Must not know how they are weighed against each other, nor of stores.
"""

from functools import lru_cache
from pathlib import PurePosixPath

from codekin_model.extraction.tokens import split_words, subtokens
from codekin_model.source.unit import UnitKind
from codekin_server.search.query import Query
from codekin_server.search.weights import RankingWeights
from codekin_server.search.words import stem
from codekin_server.store.records import UnitRecord

_VENDORED_FOLDERS = frozenset(
    {"vendor", "vendored", "_vendor", "_vendored", "third_party", "thirdparty", "externals", "extern", "site-packages"}
)


def symbol_match(query: Query, unit: UnitRecord) -> float:
    """1 if an identifier of the query is the unit's name or qualified name, .8 if only but for case and underscores."""
    asked = query.identifiers or ({query.text} if query.is_symbol else frozenset[str]())
    if not (asked and unit.name):
        return 0.0
    full = f".{unit.module}.{unit.qualified_name}"
    if unit.name in asked or any(full.endswith(f".{each}") for each in asked):
        return 1.0
    loose = {_loosened(each) for each in asked} - {""}
    return 0.8 if loose & {_loosened(unit.name), _loosened(unit.qualified_name)} else 0.0


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
    return ".".join("".join(subtokens(part)) for part in name.split("."))


def _overlap(asked: frozenset[str], own: frozenset[str]) -> float:
    return 2 * len(asked & own) / (len(asked) + len(own)) if asked and own else 0.0
