"""Everything a search or naming system is trained on, as arrays.

In: a corpus folder, a configuration, the frozen language model. Out: :class:`SearchData`. Three views of a function:
``visible`` (its name shown, no docstring), ``masked`` (name hidden, no docstring), and for naming heads that read the
language model ``described`` (name hidden, docstring kept; a third of the documented ones). Queries are first docstring
sentences. Test packages are not read.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from codekin_model.corpus.build import read_corpus
from codekin_model.corpus.function import CorpusFunction, has_query, is_named_well
from codekin_model.corpus.package_list import Split
from codekin_model.extraction.passage import passage
from codekin_model.extraction.tokens import subtokens
from codekin_model.torch_runtime.frozen_model import FrozenModel
from codekin_model.torch_runtime.search_config import CodePart
from codekin_model.training.code_view import CodeView, Halves, QueryView, Rows
from codekin_model.training.context_store import name_vocabulary
from codekin_model.training.features import (
    NAMES,
    SUBTOKENS,
    Reader,
    Vocabularies,
    code_vocabularies,
    keeping,
    read_view,
)
from codekin_model.training.machine import TrainingError
from codekin_model.training.search_config import DataConfig, NamesConfig, SearchConfig
from codekin_model.vocab.vocabulary import Vocabulary

_SEED = 17
_DESCRIBED = 3
"""One in so many documented functions is embedded with its docstring too: enough to learn from, a third of the work."""
_SHARE = {Split.TRAIN: 1.0, Split.VALIDATION: 2 / 15}
"""Of the bounds in :class:`DataConfig`: validation is measured each epoch, so it is the smaller one."""


@dataclass(frozen=True)
class NamingData:
    """``labels`` (functions,) are ids of names. The language model's vectors are None where it reads no code.

    Row k of ``described`` is function ``described_rows[k]``; ``names`` has a row for each name of the vocabulary.
    """

    labels: Rows
    described_rows: Rows
    described: Halves | None
    names: Halves | None


@dataclass(frozen=True)
class SearchData:
    """Arrays over the same functions.

    ``functions[i]`` has row i in ``splits`` and ``masked``; row j of ``visible`` and ``queries``, which are there where
    search is learnt, is ``functions[documented[j]]``. ``subtokens`` are the language model's vectors of the words of
    terminals, where both it and code2vec read code. ``text`` is the width of its vectors.
    """

    functions: Sequence[CorpusFunction]
    splits: NDArray[np.str_]
    documented: Rows
    masked: CodeView
    visible: CodeView | None
    queries: QueryView | None
    naming: NamingData | None
    vocabularies: Vocabularies
    subtokens: Halves | None
    text: int

    def rows(self, split: Split) -> Rows:
        """The functions of ``split``."""
        return np.flatnonzero(self.splits == split.value)

    def documented_rows(self, split: Split) -> Rows:
        """Positions in ``documented`` whose functions are of ``split``."""
        return np.flatnonzero(self.splits[self.documented] == split.value)


def load_search_data(
    config: SearchConfig | NamesConfig, corpus: Path, features: Path, model: FrozenModel | None
) -> SearchData:
    """Read and extract a corpus; what takes long is kept below ``features``.

    Raises:
        CorpusError: ``corpus`` holds none.
        TrainingError: search is to be learnt, and no function has a docstring to train or to validate with.

    """
    pairs = sampled(corpus, config.data)
    return _Loading(config, pairs, features, model).data()


def sampled(corpus: Path, data: DataConfig) -> list[tuple[Split, CorpusFunction]]:
    """A seeded sample of each split, in the corpus' order, of functions that count for search or for names."""
    kinds = [(split, has_query(each), is_named_well(each)) for split, each in read_corpus(corpus)]
    kept: set[int] = set()
    for split, share in _SHARE.items():
        mine = [at for at, (its, _, _) in enumerate(kinds) if its is split]
        shuffled: list[int] = np.random.default_rng(_SEED).permutation(len(mine)).tolist()
        order = [mine[at] for at in shuffled]
        kept.update([at for at in order if kinds[at][1]][: int(share * data.documented)])
        named = [at for at in order if not kinds[at][1] and kinds[at][2]]
        kept.update(named[: int(share * data.undocumented)])
    return [pair for at, pair in enumerate(read_corpus(corpus)) if at in kept]


