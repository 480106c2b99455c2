"""Which of the model's names a programmer could use here, and in which form.

In: suggestions that the model made without seeing the present name, that name, and the names taken in its scope.
Out: suggestions that fit. The present name steers form only (``_private``, ``test_``), never which words are offered.
Must not know of models, stores or syntax.
"""

import keyword
from collections.abc import Collection, Iterable

from codekin_model.embedder import NameSuggestion


def is_dunder(name: str) -> bool:
    """Whether Python itself gives ``name`` its meaning, as in ``__init__``."""
    return name.startswith("__") and name.endswith("__") and bool(name.strip("_"))


def fitting(
    suggestions: Iterable[NameSuggestion], present: str, taken: Collection[str], limit: int
) -> tuple[NameSuggestion, ...]:
    """At most ``limit`` usable names, in the model's order.

    Names that become equal in the form of ``present`` are one, in the first's place, with the sum of their
    probabilities.
    """
    prefix = _prefix(present)
    merged: dict[str, NameSuggestion] = {}
    for suggestion in suggestions:
        name = _in_form(suggestion.name, prefix)
        if not _usable(name) or (name in taken and name != present):
            continue
        before = merged.get(name)
        probability = min(1.0, suggestion.probability + (before.probability if before else 0.0))
        merged[name] = NameSuggestion(name, probability, before.source if before else suggestion.source)
    return tuple(merged.values())[:limit]


def _usable(name: str) -> bool:
    return name.isidentifier() and not keyword.iskeyword(name) and bool(name.strip("_"))


def _prefix(present: str) -> str:
    """What tells Python, a test runner or a reader how this function is used, before any word of its name."""
    bare = present.lstrip("_")
    underscores = "" if is_dunder(present) else present[: len(present) - len(bare)]
    return underscores + ("test_" if bare.startswith("test_") else "")


def _in_form(name: str, prefix: str) -> str:
    bare = "" if is_dunder(name) else name.lstrip("_")
    if prefix.endswith("test_"):
        bare = bare.removeprefix("test_")
    return prefix + bare if bare else ""
