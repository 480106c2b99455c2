"""Training systems of kind ``search`` and ``names``: configuration and corpus in, run folder out.

A killed training that is started again with the same configuration and folder goes on where it stopped.
"""

from pathlib import Path

import msgspec
import torch
from torch import nn
from torch.nn import functional

from codekin_model.checkpoint.run import Run
from codekin_model.torch_runtime.code_encoder import Extents
from codekin_model.torch_runtime.frozen_model import FrozenModel, load_frozen_model
from codekin_model.torch_runtime.search_model import NamesModel, SearchModel
from codekin_model.training.beside import LANGUAGE_MODEL
from codekin_model.training.features import Vocabularies
from codekin_model.training.loop import LoopOptions, fit
from codekin_model.training.machine import current_machine
from codekin_model.training.run_folder import start_run
from codekin_model.training.search_config import DataConfig, NamesConfig, SearchConfig, reads_language_model
from codekin_model.training.search_data import SearchData, load_search_data
from codekin_model.training.search_problem import SearchProblem
from codekin_model.vocab.vocabulary import UNKNOWN

FEATURES = "features"
"""Folder inside a corpus: what takes long to compute and many runs share."""
TEXT_WIDTH = "text"
"""A fact of a run: the width of the frozen model's vectors."""


def train_search(config: SearchConfig, corpus: Path, out: Path, *, features: Path | None = None) -> Path:
    """Train a joint-embedding system into the run folder ``out``, which is given back.

    What takes long to compute is kept in ``features``, by default inside the corpus.

    Raises:
        CorpusError: ``corpus`` holds none.
        CheckpointError: the language model cannot be loaded.
        TrainingError: the corpus is too small, or the loss is no number.

    """
    return _train(config, corpus, out, features)


def train_names(config: NamesConfig, corpus: Path, out: Path, *, features: Path | None = None) -> Path:
    """Train code2vec's label head, as :func:`train_search` trains search."""
    return _train(config, corpus, out, features)


def _train(config: SearchConfig | NamesConfig, corpus: Path, out: Path, features: Path | None) -> Path:
    query = config.query if isinstance(config, SearchConfig) else None
    needed = reads_language_model(config.code, query)
    model = load_frozen_model(config.language_model, torch.get_num_threads()) if needed else None
    with current_machine().first_first():
        data = load_search_data(config, corpus, features or corpus / FEATURES, model)
    torch.manual_seed(config.training.seed)
    module = new_model(config, data)
    start_run(out, describe(config, data, model))
    options = config.training
    loop = LoopOptions(
        out,
        epochs=options.epochs,
        learning_rate=options.learning_rate,
        patience=options.patience,
        seed=options.seed,
    )
    fit(SearchProblem(data, module, options), loop)
    return out


def describe(config: SearchConfig | NamesConfig, data: SearchData, model: FrozenModel | None) -> Run:
    """What a run's weights cannot be read without."""
    facts: dict[str, int | str] = {TEXT_WIDTH: data.text}
    if model is not None:
        facts[LANGUAGE_MODEL] = model.fingerprint
    return Run(config.kind, msgspec.to_builtins(config), data.vocabularies, facts)


def new_model(config: SearchConfig | NamesConfig, data: SearchData) -> SearchModel | NamesModel:
    """An untrained model of the sizes that ``data`` asks for.

    Where the language model reads the code as well, code2vec's sub-tokens start as the main directions of its vectors
    of them, and names as those vectors themselves.
    """
    extents = extents_of(data.vocabularies, config.data, data.text)
    model = search_model(config, extents) if isinstance(config, SearchConfig) else names_model(config, extents)
    with torch.no_grad():
        if data.subtokens is not None and model.code.code2vec is not None:
            _start_words(model.code.code2vec.subtokens, torch.from_numpy(data.subtokens.astype("float32")))
        if data.naming is not None and data.naming.names is not None and model.naming is not None:
            model.naming.names.copy_(torch.from_numpy(data.naming.names.astype("float32")))
    return model


def search_model(config: SearchConfig, extents: Extents) -> SearchModel:
    """The module that ``config`` names, before any training."""
    naming = config.training.naming > 0
    return SearchModel(config.encoder, config.query, config.pooling, extents, naming=naming)


def names_model(config: NamesConfig, extents: Extents) -> NamesModel:
    """The module that ``config`` names, before any training."""
    return NamesModel(config.encoder, extents)


def extents_of(vocabularies: Vocabularies, data: DataConfig, text: int) -> Extents:
    """Sizes of embeddings and heads; ``text`` is the width of the language model's vectors."""
    counts = {name: len(vocabulary) for name, vocabulary in vocabularies.items()}
    return Extents(text=text, **counts, code_tokens=data.code_tokens, query_tokens=data.query_tokens)


def _start_words(table: nn.Embedding, words: torch.Tensor) -> None:
    """Rows of ``table`` (words, embedding) as the main directions of ``words`` (words, text)."""
    first, centred = UNKNOWN + 1, words - words.mean(0)
    directions = torch.linalg.svd(centred, full_matrices=False).Vh[: table.embedding_dim]
    table.weight[first:, : len(directions)] = functional.normalize(centred @ directions.T, dim=-1)[first:]
