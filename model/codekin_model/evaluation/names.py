"""Names: how near a suggested name is to the one the author chose.

In: suggested and true names. Out: the counts of code2vec's sub-token figures (Alon et al. 2019, section 6), and the
place of the true name. :mod:`codekin_model.evaluation.figures` makes measures of them.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from codekin_model.extraction.tokens import subtokens


@dataclass(frozen=True, slots=True)
class SubtokenCounts:
    """Sub-tokens of one suggestion that are right, of the suggestion, and of the true name."""

    right: int
    offered: int
    wanted: int


def subtoken_counts(suggested: str, true: str) -> SubtokenCounts:
    """Compare one suggestion with the true name, order and case ignored, multiplicity kept."""
    have, want = Counter(subtokens(suggested)), Counter(subtokens(true))
    return SubtokenCounts((have & want).total(), have.total(), want.total())


def place_of(suggested: Sequence[str], true: str) -> int:
    """From 1, the place of ``true`` among the suggestions, outer underscores aside; 0 where it is not among them."""
    wanted = true.strip("_")
    return next((at for at, guess in enumerate(suggested, start=1) if guess.strip("_") == wanted), 0)
