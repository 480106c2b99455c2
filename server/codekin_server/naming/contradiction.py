"""When a name strongly contradicts its function's body.

In: a function, the names that the model lists for it without having seen its own, and how near its own name is to it.
Out: a judgement, or None. Must not know of models, stores or syntax trees.

The rule. A name contradicts when all of this holds:

1. The function says enough: ``LINES`` lines or more without its docstring.
2. There is another name to tell: the model's most probable one has a probability of ``SURE`` or more.
3. The present name is far behind: its own probability (0 where the model does not list it) is at most the best one's
   divided by ``BEHIND``.
4. Nothing speaks for the present name: none of its words is among those of the body, and none among those of a listed
   name whose probability is at least the best one's divided by ``BEHIND``. Words count as the same where one begins
   with the other. A name that the body asks of another object, as what only passes a call on does, speaks for itself.
5. The present name means something else: of authors' names only ``FAR`` or fewer lie farther from their functions.

What the thresholds cost and catch stands in ``tests/benchmarks/HINTS.md``.
"""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from codekin_model.embedder import NameSuggestion
from codekin_model.extraction.tokens import mask_name, split_words, subtokens
from codekin_model.source.unit import CodeUnit

LISTED = 20
"""Names that the model is asked for."""
LINES = 3
SURE = 0.03
BEHIND = 20.0
FAR = 0.04
_STEM = 3
"""Letters that a word needs before what begins with it is the same word."""
_ALWAYS_FIT = frozenset({"test", "main", "run", "setup", "teardown", "callback", "wrapper", "inner", "decorator"})
"""Words that say how a function is used, not what it does."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """``own`` is the present name's probability, ``best`` the most probable name."""

    own: float
    best: NameSuggestion


def contradiction(unit: CodeUnit, listed: Sequence[NameSuggestion], nearness: Callable[[], float]) -> Judgement | None:
    """Why the present name of ``unit`` cannot be right; None where it may be.

    ``nearness`` is asked last: how near that name is, as the share of authors' names that are farther.
    """
    judged = judgement(unit.name, listed)
    if judged is None or judged.best.probability < SURE or judged.own * BEHIND > judged.best.probability:
        return None
    if not may_contradict(unit) or is_backed(unit, judged, listed):
        return None
    return judged if nearness() <= FAR else None


def may_contradict(unit: CodeUnit) -> bool:
    """Whether the function says enough to be judged."""
    return spoken_lines(unit) >= LINES


def judgement(name: str, listed: Sequence[NameSuggestion]) -> Judgement | None:
    """What the model thinks of ``name`` and of the best other; None where it lists nothing."""
    if not listed:
        return None
    own = sum((each.probability for each in listed if each.name.strip("_") == name.strip("_")), 0.0)
    return Judgement(own, max(listed, key=lambda each: each.probability))


def is_backed(unit: CodeUnit, judged: Judgement, listed: Iterable[NameSuggestion]) -> bool:
    """Whether a word of the present name stands in the body, or in a name that the model holds for likely."""
    words = {word for word in subtokens(unit.name) if word.isalpha()}
    if not words or words & _ALWAYS_FIT or _is_asked_of_another(unit):
        return True
    likely = [each.name for each in listed if each.probability * BEHIND >= judged.best.probability]
    others = {word for name in likely for word in subtokens(name)}
    return _meet(words, others | set(split_words(mask_name(unit.source, unit.name))))


def _is_asked_of_another(unit: CodeUnit) -> bool:
    """Whether the body says ``other.name`` with the function's own name, which else is hidden in it."""
    return re.search(rf"(?<!\bself)(?<!\bcls)\.{re.escape(unit.name)}\b", unit.source) is not None


def _meet(words: Collection[str], others: Collection[str]) -> bool:
    return any(_same(word, other) for word in words for other in others)


def _same(word: str, other: str) -> bool:
    if word == other:
        return True
    shorter, longer = sorted((word, other), key=len)
    return len(shorter) >= _STEM and longer.startswith(shorter)


def spoken_lines(unit: CodeUnit) -> int:
    """Lines of the function that hold something, its docstring left out."""
    said = sum(1 for line in unit.source.splitlines() if line.strip())
    return said - sum(1 for line in (unit.docstring or "").splitlines() if line.strip())
