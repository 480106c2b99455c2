"""Whose vector a hit was found by.

In: hits. Out: the same, those that the student's vector brought up marked so. Must not know of workers.
"""

from collections.abc import Sequence
from dataclasses import replace

from codekin_server.search.ranking import ONLY_WORDS, Hit
from codekin_server.store.store import Store


def with_tiers(store: Store, hits: Sequence[Hit]) -> list[Hit]:
    """Each hit with the tier of the vector that is stored of it; one found by words alone stays that."""
    stored = store.tiers_of(hit.unit.fingerprint for hit in hits)
    return [hit if hit.tier == ONLY_WORDS else _told(hit, stored.get(hit.unit.fingerprint)) for hit in hits]


def _told(hit: Hit, tier: str | None) -> Hit:
    return hit if tier is None or tier == hit.tier else replace(hit, tier=str(tier))