class _Loading:
    """The stages of :func:`load_search_data`, which share a sample."""

    def __init__(
        self,
        config: SearchConfig | NamesConfig,
        pairs: Sequence[tuple[Split, CorpusFunction]],
        features: Path,
        model: FrozenModel | None,
    ) -> None:
        self._config, self._features, self._model = config, features, model
        self._functions = [function for _, function in pairs]
        self._splits = np.array([split.value for split, _ in pairs])
        self._training = np.flatnonzero(self._splits == Split.TRAIN.value)
        self._documented = np.array([at for at, each in enumerate(self._functions) if has_query(each)], np.int64)
        self._query = config.query if isinstance(config, SearchConfig) else None
        for split in (Split.TRAIN, Split.VALIDATION) if self._query else ():
            if split.value not in self._splits[self._documented].tolist():
                raise TrainingError(
                    f"no {split.value} function has a docstring to search with: train on more code, or read more of it "
                    f"(data.documented is {config.data.documented})"
                )

    def data(self) -> SearchData:
        config = self._config
        masked = read_view(self._functions, config.code, self._features / "structure", masked=True)
        vocabularies = code_vocabularies(masked, self._questions(self._training), self._training, config.data)
        is_named = isinstance(config, NamesConfig) or config.training.naming > 0
        if is_named:
            vocabularies[NAMES] = names_of(self._picked(self._training), config.data.names)
        prefix = self._model.query_prefix if self._model else ""
        embed = keeping(self._model, self._features)
        reader = Reader(config.code, self._query, vocabularies, config.data, embed, prefix)
        return SearchData(
            functions=self._functions,
            splits=self._splits,
            documented=self._documented,
            masked=reader.view(masked, "masked"),
            visible=self._visible(reader) if self._query else None,
            queries=reader.questions(self._questions(self._documented), "query") if self._query else None,
            naming=self._naming(reader) if is_named else None,
            vocabularies=vocabularies,
            subtokens=self._subtokens(reader),
            text=self._model.width if self._model else 0,
        )

    def _picked(self, rows: Rows) -> list[CorpusFunction]:
        places: list[int] = rows.tolist()
        return [self._functions[at] for at in places]

    def _questions(self, rows: Rows) -> list[str]:
        if self._query is None:
            return []
        return [function.summary or "" for function in self._picked(rows)]

    def _visible(self, reader: Reader) -> CodeView:
        functions = self._picked(self._documented)
        raw = read_view(functions, self._config.code, self._features / "structure", masked=False)
        return reader.view(raw, "visible")

    def _naming(self, reader: Reader) -> NamingData:
        names = reader.vocabularies[NAMES]
        labels = np.array([names.id_of(each.unit.name.strip("_")) for each in self._functions], np.int64)
        if CodePart.LANGUAGE_MODEL not in self._config.code:
            return NamingData(labels, np.zeros(0, np.int64), None, None)
        count = len(self._documented) // _DESCRIBED
        rows = np.random.default_rng(_SEED).permutation(self._documented)[:count]
        texts = [passage(each.unit, masked=True) for each in self._picked(rows)]
        words = [" ".join(subtokens(name)) for name in names.words]
        described = reader.vectors(texts, "described") if texts else None
        return NamingData(labels, rows, described, reader.vectors(words, "name"))

    def _subtokens(self, reader: Reader) -> Halves | None:
        if not {CodePart.LANGUAGE_MODEL, CodePart.CODE2VEC} <= set(self._config.code):
            return None
        return reader.vectors(reader.vocabularies[SUBTOKENS].words, "subtoken")


def names_of(functions: Sequence[CorpusFunction], at_most: int) -> Vocabulary:
    """The closed vocabulary of whole names, outer underscores off."""
    counts: Counter[str] = Counter()
    packages: defaultdict[str, set[str]] = defaultdict(set)
    for function in filter(is_named_well, functions):
        name = function.unit.name.strip("_")
        counts[name] += 1
        packages[name].add(function.package)
    return name_vocabulary(counts, Counter({name: len(users) for name, users in packages.items()}), at_most)
