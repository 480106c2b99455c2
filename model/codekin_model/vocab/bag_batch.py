"""What the student reads of a unit: three bags, as arrays.

In: passages or extracted units, and a vocabulary. Out: :class:`BagBatch`: the words of the qualified name, those of the
source, and, which training alone reads, hashed path contexts. Must not know of torch or ONNX.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from codekin_model.extracted import ExtractedUnit
from codekin_model.extraction.paths import PathContext, PathLimits
from codekin_model.extraction.tokens import METHOD_NAME, split_words
from codekin_model.vocab.vocabulary import PADDING, Vocabulary

NAME_WORDS, SOURCE_WORDS, CONTEXTS = 12, 96, 48
"""Places of each bag; what comes later in a longer unit is not read."""
BAG_PATHS = PathLimits(length=5, width=1, contexts=CONTEXTS)
"""Short paths between neighbours: half as dear as those that code2vec reads."""

_HEADER = re.compile(r"[\w ]+")
Ids = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class BagBatch:
    """``names`` (B, NAME_WORDS), ``words`` (B, SOURCE_WORDS) and ``contexts`` (B, CONTEXTS); 0 is padding."""

    names: Ids
    words: Ids
    contexts: Ids


def encode_bags(units: Sequence[ExtractedUnit], vocabulary: Vocabulary, buckets: int) -> BagBatch:
    """Encode ``units``; contexts are numbered by a hash, 1 to ``buckets`` - 1."""
    bags = encode_words([unit.passage for unit in units], vocabulary)
    for row, unit in enumerate(units):
        _fill(bags.contexts[row], [bucket_of(each, buckets) for each in unit.contexts[:CONTEXTS]])
    return bags


def encode_words(passages: Sequence[str], vocabulary: Vocabulary) -> BagBatch:
    """Encode the passages of units alone, without path contexts."""
    names, words, contexts = (
        np.zeros((len(passages), size), np.int32) for size in (NAME_WORDS, SOURCE_WORDS, CONTEXTS)
    )
    for row, passage in enumerate(passages):
        header, source = _parts(passage)
        _fill(names[row], [vocabulary.id_of(word) for word in split_words(header)])
        _fill(words[row], [vocabulary.id_of(word) for word in source_words(source)])
    return BagBatch(names, words, contexts)


def source_words(source: str) -> list[str]:
    """The words of a source that are read; the mark of a masked name is none."""
    return split_words(source.replace(METHOD_NAME, "_"))[:SOURCE_WORDS]


def name_and_source_words(passage: str) -> tuple[list[str], list[str]]:
    """The words of a unit's qualified name and of its source, as a vocabulary is counted from them."""
    header, source = _parts(passage)
    return split_words(header), source_words(source)


def bucket_of(context: PathContext, buckets: int) -> int:
    """The number of a path context; the last words of its terminals stand for them."""
    start, end = context.start.token.rpartition("|")[2], context.end.token.rpartition("|")[2]
    return 1 + crc32(f"{start} {context.path} {end}".encode("utf-8", "replace")) % (buckets - 1)


def _parts(passage: str) -> tuple[str, str]:
    """The line of words above a source, where there is one, and the source."""
    header, _, source = passage.partition("\n")
    return (header, source) if _HEADER.fullmatch(header) else ("", passage)


def _fill(row: Ids, ids: Sequence[int]) -> None:
    kept = ids[: len(row)]
    row[: len(kept)] = kept
    row[len(kept) :] = PADDING
