"""CIDEr: how much of what is particular about a reference a sentence says, over tf-idf weighted n-grams up to 4.

In: all sentences of an evaluation with their references, as words: rare n-grams are those of few references. Out: a
figure for each, from 0 to 10. Vedantam et al. 2015: this is their robust form (CIDEr-D, equation 8: counts clipped, a
Gaussian penalty on length with sigma 6), which the COCO caption scorer computes and which papers on code quote as
CIDEr.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from codekin_model.evaluation.sentences import NGram, ngrams

_LONGEST = 4
_SIGMA = 6.0
_SCALE = 10.0

Words = Sequence[str]
Weights = Mapping[NGram, float]


def cider(sentences: Sequence[Words], references: Sequence[Words]) -> list[float]:
    """One figure for each sentence against its reference; 0 throughout where there is one reference only."""
    documents: Counter[NGram] = Counter()
    for reference in references:
        documents.update({gram for length in range(1, _LONGEST + 1) for gram in ngrams(reference, length)})
    most = math.log(max(len(references), 1))
    rarity = {gram: most - math.log(count) for gram, count in documents.items()}
    return [
        _SCALE
        * sum(_similarity(words, reference, length, rarity, most) for length in range(1, _LONGEST + 1))
        / _LONGEST
        for words, reference in zip(sentences, references, strict=True)
    ]


def _similarity(words: Words, reference: Words, length: int, rarity: Weights, most: float) -> float:
    """The clipped cosine of the two n-gram vectors, times the penalty for another length.

    Lengths are counted in bigrams, as the COCO scorer does.
    """
    mine, its = (_weights(each, length, rarity, most) for each in (words, reference))
    norms = math.hypot(*mine.values()) * math.hypot(*its.values())
    if norms == 0.0:
        return 0.0
    common = sum(min(weight, its[gram]) * its[gram] for gram, weight in mine.items() if gram in its)
    difference = max(len(words) - 1, 0) - max(len(reference) - 1, 0)
    return common / norms * math.exp(-(difference**2) / (2 * _SIGMA**2))


def _weights(words: Words, length: int, rarity: Weights, most: float) -> Weights:
    """Count times rarity; an n-gram of no reference is as rare as one of a single reference."""
    return {gram: count * rarity.get(gram, most) for gram, count in ngrams(words, length).items()}
