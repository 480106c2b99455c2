"""Everything the fusion is trained and measured on, as arrays.

In: a corpus folder and the frozen language model. Out: :class:`FusionData`: for each function its texts' vectors, path
contexts, name label and split. Three views of a function: ``visible`` (its name shown, no docstring), ``masked`` (name
hidden, no docstring) and ``described`` (name hidden, docstring kept; a third of the documented ones). Queries are first
docstring sentences.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from codekin_model.corpus.build import read_corpus
from codekin_model.corpus.function import CorpusFunction, has_query, is_named_well
from codekin_model.corpus.package_list import Split
from codekin_model.embedder import Vectors
from codekin_model.extracted import extract
from codekin_model.extraction.passage import passage
from codekin_model.extraction.paths import PathLimits
from codekin_model.extraction.tokens import subtokens
from codekin_model.training.context_store import ContextStore, EncodedContexts, count_structure, encode, name_vocabulary
from codekin_model.training.text_store import embed_all
from codekin_model.vocab.context_batch import StructureVocabulary
from codekin_model.vocab.vocabulary import Vocabulary

Rows = NDArray[np.int64]

_SEED = 17
_DESCRIBED = 3
"""One in so many documented functions is embedded with its docstring too: enough to learn from, a third of the work."""
_CONTEXTS = PathLimits().contexts
_REPORT_EVERY = 1000
_SHARE = {Split.TRAIN: 1.0, Split.VALIDATION: 2 / 15, Split.TEST: 1 / 5}
"""Of the bounds in :class:`DataSizes`: validation is measured each epoch, so it is the smaller one."""


@dataclass(frozen=True)
class FusionData:
    """Arrays over the same functions.

    ``functions[i]`` has row i in ``splits``, ``labels`` and what is masked; row j of what is visible and of
    ``queries`` is ``functions[documented[j]]``; row k of ``described_text`` is ``functions[described[k]]``.
    ``name_texts`` and ``subtoken_texts`` are the vectors of the two vocabularies' words.
    """

    functions: Sequence[CorpusFunction]
    splits: NDArray[np.str_]
    documented: Rows
    described: Rows
    masked_text: NDArray[np.float16]
    visible_text: NDArray[np.float16]
    described_text: NDArray[np.float16]
    queries: NDArray[np.float16]
    masked_contexts: EncodedContexts
    visible_contexts: EncodedContexts
    structure: StructureVocabulary
    names: Vocabulary
    labels: Rows
    name_texts: NDArray[np.float16]
    subtoken_texts: NDArray[np.float16]

    def rows(self, split: Split) -> Rows:
        """The functions of ``split``."""
        return np.flatnonzero(self.splits == split.value)

    def documented_rows(self, split: Split) -> Rows:
        """Positions in ``documented`` whose functions are of ``split``."""
        return np.flatnonzero(self.splits[self.documented] == split.value)


@dataclass(frozen=True, slots=True)
class DataSizes:
    """Upper bounds of vocabularies, of training functions; held-out splits take a share."""

    subtokens: int = 16_000
    paths: int = 20_000
    names: int = 12_000
    documented: int = 24_000
    undocumented: int = 9_000


def _sampled(pairs: Sequence[tuple[Split, CorpusFunction]], sizes: DataSizes) -> list[tuple[Split, CorpusFunction]]:
    """A seeded sample of each split, in the corpus' order, of functions that count for search or for names."""
    kept: list[int] = []
    for split in Split:
        mine = [at for at, (its, _) in enumerate(pairs) if its is split]
        shuffled: list[int] = np.random.default_rng(_SEED).permutation(len(mine)).tolist()
        order = [mine[at] for at in shuffled]
        kept += [at for at in order if has_query(pairs[at][1])][: int(_SHARE[split] * sizes.documented)]
        named = [at for at in order if not has_query(pairs[at][1]) and is_named_well(pairs[at][1])]
        kept += named[: int(_SHARE[split] * sizes.undocumented)]
    return [pairs[at] for at in sorted(kept)]


def load_data(
    corpus: Path, cache: Path, embed: Callable[[Sequence[str]], Vectors], sizes: DataSizes | None = None
) -> FusionData:
    """Read, extract and embed a corpus; the vectors are kept below ``cache``."""
    sizes = sizes or DataSizes()
    pairs = _sampled(list(read_corpus(corpus)), sizes)
    functions = [function for _, function in pairs]
    splits = np.array([split.value for split, _ in pairs])
    documented = np.array([at for at, function in enumerate(functions) if has_query(function)], np.int64)
    described = np.random.default_rng(_SEED).permutation(documented)[: len(documented) // _DESCRIBED]
    some = _picked(functions, documented)
    texts = _passages(functions, some, _picked(functions, described))
    vectors = {title: embed_all(passages, embed, cache / "text", title) for title, passages in texts.items()}
    store = ContextStore(_CONTEXTS)
    masked = _contexts(store, functions, masked=True)
    visible = _contexts(store, some, masked=False)
    training = splits == Split.TRAIN.value
    structure = count_structure(masked[training], store, sizes.subtokens, sizes.paths)
    names = _names(_picked(functions, np.flatnonzero(training)), sizes.names)
    words = {"name": [" ".join(subtokens(name)) for name in names.words], "subtoken": structure.subtokens.words}
    vectors |= {title: embed_all(texts, embed, cache / "text", title) for title, texts in words.items()}
    return FusionData(
        functions=functions,
        splits=splits,
        documented=documented,
        described=described,
        masked_text=vectors["masked"],
        visible_text=vectors["visible"],
        described_text=vectors["described"],
        queries=vectors["query"],
        masked_contexts=encode(masked, store, structure),
        visible_contexts=encode(visible, store, structure),
        structure=structure,
        names=names,
        labels=np.array([names.id_of(function.unit.name.strip("_")) for function in functions]),
        name_texts=vectors["name"],
        subtoken_texts=vectors["subtoken"],
    )


def _picked(functions: Sequence[CorpusFunction], rows: Rows) -> list[CorpusFunction]:
    places: list[int] = rows.tolist()
    return [functions[at] for at in places]


def _passages(
    functions: Sequence[CorpusFunction], documented: Sequence[CorpusFunction], described: Sequence[CorpusFunction]
) -> dict[str, list[str]]:
    """The texts of the three views and the queries, by the title that they are kept under."""
    return {
        "query": [function.summary or "" for function in documented],
        "visible": [passage(function.unit, docstring=False) for function in documented],
        "masked": [passage(function.unit, masked=True, docstring=False) for function in functions],
        "described": [passage(function.unit, masked=True) for function in described],
    }


def _contexts(store: ContextStore, functions: Sequence[CorpusFunction], *, masked: bool) -> NDArray[np.int32]:
    first = len(store)
    for at, function in enumerate(functions):
        store.add(extract(function.unit, masked=masked, docstring=False).contexts)
        if at % _REPORT_EVERY == 0:
            sys.stderr.write(f"\rcontexts: {at} of {len(functions)}")
    sys.stderr.write("\n")
    return store.triples(first)


def _names(functions: Sequence[CorpusFunction], at_most: int) -> Vocabulary:
    counts: Counter[str] = Counter()
    packages: defaultdict[str, set[str]] = defaultdict(set)
    for function in filter(is_named_well, functions):
        name = function.unit.name.strip("_")
        counts[name] += 1
        packages[name].add(function.package)
    return name_vocabulary(counts, Counter({name: len(users) for name, users in packages.items()}), at_most)
