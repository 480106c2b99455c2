"""Path contexts and syntax subtrees of many functions, extracted once and kept on disk.

In: functions of a corpus and a view (name masked or visible; the docstring is never there). Out: arrays in which tokens
are interned, so that vocabularies can be counted afterwards without a second extraction.
"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codekin_model.corpus.function import CorpusFunction
from codekin_model.extracted import EXTRACTION_VERSION
from codekin_model.extraction.paths import PathLimits, path_contexts
from codekin_model.extraction.subtrees import StructureTree, structure_tree
from codekin_model.source.unit_tree import unit_tree
from codekin_model.training.context_store import ContextStore, Triples
from codekin_model.vocab.subtree_batch import FlatTrees, flatten

_CONTEXTS = PathLimits().contexts
_REPORT_EVERY = 1000
_TREE_ARRAYS = ("labels", "parents", "sizes", "structure", "units", "starts")

_save: Any = np.savez  # whose stub knows no plain mapping

Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class InternedContexts:
    """``triples`` (units, contexts, 3) number ``terminals`` and ``paths``, as in :class:`ContextStore`."""

    triples: Triples
    terminals: tuple[str, ...]
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InternedTrees:
    """``trees`` number ``labels``."""

    trees: FlatTrees
    labels: tuple[str, ...]


def read_contexts(functions: Sequence[CorpusFunction], folder: Path | None, *, masked: bool) -> InternedContexts:
    """The path contexts of ``functions``; from the file in ``folder`` where they were read before."""

    def extracted() -> Arrays:
        store = ContextStore(_CONTEXTS)
        for function in _counted(functions, "contexts"):
            store.add(path_contexts(unit_tree(function.unit), masked=masked))
        triples = store.triples() if functions else np.zeros((0, _CONTEXTS, 3), np.int32)
        return {"triples": triples, "terminals": _packed(store.terminals), "paths": _packed(store.paths)}

    arrays = _kept(extracted, folder, _title("contexts", functions, masked=masked))
    return InternedContexts(arrays["triples"], _unpacked(arrays["terminals"]), _unpacked(arrays["paths"]))


def read_trees(functions: Sequence[CorpusFunction], folder: Path | None, *, masked: bool) -> InternedTrees:
    """The split syntax trees of ``functions``; from the file in ``folder`` where they were read before."""

    def trees() -> Iterator[StructureTree]:
        for function in _counted(functions, "subtrees"):
            yield structure_tree(unit_tree(function.unit), masked=masked)

    def extracted() -> Arrays:
        numbers: dict[str, int] = {}
        flat = flatten(trees(), lambda label: numbers.setdefault(label, len(numbers)))
        return {name: getattr(flat, name) for name in _TREE_ARRAYS} | {"words": _packed(tuple(numbers))}

    arrays = _kept(extracted, folder, _title("subtrees", functions, masked=masked))
    trees_again = FlatTrees(**{name: arrays[name] for name in _TREE_ARRAYS})
    return InternedTrees(trees_again, _unpacked(arrays["words"]))


def _counted(functions: Sequence[CorpusFunction], title: str) -> Iterator[CorpusFunction]:
    for at, function in enumerate(functions):
        if at % _REPORT_EVERY == 0 and at:
            sys.stderr.write(f"\r{title}: {at} of {len(functions)}")
        yield function
    if len(functions) > _REPORT_EVERY:
        sys.stderr.write("\n")


def _title(feature: str, functions: Sequence[CorpusFunction], *, masked: bool) -> str:
    digest = blake2b(f"{EXTRACTION_VERSION} {_CONTEXTS}".encode(), digest_size=8)
    for function in functions:
        digest.update(function.unit.fingerprint.encode())
    return f"{feature}-{'masked' if masked else 'visible'}-{digest.hexdigest()}"


def _kept(make: Callable[[], Arrays], folder: Path | None, title: str) -> Arrays:
    """What ``make`` gives, from `title.npz` where that is there."""
    if folder is None:
        return make()
    path = folder / f"{title}.npz"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".part.npz")
        with partial.open("wb") as stream:
            _save(stream, **make())
        partial.replace(path)
    with np.load(path) as arrays:
        return {name: arrays[name] for name in arrays.files}


def _packed(words: Sequence[str]) -> NDArray[np.uint8]:
    """Words as bytes, since numpy keeps strings at the length of the longest."""
    return np.frombuffer(json.dumps(list(words)).encode(), np.uint8)


def _unpacked(packed: NDArray[Any]) -> tuple[str, ...]:
    return tuple(json.loads(packed.tobytes()))
