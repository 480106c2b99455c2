"""ROUGE-L of one sentence against one reference.

In: two lists of words. Out: a figure from 0 to 1. Lin 2004, equations 2 to 4, with beta 1.2 as in CoCoAST's appendix
and in the COCO caption scorer.
"""

from collections.abc import Sequence

_BETA = 1.2
"""How many times as much recall counts as precision."""


def rouge_l(words: Sequence[str], reference: Sequence[str], beta: float = _BETA) -> float:
    """The F-measure of the longest common subsequence; 0 where nothing is common."""
    common = longest_common(words, reference)
    if common == 0:
        return 0.0
    precision, recall = common / len(words), common / len(reference)
    return (1 + beta**2) * precision * recall / (recall + beta**2 * precision)


def longest_common(left: Sequence[str], right: Sequence[str]) -> int:
    """Length of the longest common subsequence."""
    row = [0] * (len(right) + 1)
    for word in left:
        diagonal = 0
        for at, other in enumerate(right, start=1):
            diagonal, row[at] = row[at], diagonal + 1 if word == other else max(row[at], row[at - 1])
    return row[-1]
