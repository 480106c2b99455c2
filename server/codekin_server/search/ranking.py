"""From candidates to a ranked list.

In: candidates with what was measured of each. Out: hits, best first. Pure. Must not know of stores or the worker.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from codekin_model.source.unit import UnitKind
from codekin_server.search import signals
from codekin_server.search.query import Query
from codekin_server.search.weights import RankingWeights
from codekin_server.store.records import UnitRecord

_LOOKED_AT = 6
"""Candidates compared for near-duplicates, for each result asked for: further down it would not be seen."""

_RUNS_OF_A_SENTENCE = 3
"""Runs of words from which on what holds them is no mere name."""

ONLY_WORDS, TEACHER = "words", "teacher"


@dataclass(frozen=True, slots=True)
class Hit:
    """A result. ``score`` is in 0..1 and comparable between workspaces; ``produced_by`` names what found it.

    ``tier`` says which vector of the unit had a part in its score: the teacher's, or none ("words"). ``near`` tells
    whether it is near in meaning, as far as that is known.
    """

    unit: UnitRecord
    score: float
    produced_by: tuple[str, ...]
    tier: str = TEACHER
    near: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A unit with its reciprocal ranks (0: not in that list), and, where vectors are there, cosines with the query.

    ``quoted`` is the share of the query's runs of words that stand in it as they are, ``framed`` its reciprocal rank
    among the frames of a pasted traceback.
    """

    unit: UnitRecord
    lexical: float
    semantic: float
    vector: NDArray[np.float32] | None = None
    cosine: float | None = None
    module_cosine: float | None = None
    quoted: float = 0.0
    framed: float = 0.0

    @property
    def tier(self) -> str:
        """Which vector its score was made with."""
        return ONLY_WORDS if self.cosine is None else TEACHER


def rank(query: Query, candidates: Sequence[Candidate], limit: int, weights: RankingWeights) -> list[Hit]:
    """The best ``limit``: scored, near-duplicates made one, and spread over files."""
    scored = [(score(query, each, weights), each) for each in candidates]
    scored.sort(key=lambda pair: (-pair[0], pair[1].unit.path, pair[1].unit.start_byte, pair[1].unit.id))
    distinct = without_duplicates(scored, _LOOKED_AT * limit, weights.duplicate_cosine)
    hits = [
        Hit(each.unit, value, produced_by(query, each), each.tier, near=(each.cosine or 0.0) >= weights.near_cosine)
        for value, each in distinct
    ]
    return spread_over_files(hits, weights.same_file_factor)[:limit]


def score(query: Query, candidate: Candidate, weights: RankingWeights) -> float:
    """The weighted mean of the signals, brought towards 1 by what is quoted and by what was running, after demotions.

    A signal that is not to be had weighs nothing.
    """
    unit = candidate.unit
    parts = [
        (weights.lexical, _lexical(query, candidate)),
        (weights.name, signals.name_coverage(query, unit)),
        (weights.place, signals.place_coverage(query, unit)),
    ]
    if query.names_code:
        parts.append((weights.symbol, signals.symbol_match(query, unit)))
    if candidate.cosine is not None:
        parts.append((weights.semantic, candidate.semantic))
        parts.append((weights.cosine, signals.scaled_cosine(candidate.cosine, weights)))
    if candidate.module_cosine is not None:
        parts.append((weights.module, signals.scaled_cosine(candidate.module_cosine, weights)))
    mean = sum(weight * value for weight, value in parts) / (sum(weight for weight, _ in parts) or 1.0)
    spelled = weights.spelled if signals.is_spelled(query, unit) else 0.0
    told = 1.0 - (1.0 - mean) * (1.0 - spelled) * (1.0 - weights.quoted * _quoted(query, candidate)) * (
        1.0 - weights.framed * candidate.framed
    )
    return told * signals.demotion(query, unit, weights)


def _lexical(query: Query, candidate: Candidate) -> float:
    """No other words fit a name better than itself, however long the text of the unit is."""
    exact = query.is_symbol and signals.symbol_match(query, candidate.unit) > signals.LOOSE
    return 1.0 if exact else candidate.lexical


def _quoted(query: Query, candidate: Candidate) -> float:
    """A module's head quotes by its imports whatever is named like its imports, so a few words tell nothing there."""
    is_told = candidate.unit.kind is not UnitKind.MODULE or len(query.runs) >= _RUNS_OF_A_SENTENCE
    return candidate.quoted if is_told else 0.0


def produced_by(query: Query, candidate: Candidate) -> tuple[str, ...]:
    """Which searches found a candidate."""
    named = signals.symbol_match(query, candidate.unit) > 0 or signals.name_coverage(query, candidate.unit) >= 1.0
    by_words = max(candidate.lexical, candidate.quoted, candidate.framed) > 0
    found = (("lexical", by_words), ("semantic", candidate.semantic > 0), ("name", named))
    return tuple(source for source, applies in found if applies)


def without_duplicates(
    scored: Sequence[tuple[float, Candidate]], looked_at: int, duplicate_cosine: float
) -> list[tuple[float, Candidate]]:
    """The first of each group of near-duplicates: the same content, or vectors closer than ``duplicate_cosine``."""
    looked_over = scored[:looked_at]
    near = _near_pairs([candidate.vector for _, candidate in looked_over], duplicate_cosine)
    kept: list[int] = []
    fingerprints: set[str] = set()
    for at, (_, candidate) in enumerate(looked_over):
        if candidate.unit.fingerprint not in fingerprints and not near[at, kept].any():
            kept.append(at)
            fingerprints.add(candidate.unit.fingerprint)
    return [looked_over[at] for at in kept]


def _near_pairs(vectors: Sequence[NDArray[np.float32] | None], duplicate_cosine: float) -> NDArray[np.bool_]:
    """Which pairs of vectors are closer than ``duplicate_cosine``; one that is missing is close to none."""
    width = next((len(vector) for vector in vectors if vector is not None), 0)
    nothing = np.zeros(width, dtype=np.float32)
    matrix = np.array([nothing if vector is None else vector for vector in vectors]).reshape(len(vectors), width)
    return (matrix @ matrix.T) > duplicate_cosine


def spread_over_files(hits: Sequence[Hit], factor: float) -> list[Hit]:
    """Each further result of a file counts ``factor`` times the one before it would."""
    seen: Counter[str] = Counter()
    damped: list[Hit] = []
    for hit in hits:
        damped.append(replace(hit, score=hit.score * factor ** seen[hit.unit.path]))
        seen[hit.unit.path] += 1
    return sorted(damped, key=lambda hit: -hit.score)
