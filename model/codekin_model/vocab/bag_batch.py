"""What the student reads of a unit: three bags, as arrays.

In: passages or extracted units, and how words are read. Out: :class:`BagBatch`: the words of the qualified name, those
of the source, and, which training alone reads, hashed path contexts. Must not know of torch or ONNX.
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
from codekin_model.vocab.word_parts import Reading

NAME_PLACES, SOURCE_PLACES, CONTEXTS = 16, 128, 48
"""Places of each bag; what comes later in a longer unit is not read."""
BAG_PATHS = PathLimits(length=5, width=1, contexts=CONTEXTS)
"""Short paths between neighbours: half as dear as those that code2vec reads."""

_HEADER = re.compile(r"[\w ]+")
Ids = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class BagBatch:
    """``names`` (B, NAME_PLACES), ``words`` (B, SOURCE_PLACES) and ``contexts`` (B, CONTEXTS); 0 is padding."""

    names: Ids
    words: Ids
    contexts: Ids


def encode_bags(units: Sequence[ExtractedUnit], read: Reading, buckets: int) -> BagBatch:
    """Encode ``units``; contexts are numbered by a hash, 1 to ``buckets`` - 1, or left out where that is 0."""
    bags = encode_words([unit.passage for unit in units], read)
    for row, unit in enumerate(units if buckets else ()):
        found = [bucket_of(each, buckets) for each in unit.contexts[:CONTEXTS]]
        bags.contexts[row, : len(found)] = found
    return bags


def encode_words(passages: Sequence[str], read: Reading) -> BagBatch:
    """Encode the passages of units alone, without path contexts."""
    names, words, contexts = (
        np.zeros((len(passages), size), np.int32) for size in (NAME_PLACES, SOURCE_PLACES, CONTEXTS)
    )
    for row, passage in enumerate(passages):
        header, source = _parts(passage)
        _fill(names[row], split_words(header), read)
        _fill(words[row], source_words(source), read)
    return BagBatch(names, words, contexts)


def source_words(source: str) -> list[str]:
    """The words of a source that are read; the mark of a masked name is none."""
    return split_words(source.replace(METHOD_NAME, "_"))[:SOURCE_PLACES]


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


def _fill(row: Ids, words: Sequence[str], read: Reading) -> None:
    at = 0
    for word in words:
        for number in read(word):
            if at == len(row):
                return
            row[at] = number
            at += 1
