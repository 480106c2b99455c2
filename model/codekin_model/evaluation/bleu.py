"""BLEU of one sentence against one reference, with +1 smoothing.

In: two lists of words. Out: a figure from 0 to 1. Papineni et al. 2002, equations of section 2.3, smoothed as in Lin
and Och 2004 ("ORANGE"), section 4: one is added to matches and to totals of all orders above the first. This is the
BLEU of CoCoAST's appendix, ``add-k`` of sacrebleu and ``method2`` of nltk; sentences are averaged, not pooled into a
corpus.
"""

import math
from collections.abc import Sequence

from codekin_model.evaluation.sentences import ngrams

_LONGEST = 4


def bleu(words: Sequence[str], reference: Sequence[str]) -> float:
    """The geometric mean of the n-gram precisions up to 4, times the brevity penalty; 0 where no word is right."""
    logarithms = 0.0
    for length in range(1, _LONGEST + 1):
        have = ngrams(words, length)
        smoothing = 1 if length > 1 else 0
        right, total = (have & ngrams(reference, length)).total() + smoothing, have.total() + smoothing
        if right == 0:
            return 0.0
        logarithms += math.log(right / total)
    brevity = min(0.0, 1.0 - len(reference) / len(words))
    return math.exp(logarithms / _LONGEST + brevity)
