"""Which words of a text carry what is measured of it: each is taken out in turn, and what that costs is counted.

In: a passage, terminals of its path contexts, a measure of texts. Out: the loss of each terminal (occlusion: Zeiler and
Fergus 2014, "Visualizing and understanding convolutional networks", section 4.2). Must not know what is measured.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from codekin_model.extraction.paths import STRING, PathContext
from codekin_model.extraction.tokens import split_words, subtokens

_MOST = 64
"""Terminals that are taken out, those of most contexts first; each costs one more reading of the text."""
_LONG = ('"""', "'''")
"""What such quotes hold is most often the docstring, which no path context ends in: it stays."""
_PIECE = re.compile(r"\"\"\"[\s\S]*?\"\"\"|'''[\s\S]*?'''|\"[^\"\n]*\"|'[^'\n]*'|\w+")
_OWN_NAME = re.compile(r"\bdef\s+(\w+)")
_GAP = "_"

Measure = Callable[[Sequence[str]], Sequence[float]]
"""Texts -> a number for each."""


def context_weights(
    passage: str, contexts: Sequence[PathContext], attention: Sequence[float], measure: Measure
) -> tuple[float, ...]:
    """For each context its attention times what its two ends carry together; the weights sum to 1.

    Where no end carries anything, attention alone.
    """
    losses = _losses(passage, contexts, measure)
    weights = [
        weight * (losses.get(context.start.token, 0.0) + losses.get(context.end.token, 0.0))
        for context, weight in zip(contexts, attention, strict=True)
    ]
    total = sum(weights)
    return tuple(weight / total for weight in weights) if total > 0 else tuple(attention)


def _losses(passage: str, contexts: Sequence[PathContext], measure: Measure) -> Mapping[str, float]:
    """How much lower ``measure`` is without each terminal than with all; what only raises it carries nothing."""
    ends = Counter(token for context in contexts for token in (context.start.token, context.end.token))
    tokens = [token for token, _ in ends.most_common(_MOST)]
    whole, *without = measure([passage, *(_without(passage, token) for token in tokens)])
    return {token: max(0.0, whole - each) for token, each in zip(tokens, without, strict=True)}


def _without(passage: str, token: str) -> str:
    """``passage`` with a gap wherever ``token`` stands; a function's own name stands in the words before it too."""
    own = _OWN_NAME.search(passage)
    if own is not None and _token(own[1]) == token:
        head, line_break, code = passage.partition("\n")
        passage = head.removesuffix(" ".join(split_words(own[1]))) + line_break + code
    return _PIECE.sub(lambda piece: _GAP if _token(piece[0]) == token else piece[0], passage)


def _token(piece: str) -> str:
    """What :mod:`codekin_model.extraction.paths` calls a leaf of this text."""
    if piece.startswith(_LONG):
        return ""
    return STRING if piece[0] in "\"'" else "|".join(subtokens(piece))
