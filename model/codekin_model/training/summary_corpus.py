"""The documented functions of a corpus as arrays, extracted once and kept on disk.

In: a corpus folder. Out: :class:`SummaryCorpus`: functions that have a first docstring sentence of three words or more,
of the training and validation packages, with that sentence as the target. Test packages are not read.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from codekin_model.corpus.files import FUNCTIONS, CorpusError, read_corpus
from codekin_model.corpus.function import CorpusFunction, has_query
from codekin_model.corpus.package_list import Split
from codekin_model.extracted import EXTRACTION_VERSION
from codekin_model.training.summary_config import SummaryLimits
from codekin_model.training.summary_data import Numbers, Ragged, Sources, read_sentences, read_sources
from codekin_model.vocab.subtree_batch import FlatTrees, Ids

_SEED = 17
_DIGITS = 16
_SEPARATOR = b"\n"
_REPORT_EVERY = 1000


@dataclass(frozen=True, slots=True)
class SummaryCorpus:
    """Row n of ``sources`` has row n of ``sentences`` as its target; the first ``training`` rows are to learn from."""

    sources: Sources
    sentences: Ragged
    words: tuple[str, ...]
    training: int

    @property
    def training_rows(self) -> Ids:
        """Functions of training packages."""
        return np.arange(self.training)

    @property
    def validation_rows(self) -> Ids:
        """Functions of validation packages."""
        return np.arange(self.training, len(self.sources.trees))


def load_summary_corpus(corpus: Path, cache: Path, limits: SummaryLimits) -> SummaryCorpus:
    """Read and extract a corpus, or take it from the folder ``cache`` where the same was kept before.

    Raises:
        CorpusError: there is no corpus, or no documented function to learn from or to validate on.
    """
    path = cache / f"summaries-{_digest(corpus, limits)}.safetensors"
    if path.exists():
        return _unpacked(load_file(path))
    extracted = _extract(_chosen(corpus, limits), limits)
    cache.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    save_file(_packed(extracted), partial)
    partial.replace(path)
    return extracted


def _digest(corpus: Path, limits: SummaryLimits) -> str:
    """Of everything that the arrays depend on."""
    if not (corpus / FUNCTIONS).is_file():
        raise CorpusError(f"{corpus} holds no corpus: make one with `codekin corpus build --out {corpus}`")
    with (corpus / FUNCTIONS).open("rb") as stream:
        content = file_digest(stream, "sha256").hexdigest()
    bounds = (limits.functions, limits.validation, limits.source_length, limits.length, EXTRACTION_VERSION)
    return sha256(f"{content} {bounds}".encode()).hexdigest()[:_DIGITS]


def _chosen(corpus: Path, limits: SummaryLimits) -> dict[Split, list[CorpusFunction]]:
    """A seeded choice of documented functions, in the corpus' order."""
    found: dict[Split, list[CorpusFunction]] = {Split.TRAIN: [], Split.VALIDATION: []}
    for split, function in read_corpus(corpus):
        if split in found and has_query(function):
            found[split].append(function)
    for split, bound in ((Split.TRAIN, limits.functions), (Split.VALIDATION, limits.validation)):
        if not found[split]:
            raise CorpusError(f"{corpus} has no documented {split} function: build it from more packages")
        order: list[int] = np.random.default_rng(_SEED).permutation(len(found[split]))[:bound].tolist()
        found[split] = [found[split][at] for at in sorted(order)]
    return found


def _extract(chosen: dict[Split, list[CorpusFunction]], limits: SummaryLimits) -> SummaryCorpus:
    functions = chosen[Split.TRAIN] + chosen[Split.VALIDATION]
    words: Numbers = {}
    sources = read_sources(_reported(functions), limits.source_length, words)
    sentences = read_sentences([function.summary or "" for function in functions], limits.length, words)
    return SummaryCorpus(sources, sentences, tuple(words), len(chosen[Split.TRAIN]))


def _reported(functions: Sequence[CorpusFunction]) -> Iterator[CorpusFunction]:
    for at, function in enumerate(functions):
        if at % _REPORT_EVERY == 0:
            sys.stderr.write(f"\rsyntax trees: {at} of {len(functions)}")
        yield function
    sys.stderr.write("\n")


def _packed(corpus: SummaryCorpus) -> dict[str, NDArray[np.generic]]:
    trees = corpus.sources.trees
    return {
        "trees.labels": trees.labels,
        "trees.parents": trees.parents,
        "trees.sizes": trees.sizes,
        "trees.structure": trees.structure,
        "trees.units": trees.units,
        "trees.starts": trees.starts,
        "tokens.values": corpus.sources.tokens.values,
        "tokens.starts": corpus.sources.tokens.starts,
        "sentences.values": corpus.sentences.values,
        "sentences.starts": corpus.sentences.starts,
        "labels": _bytes(corpus.sources.labels),
        "words": _bytes(corpus.words),
        "training": np.array([corpus.training], np.int64),
    }


def _unpacked(arrays: dict[str, NDArray[np.generic]]) -> SummaryCorpus:
    def ids(name: str) -> Ids:
        return arrays[name].astype(np.int64)

    def flat(name: str) -> NDArray[np.int32]:
        return arrays[name].astype(np.int32)

    shapes = (flat("trees.labels"), flat("trees.parents"), flat("trees.sizes"), flat("trees.structure"))
    trees = FlatTrees(*shapes, ids("trees.units"), ids("trees.starts"))
    sources = Sources(trees, Ragged(flat("tokens.values"), ids("tokens.starts")), _strings(arrays["labels"]))
    sentences = Ragged(flat("sentences.values"), ids("sentences.starts"))
    return SummaryCorpus(sources, sentences, _strings(arrays["words"]), int(ids("training")[0]))


def _bytes(words: Sequence[str]) -> NDArray[np.uint8]:
    """No word holds white space."""
    return np.frombuffer(_SEPARATOR.join(word.encode() for word in words), np.uint8)


def _strings(packed: NDArray[np.generic]) -> tuple[str, ...]:
    return tuple(word.decode() for word in packed.tobytes().split(_SEPARATOR))
