"""Words brought to one form, so that ``parsing`` and ``parsed`` meet.

In: lower-case words. Out: stems, for comparing only. Must not know what is compared.
"""

from functools import lru_cache

_SUFFIXES = (
    "izations", "ization", "ations", "ation", "ements", "ement", "ments", "ment", "ities", "ings", "ness", "able",
    "ies", "ied", "ing", "ity", "ers", "ors", "ion", "ed", "er", "or", "es", "ly", "al", "s", "e", "y",
)  # fmt: skip
_SHORTEST = 3


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """``word`` without its ending, three letters at least: coarser than Porter, as short names need."""
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST:
            root = word[: -len(suffix)]
            return root[:-1] if len(root) > _SHORTEST and root[-1] == root[-2] else root
    return word
