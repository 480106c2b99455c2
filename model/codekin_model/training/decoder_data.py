"""What a decoder is trained on: word-pieces, the word at each of them that can be copied, and the words to write.

In: corpora, a tokenizer, the vocabulary of names or none yet. Out: :class:`DecoderSet`. Words of names are numbered as
in :mod:`codekin_model.heads.name_decoder`, those of sentences as in :mod:`codekin_model.heads.summary`. Test packages
are never opened here.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from codekin_model.corpus.function import CorpusFunction, has_query, is_named_well
from codekin_model.corpus.package_list import Split
from codekin_model.extraction.passage import passage
from codekin_model.runtime.word_pieces import WordedPieces, WordPieces
from codekin_model.training.decoder_config import DecoderData, DecoderSizes
from codekin_model.training.machine import TrainingError
from codekin_model.training.teacher_config import TeacherSizes
from codekin_model.training.teacher_data import NO_WORD, Ragged, WordIds, choose_functions, learnt_name, ragged
from codekin_model.vocab.summary_text import BEGIN_WORD, END_WORD, summary_words
from codekin_model.vocab.vocabulary import PADDING, Vocabulary, vocabulary_of

_RAREST = 3


@dataclass(frozen=True)
class DecoderSet:
    """Rows are functions: ``ids`` of word-pieces, ``words`` of the same shape, and the ``targets`` to be written."""

    ids: Ragged
    words: Ragged
    targets: Ragged
    splits: NDArray[np.str_]
    vocabulary: Vocabulary


def read_names(corpora: Sequence[Path], pieces: WordPieces, data: DecoderData, vocabulary: Vocabulary) -> DecoderSet:
    """Functions whose names are worth learning, masked, with the words of their names.

    The frequent words of these names that ``vocabulary`` lacks follow its own.
    """
    chosen = [each for each in _chosen(corpora, data) if is_named_well(each[1])]
    vocabulary = _with_new_words(vocabulary, chosen, data.new_words)
    numbers = WordIds(vocabulary)
    worded = [pieces.with_words(each, data.tokens) for each in _passages(chosen, masked=True)]
    return DecoderSet(
        ragged(each.ids for each in worded),
        _numbered(worded, numbers, NO_WORD),
        ragged([numbers.of(word) for word in learnt_name(function)] for _, function in chosen),
        _splits(chosen),
        vocabulary,
    )


def read_summaries(corpora: Sequence[Path], pieces: WordPieces, data: DecoderData, sizes: DecoderSizes) -> DecoderSet:
    """Documented functions without their docstrings, with the words of the first sentence.

    Raises:
        TrainingError: nothing is documented.
    """
    chosen = [each for each in _chosen(corpora, data) if has_query(each[1])]
    if not chosen:
        raise TrainingError("no function has a docstring to learn from: train on more code")
    sentences = [summary_words(function.summary or "") for _, function in chosen]
    vocabulary = _sentence_vocabulary(chosen, sentences, sizes.words)
    numbers = WordIds(vocabulary)
    worded = [pieces.with_words(each, data.tokens) for each in _passages(chosen, masked=False)]
    return DecoderSet(
        ragged(each.ids for each in worded),
        _numbered(worded, numbers, PADDING),
        ragged([numbers.of(word) for word in [*words, END_WORD][: sizes.length]] for words in sentences),
        _splits(chosen),
        vocabulary,
    )


def _chosen(corpora: Sequence[Path], data: DecoderData) -> list[tuple[Split, CorpusFunction]]:
    sizes = TeacherSizes(data.documented, data.undocumented, data.held_out, data.tokens, seed=data.seed)
    return [each for corpus in corpora for each in choose_functions(corpus, sizes, {})]


def _with_new_words(vocabulary: Vocabulary, chosen: Sequence[tuple[Split, CorpusFunction]], at_most: int) -> Vocabulary:
    names = (learnt_name(function) for split, function in chosen if split is Split.TRAIN)
    counts = Counter(word for name in names for word in name if word not in vocabulary)
    frequent = [word for word, count in counts.most_common(at_most) if count >= _RAREST]
    return Vocabulary((*vocabulary.words, *frequent))


def _passages(chosen: Sequence[tuple[Split, CorpusFunction]], *, masked: bool) -> Iterator[str]:
    return (passage(function.unit, masked=masked, docstring=False) for _, function in chosen)


def _numbered(worded: Sequence[WordedPieces], numbers: WordIds, nothing: int) -> Ragged:
    return ragged([numbers.of(word) if word else nothing for word in each.words] for each in worded)


def _splits(chosen: Sequence[tuple[Split, CorpusFunction]]) -> NDArray[np.str_]:
    return np.array([split.value for split, _ in chosen])


def _sentence_vocabulary(
    chosen: Sequence[tuple[Split, CorpusFunction]], sentences: Sequence[Sequence[str]], at_most: int
) -> Vocabulary:
    """The frequent words of training sentences, after the marks that a decoder of summaries needs."""
    counts = Counter(
        word for (split, _), words in zip(chosen, sentences, strict=True) if split is Split.TRAIN for word in words
    )
    said = vocabulary_of(counts, at_least=_RAREST, at_most=at_most).words
    return Vocabulary((*said[:2], BEGIN_WORD, END_WORD, *said[2:]))
