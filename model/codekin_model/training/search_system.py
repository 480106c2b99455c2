"""Trained runs of kind ``search`` and ``names`` as systems that can be measured and used.

In: a run folder. Out: :class:`codekin_model.evaluation.system.SearchSystem` and ``NamingSystem``. Functions are read as
in training: docstrings removed, the own name hidden where it is asked for.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file

from codekin_model.checkpoint.manifest import CheckpointError
from codekin_model.checkpoint.run import DESCRIPTION, Run, read_run, weights_of
from codekin_model.corpus.function import CorpusFunction
from codekin_model.embedder import Vectors
from codekin_model.evaluation.system import VectorSystem
from codekin_model.torch_runtime.frozen_model import check_fingerprint, load_frozen_model
from codekin_model.torch_runtime.search_config import QueryKind
from codekin_model.torch_runtime.search_model import NamesModel, SearchModel
from codekin_model.training.beside import LANGUAGE_MODEL
from codekin_model.training.features import NAMES, Reader, keeping, read_view
from codekin_model.training.search_config import NamesConfig, SearchConfig, reads_language_model
from codekin_model.training.search_problem import device_of
from codekin_model.training.strict_config import ConfigError, strictly
from codekin_model.training.train_search import TEXT_WIDTH, extents_of, names_model, search_model
from codekin_model.vocab.vocabulary import UNKNOWN

_BATCH = 128
"""Functions whose contexts and trees are in memory at once."""

_Config = TypeVar("_Config", SearchConfig, NamesConfig)
_Module = TypeVar("_Module", SearchModel, NamesModel)


class TrainedSearch(VectorSystem):
    """A run of kind ``search``."""

    def __init__(self, model: SearchModel, reader: Reader, features: Path | None) -> None:
        self.model = model.eval()
        self.reader = reader
        self._structure = features / "structure" if features else None

    @torch.inference_mode()
    def code(self, functions: Sequence[CorpusFunction], *, masked: bool) -> Vectors:
        """Vectors (functions, width) of length 1."""
        title = "masked" if masked else "visible"
        view = self.reader.view(read_view(functions, self.reader.parts, self._structure, masked=masked), title)
        device = device_of(self.model)
        vectors = [self.model.code(view.batch(rows, device)).vector for rows in _batches(len(functions))]
        return torch.cat(vectors).float().cpu().numpy()

    @torch.inference_mode()
    def queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors (texts, width) of length 1."""
        view, device = self.reader.questions(texts, "query"), device_of(self.model)
        vectors = [self.model.query(view.batch(rows, device)) for rows in _batches(len(texts))]
        return torch.cat(vectors).float().cpu().numpy()


class TrainedNames:
    """A naming head: whole names out of a closed vocabulary. That of a run of kind ``names``, or beside search."""

    def __init__(self, model: NamesModel | SearchModel, reader: Reader, features: Path | None) -> None:
        self.model = model.eval()
        self.reader = reader
        self._structure = features / "structure" if features else None

    @torch.inference_mode()
    def names(self, functions: Sequence[CorpusFunction], limit: int) -> list[list[tuple[str, float]]]:
        """For each function at most ``limit`` names with their probabilities, most probable first."""
        view = self.reader.view(read_view(functions, self.reader.parts, self._structure, masked=True), "masked")
        words, found = self.reader.vocabularies[NAMES].words, list[list[tuple[str, float]]]()
        for rows in _batches(len(functions)):
            scores = self.model.name_scores(self.model.code(view.batch(rows, device_of(self.model))))
            scores[:, : UNKNOWN + 1] = -torch.inf  # neither padding nor the unknown name can be offered
            best = scores.softmax(-1).topk(min(limit, len(words) - UNKNOWN - 1))
            for ids, shares in zip(best.indices.tolist(), best.values.tolist(), strict=True):
                found.append([(words[at], share) for at, share in zip(ids, shares, strict=True)])
        return found


class TrainedSearchAndNames(TrainedSearch):
    """A run of kind ``search`` with a naming head (``training.naming``)."""

    def __init__(self, model: SearchModel, reader: Reader, features: Path | None) -> None:
        super().__init__(model, reader, features)
        self._named = TrainedNames(model, reader, features)

    def names(self, functions: Sequence[CorpusFunction], limit: int) -> list[list[tuple[str, float]]]:
        """As :meth:`TrainedNames.names`."""
        return self._named.names(functions, limit)


def load_search_system(
    folder: Path, *, language_model: str | None = None, features: Path | None = None
) -> TrainedSearch:
    """The best state of a run of kind ``search``; one with a naming head names functions as well.

    ``language_model`` says where the frozen model lies now, if not where it lay in training; ``features`` is a folder
    to keep what takes long to compute in.

    Raises:
        CheckpointError: the folder holds no such run, or a damaged one, or the language model is another one.

    """
    run = read_run(folder, ["search"])
    config = _config(run, SearchConfig, folder)
    model = search_model(config, extents_of(run.vocabularies, config.data, _width(run)))
    reader = _reader(run, config, config.query, language_model, features)
    kind = TrainedSearch if model.naming is None else TrainedSearchAndNames
    return kind(_loaded(model, folder), reader, features)


def load_names_system(folder: Path, *, language_model: str | None = None, features: Path | None = None) -> TrainedNames:
    """The best state of a run of kind ``names``; see :func:`load_search_system`.

    Raises:
        CheckpointError: the folder holds no such run, or a damaged one, or the language model is another one.

    """
    run = read_run(folder, ["names"])
    config = _config(run, NamesConfig, folder)
    model = names_model(config, extents_of(run.vocabularies, config.data, _width(run)))
    return TrainedNames(_loaded(model, folder), _reader(run, config, None, language_model, features), features)


def _config(run: Run, kind: type[_Config], folder: Path) -> _Config:
    try:
        return strictly(run.config, kind, str(folder / DESCRIPTION))
    except ConfigError as problem:
        raise CheckpointError(f"{problem}: use the codekin it was trained with, or train it again") from problem


def _width(run: Run) -> int:
    """Of the frozen model's vectors; 0 where it takes no part."""
    return int(run.facts.get(TEXT_WIDTH, 0))


def _loaded(model: _Module, folder: Path) -> _Module:
    """``model`` with the best weights of the run in ``folder``."""
    weights = weights_of(folder)
    try:
        model.load_state_dict(load_file(weights))
    except RuntimeError as problem:
        raise CheckpointError(f"{weights} does not fit {folder / DESCRIPTION}: train the run again") from problem
    return model


def _reader(
    run: Run, config: SearchConfig | NamesConfig, query: QueryKind | None, source: str | None, features: Path | None
) -> Reader:
    """What reads code and questions for a loaded run; ``source`` is where its language model lies now."""
    frozen, prefix = None, ""
    if reads_language_model(config.code, query):
        language_model = replace(config.language_model, source=source or config.language_model.source)
        frozen = load_frozen_model(language_model, torch.get_num_threads())
        check_fingerprint(frozen, str(run.facts.get(LANGUAGE_MODEL)), language_model.source)
        prefix = frozen.query_prefix
    return Reader(config.code, query, run.vocabularies, config.data, keeping(frozen, features), prefix)


def _batches(count: int) -> list[NDArray[np.int64]]:
    return np.array_split(np.arange(count), max(1, -(-count // _BATCH)))
