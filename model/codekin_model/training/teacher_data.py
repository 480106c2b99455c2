"""What the teacher is fine-tuned on, as flat arrays: two views of each function, its name, and how people ask for it.

In: a corpus, a tokenizer, files of written questions. Out: :class:`TeacherData`. The masked view carries, for every
word-piece, the identifier word that it belongs to, so that a decoder can copy words. Docstrings are in neither view.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from codekin_model.corpus.build import read_corpus
from codekin_model.corpus.function import CorpusFunction, has_query, is_named_well
from codekin_model.corpus.package_list import Split
from codekin_model.extraction.passage import passage
from codekin_model.extraction.tokens import name_words
from codekin_model.runtime.word_pieces import WordPieces
from codekin_model.source.unit_tree import unit_tree
from codekin_model.training.teacher_config import TeacherSizes
from codekin_model.training.written_questions import check_fitting, read_questions
from codekin_model.vocab.vocabulary import Vocabulary, vocabulary_of

Ids = NDArray[np.int32]
NO_WORD = -1
"""A word-piece that belongs to no identifier word."""
_NAME_PARTS = 7
"""Words of a name that are learnt; one in a thousand names is longer."""
_RAREST = 3


@dataclass(frozen=True, slots=True)
class Ragged:
    """Rows of different lengths, one behind the other: row i is ``values[starts[i]:starts[i + 1]]``."""

    values: Ids
    starts: NDArray[np.int64]

    def __getitem__(self, row: int) -> Ids:
        return self.values[self.starts[row] : self.starts[row + 1]]

    def __len__(self) -> int:
        return len(self.starts) - 1


def ragged(rows: Iterable[Sequence[int] | Ids]) -> Ragged:
    """Rows as one array."""
    listed = [np.asarray(row, np.int32) for row in rows]
    starts = np.concatenate([[0], np.cumsum([len(row) for row in listed], dtype=np.int64)])
    return Ragged(np.concatenate([np.zeros(0, np.int32), *listed]), starts)


@dataclass(frozen=True)
class TeacherData:
    """Rows over the same functions.

    ``masked`` and ``visible`` are word-piece ids; ``words`` (shaped as ``masked``) are ids of identifier words or
    :data:`NO_WORD`; ``names`` are the ids of the words of the name, empty where it is not to be learnt. Word ids below
    ``len(vocabulary)`` are the decoder's own, the others can only be copied. ``queries[i]`` are texts for function i.
    """

    packages: Sequence[str]
    splits: NDArray[np.str_]
    masked: Ragged
    words: Ragged
    visible: Ragged
    names: Ragged
    plain_names: Sequence[str]
    sentences: Sequence[str]
    questions: Mapping[int, Sequence[str]]
    vocabulary: Vocabulary


def load_teacher_data(
    corpus: Path,
    questions: Path | None,
    pieces: WordPieces,
    sizes: TeacherSizes,
    vocabulary: Vocabulary | None = None,
) -> TeacherData:
    """Read and tokenize the training and validation packages of ``corpus``; test packages are never opened here.

    ``questions`` is a file of ``fingerprint<TAB>query<TAB>query...`` lines. ``vocabulary`` is that of the run to go on
    from; without it, the words of the corpus' names that are frequent.

    Raises:
        CorpusError: there is no corpus.
        TrainingError: ``questions`` is no such file, or asks for none of the functions.
    """
    asked = read_questions(questions) if questions else {}
    chosen = choose_functions(corpus, sizes, asked)
    functions = [function for _, function in chosen]
    if questions:
        check_fitting(questions, asked, (each.unit.fingerprint for split, each in chosen if split is Split.TRAIN))
    masked_texts = [passage(each.unit, masked=True, docstring=False) for each in functions]
    visible_texts = [passage(each.unit, docstring=False, tree=unit_tree(each.unit)) for each in functions]
    word_ids = WordIds(vocabulary or _vocabulary(chosen, sizes.words))
    masked = [pieces.with_words(text, sizes.tokens) for text in masked_texts]
    return TeacherData(
        packages=[each.package for each in functions],
        splits=np.array([split.value for split, _ in chosen]),
        masked=ragged(each.ids for each in masked),
        words=ragged([word_ids.of(w) if w else NO_WORD for w in each.words] for each in masked),
        visible=ragged(pieces.encode(text, sizes.tokens) for text in visible_texts),
        names=ragged([word_ids.of(w) for w in learnt_name(each)] for each in functions),
        plain_names=[" ".join(name_words(each.unit.name)) for each in functions],
        sentences=[(each.summary or "") if has_query(each) else "" for each in functions],
        questions={
            at: asked[each.unit.fingerprint] for at, each in enumerate(functions) if each.unit.fingerprint in asked
        },
        vocabulary=word_ids.vocabulary,
    )


def choose_functions(
    corpus: Path, sizes: TeacherSizes, asked: Mapping[str, Sequence[str]]
) -> list[tuple[Split, CorpusFunction]]:
    """A seeded share of each package; what questions were written for is always in it."""
    groups: defaultdict[tuple[Split, str, bool], list[CorpusFunction]] = defaultdict(list)
    kept: list[tuple[Split, CorpusFunction]] = []
    for split, function in read_corpus(corpus):
        if split is Split.TEST:
            continue
        if function.unit.fingerprint in asked and split is Split.TRAIN:
            kept.append((split, function))
        elif has_query(function) or is_named_well(function):
            groups[split, function.package, has_query(function)].append(function)
    for (split, _, documented), functions in groups.items():
        bound = (sizes.documented if documented else sizes.undocumented) if split is Split.TRAIN else sizes.held_out
        order = np.random.default_rng(sizes.seed).permutation(len(functions))[:bound].tolist()
        kept += [(split, functions[at]) for at in order]
    return kept


def learnt_name(function: CorpusFunction) -> tuple[str, ...]:
    """The words of a name; none where it is not to be learnt."""
    return name_words(function.unit.name)[:_NAME_PARTS] if is_named_well(function) else ()


def _vocabulary(chosen: Sequence[tuple[Split, CorpusFunction]], at_most: int) -> Vocabulary:
    counts = Counter(
        word for split, function in chosen if split is Split.TRAIN for word in name_words(function.unit.name)
    )
    return vocabulary_of(counts, at_least=_RAREST, at_most=at_most)


class WordIds:
    """Numbers for words: those of a vocabulary first, every other as it comes."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._others: dict[str, int] = {}

    def of(self, word: str) -> int:
        """The number of ``word``."""
        if word in self.vocabulary:
            return self.vocabulary.id_of(word)
        return self._others.setdefault(word, len(self.vocabulary) + len(self._others))
