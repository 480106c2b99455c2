"""What summaries are trained on and written from, as arrays.

In: functions and sentences. Out: :class:`EncodedSources`, from which batches are cut, and the numbers of words. Words
are numbered twice: first as they come (so that a corpus is extracted once and kept), then by vocabularies counted over
training functions. A word that the sentences' vocabulary of V words lacks has the number V + its first number: it can
still be copied. Training and serving both come through here.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from codekin_model.corpus.function import CorpusFunction
from codekin_model.extraction.passage import passage
from codekin_model.extraction.subtrees import StructureTree, structure_tree
from codekin_model.extraction.tokens import split_words
from codekin_model.source.unit_tree import unit_tree
from codekin_model.torch_runtime.summary_model import SourceBatch
from codekin_model.training.summary_config import SummaryLimits
from codekin_model.vocab.subtree_batch import FlatTrees, Ids, flatten
from codekin_model.vocab.summary_text import BEGIN_WORD, END_WORD, summary_words
from codekin_model.vocab.vocabulary import PADDING, Vocabulary, vocabulary_of

_RAREST = 3
"""What is seen less often reads as unknown, and so the unknown one is trained."""
_NO_CODE = "pass"
"""The token of a function that has none: no row of tokens is empty."""

Numbers = dict[str, int]
"""Words by the order in which they came."""


@dataclass(frozen=True, slots=True)
class Ragged:
    """Rows of different lengths: row n is ``values[starts[n] : starts[n + 1]]``."""

    values: NDArray[np.int32]
    starts: Ids

    def of(self, rows: Ids) -> NDArray[np.int32]:
        """The values of ``rows``, one row behind the other."""
        return np.concatenate([self.values[self.starts[row] : self.starts[row + 1]] for row in rows])

    def padded(self, rows: Ids) -> Ids:
        """``rows`` as (rows, longest), padded."""
        counts = self.starts[rows + 1] - self.starts[rows]
        padded = np.full((len(rows), int(counts.max())), PADDING, np.int64)
        padded[np.arange(padded.shape[1]) < counts[:, None]] = self.of(rows)
        return padded

    def numbered(self, ids: Ids) -> "Ragged":
        """The same rows, value ``n`` read as ``ids[n]``."""
        return Ragged(ids[self.values].astype(np.int32), self.starts)


@dataclass(frozen=True, slots=True)
class Sources:
    """Functions as extracted: labels and words are numbers in ``labels`` and in the caller's ``words``."""

    trees: FlatTrees
    tokens: Ragged
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SummaryVocabularies:
    """Labels of tree nodes, tokens of source code, and words of sentences: these begin with ``<BEGIN>``, ``<END>``."""

    labels: Vocabulary
    tokens: Vocabulary
    words: Vocabulary


@dataclass(frozen=True, slots=True)
class EncodedSources:
    """Functions under vocabularies."""

    trees: FlatTrees
    tokens: Ragged
    source: Ragged

    def batch(self, rows: Ids, device: torch.device) -> SourceBatch:
        """The functions ``rows``, at least one."""
        tokens, source = (torch.from_numpy(each.padded(rows)).to(device) for each in (self.tokens, self.source))
        return SourceBatch(self.trees.batch(rows), tokens, source)

    def lengths(self) -> Ids:
        """The tokens of each function."""
        return np.diff(self.tokens.starts)


def read_sources(functions: Iterable[CorpusFunction], longest: int, words: Numbers) -> Sources:
    """Extract ``functions``, names visible and docstrings removed, at most ``longest`` tokens of each."""
    labels: Numbers = {}
    rows: list[list[int]] = []

    def trees() -> Iterator[StructureTree]:
        for function in functions:
            tree = unit_tree(function.unit)
            tokens = split_words(passage(function.unit, docstring=False, tree=tree))[:longest] or [_NO_CODE]
            rows.append([_number(token, words) for token in tokens])
            yield structure_tree(tree)

    flat = flatten(trees(), lambda label: _number(label, labels))
    return Sources(flat, ragged(rows), tuple(labels))


def read_sentences(sentences: Iterable[str], longest: int, words: Numbers) -> Ragged:
    """The words of ``sentences``, each closed by the end unless it is longer than ``longest`` with it."""
    return ragged(
        [[_number(word, words) for word in [*summary_words(sentence), END_WORD][:longest]] for sentence in sentences]
    )


def ragged(rows: Sequence[Sequence[int]]) -> Ragged:
    """``rows`` one behind the other."""
    starts = np.cumsum([0, *map(len, rows)], dtype=np.int64)
    return Ragged(np.array([value for row in rows for value in row], np.int32), starts)


def _number(word: str, numbers: Numbers) -> int:
    return numbers.setdefault(word, len(numbers))


def count_vocabularies(
    sources: Sources, sentences: Ragged, words: Sequence[str], rows: Ids, limits: SummaryLimits
) -> SummaryVocabularies:
    """The most frequent labels, tokens and words of the functions ``rows``."""
    counted = _counted(sentences.of(rows), words)
    del counted[END_WORD]
    said = vocabulary_of(counted, at_least=_RAREST, at_most=limits.words).words
    return SummaryVocabularies(
        labels=vocabulary_of(
            _counted(sources.trees.labels_of(rows), sources.labels), at_least=_RAREST, at_most=limits.labels
        ),
        tokens=vocabulary_of(_counted(sources.tokens.of(rows), words), at_least=_RAREST, at_most=limits.tokens),
        words=Vocabulary((*said[:2], BEGIN_WORD, END_WORD, *said[2:])),
    )


def _counted(values: NDArray[np.int32], words: Sequence[str]) -> Counter[str]:
    counts = np.bincount(values, minlength=len(words)).tolist()
    return Counter(dict(zip(words, counts, strict=True)))


def encode_sources(sources: Sources, words: Sequence[str], vocabularies: SummaryVocabularies) -> EncodedSources:
    """``sources`` under ``vocabularies``."""
    return EncodedSources(
        sources.trees.relabelled(_ids(sources.labels, vocabularies.labels)),
        sources.tokens.numbered(_ids(words, vocabularies.tokens)),
        sources.tokens.numbered(word_numbers(words, vocabularies.words)),
    )


def _ids(words: Sequence[str], vocabulary: Vocabulary) -> Ids:
    return np.array([vocabulary.id_of(word) for word in words], np.int64)


def word_numbers(words: Sequence[str], vocabulary: Vocabulary) -> Ids:
    """What the decoder calls each of ``words``: its id, or V + its place."""
    size = len(vocabulary)
    return np.array([vocabulary.id_of(word) if word in vocabulary else size + at for at, word in enumerate(words)])


def word_of(number: int, words: Sequence[str], vocabulary: Vocabulary) -> str:
    """The word that :func:`word_numbers` gave ``number``."""
    return vocabulary.words[number] if number < len(vocabulary) else words[number - len(vocabulary)]
