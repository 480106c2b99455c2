"""From a unit to everything a model reads of it: the one extraction that training and serving share.

In: a :class:`CodeUnit`. Out: :class:`ExtractedUnit`, plain data. Must not know of vocabularies, models or stores.
"""

from dataclasses import dataclass

from codekin_model.extraction.passage import passage
from codekin_model.extraction.paths import PathContext, PathLimits, path_contexts
from codekin_model.source.unit import CodeUnit
from codekin_model.source.unit_tree import unit_tree

EXTRACTION_VERSION = 1
"""Raised whenever the same unit would be extracted differently: stored vectors of another version are not used."""


@dataclass(frozen=True, slots=True)
class ExtractedUnit:
    """What the encoders read. ``masked`` says whether the unit's own name was hidden.

    The structural half of the model was trained on functions and is asked about nothing else: ``is_function``.
    """

    fingerprint: str
    passage: str
    contexts: tuple[PathContext, ...]
    masked: bool = False
    is_function: bool = True


def extract(
    unit: CodeUnit, *, masked: bool = False, docstring: bool = True, limits: PathLimits | None = None
) -> ExtractedUnit:
    """Passage and path contexts of ``unit``; with ``masked`` its own name is in neither."""
    tree = unit_tree(unit)
    return ExtractedUnit(
        fingerprint=unit.fingerprint,
        passage=passage(unit, masked=masked, docstring=docstring, tree=tree),
        contexts=path_contexts(tree, masked=masked, limits=limits),
        masked=masked,
        is_function=unit.kind.is_function,
    )
