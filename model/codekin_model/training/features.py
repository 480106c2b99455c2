"""From functions and questions to what encoders read: the one way that training and loaded runs share.

In: functions of a corpus, the parts that read them, vocabularies. Out: :class:`CodeView` and :class:`QueryView`. What
no part reads is not computed. Docstrings are never read.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from codekin_model.corpus.function import CorpusFunction
from codekin_model.extraction.passage import passage
from codekin_model.extraction.tokens import split_words
from codekin_model.torch_runtime.frozen_model import FrozenModel
from codekin_model.torch_runtime.search_config import CodePart, QueryKind
from codekin_model.training.code_view import CodeView, Halves, QueryView, Rows
from codekin_model.training.context_store import count_structure, encode
from codekin_model.training.search_config import DataConfig
from codekin_model.training.structure_store import InternedContexts, InternedTrees, read_contexts, read_trees
from codekin_model.training.text_store import embed_all
from codekin_model.vocab.context_batch import StructureVocabulary
from codekin_model.vocab.token_batch import encode_tokens
from codekin_model.vocab.vocabulary import Vocabulary, vocabulary_of

SUBTOKENS, PATHS, LABELS, WORDS, NAMES = "subtokens", "paths", "labels", "words", "names"
"""What the vocabularies of a run are called: those that its encoders and heads need."""
_RAREST = 5
"""What is seen less often has no vector worth having; it reads as unknown, and so the unknown one is trained."""

Vocabularies = Mapping[str, Vocabulary]
Embed = Callable[[Sequence[str], str], Halves]
"""Texts, and a title to keep their vectors under -> the language model's vectors."""


def keeping(model: FrozenModel | None, folder: Path | None) -> Embed | None:
    """``model`` with its vectors kept below ``folder``, where there is one, by the model's fingerprint."""
    if model is None:
        return None
    if folder is None:
        return lambda texts, _: model.embed(texts).astype(np.float16)
    return lambda texts, title: embed_all(texts, model.embed, model.fingerprint, folder / "text", title)


@dataclass(frozen=True)
class RawView:
    """One view of functions before any vocabulary; what no part reads is None."""

    passages: Sequence[str] | None
    contexts: InternedContexts | None
    trees: InternedTrees | None


def read_view(
    functions: Sequence[CorpusFunction], parts: Collection[CodePart], folder: Path | None, *, masked: bool
) -> RawView:
    """Extract what ``parts`` read; structure is kept in ``folder``, where there is one."""
    is_text = CodePart.LANGUAGE_MODEL in parts or CodePart.TOKENS in parts
    return RawView(
        [passage(each.unit, masked=masked, docstring=False) for each in functions] if is_text else None,
        read_contexts(functions, folder, masked=masked) if CodePart.CODE2VEC in parts else None,
        read_trees(functions, folder, masked=masked) if CodePart.COCOAST in parts else None,
    )


def code_vocabularies(view: RawView, questions: Iterable[str], rows: Rows, data: DataConfig) -> dict[str, Vocabulary]:
    """Count what the training functions ``rows`` of ``view`` are made of, and the training questions' words."""
    found: dict[str, Vocabulary] = {}
    if view.contexts is not None:
        structure = count_structure(view.contexts.triples[rows], view.contexts, data.subtokens, data.paths)
        found |= {SUBTOKENS: structure.subtokens, PATHS: structure.paths}
    if view.trees is not None:
        counts = np.bincount(view.trees.trees.labels_of(rows), minlength=len(view.trees.labels)).tolist()
        labels = Counter(dict(zip(view.trees.labels, counts, strict=True)))
        found[LABELS] = vocabulary_of(labels, at_least=_RAREST, at_most=data.labels)
    words = Counter(word for question in questions for word in split_words(question))
    if view.passages is not None:
        places: list[int] = rows.tolist()
        words.update(word for at in places for word in split_words(view.passages[at])[: data.code_tokens])
    found[WORDS] = vocabulary_of(words, at_least=_RAREST, at_most=data.words)
    return found


@dataclass(frozen=True)
class Reader:
    """``parts`` read code and ``query`` questions, by ``vocabularies``.

    ``embed`` is the frozen language model, which reads questions behind ``prefix``.
    """

    parts: Collection[CodePart]
    query: QueryKind | None
    vocabularies: Vocabularies
    data: DataConfig
    embed: Embed | None = None
    prefix: str = ""

    def view(self, raw: RawView, title: str) -> CodeView:
        """``raw`` as the encoders read it; the language model's vectors are kept under ``title``."""
        passages = raw.passages or ()
        has_tokens = CodePart.TOKENS in self.parts
        return CodeView(
            text=self.vectors(passages, title) if CodePart.LANGUAGE_MODEL in self.parts else None,
            contexts=None if raw.contexts is None else encode(raw.contexts.triples, raw.contexts, self._structure()),
            trees=None if raw.trees is None else raw.trees.trees.relabelled(self._label_ids(raw.trees.labels)),
            tokens=encode_tokens(passages, self.vocabularies[WORDS], self.data.code_tokens) if has_tokens else None,
        )

    def questions(self, texts: Sequence[str], title: str) -> QueryView:
        """``texts`` as the query encoder reads them."""
        if self.query is QueryKind.LANGUAGE_MODEL:
            return QueryView(text=self.vectors([self.prefix + text for text in texts], title))
        return QueryView(tokens=encode_tokens(texts, self.vocabularies[WORDS], self.data.query_tokens))

    def vectors(self, texts: Sequence[str], title: str) -> Halves:
        """The language model's vectors (texts, width)."""
        if self.embed is None:
            raise ValueError("this system reads the language model's vectors, and none was given")
        return self.embed(texts, title)

    def _structure(self) -> StructureVocabulary:
        return StructureVocabulary(self.vocabularies[SUBTOKENS], self.vocabularies[PATHS])

    def _label_ids(self, labels: Sequence[str]) -> NDArray[np.int64]:
        return np.array([self.vocabularies[LABELS].id_of(label) for label in labels], np.int64)
