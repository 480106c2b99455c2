"""Sentences as the metrics of summaries read them.

In: a sentence. Out: its words, and how often each n-gram of them stands in it. Must not know of any metric.
"""

import re
from collections import Counter
from collections.abc import Sequence

_WORD = re.compile(r"\w+|[^\w\s]")

NGram = tuple[str, ...]


def words_of(sentence: str) -> list[str]:
    """Lower-case words; each sign of punctuation is a word of its own, as in CodeSearchNet's and CodeBERT's scoring."""
    return _WORD.findall(sentence.lower())


def ngrams(words: Sequence[str], length: int) -> Counter[NGram]:
    """Every run of ``length`` words with its count."""
    return Counter(tuple(words[at : at + length]) for at in range(len(words) - length + 1))
