"""Training a joint-embedding system (Ngo & Rivalan 2025, eq. 2), a naming head (eq. 1), or both on one code side.

In: :class:`SearchData` and a model put together from a configuration. Out: losses and validation figures for
:func:`codekin_model.training.loop.fit`. Must not know which encoders the model has.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from codekin_model.corpus.function import is_named_well
from codekin_model.corpus.package_list import Split
from codekin_model.embedder import Vectors
from codekin_model.evaluation.search import reciprocal_ranks
from codekin_model.fusion.part import Fused
from codekin_model.torch_runtime.search_model import NamesModel, SearchModel
from codekin_model.training.code_view import CodeView, Draw, QueryView, Rows
from codekin_model.training.machine import TrainingError
from codekin_model.training.search_config import TrainingConfig
from codekin_model.training.search_data import NamingData, SearchData
from codekin_model.vocab.vocabulary import UNKNOWN

_DESCRIBED = 0.4
"""Share of the naming head's functions, among those embedded with their docstring too, that keep it: in an editor some
functions to be named have one."""
_BATCH = 256
"""Functions at a time, or up to twice as many, where nothing is learnt: all their contexts are in memory at once."""


class Objective(Protocol):
    """One thing that is learnt."""

    def rows(self) -> Rows:
        """What an epoch goes through."""
        ...

    def loss(self, rows: Rows, draw: Draw) -> Mapping[str, Tensor]:
        """Named losses of a batch of :meth:`rows`."""
        ...

    def validate(self) -> Mapping[str, float]:
        """Figures, each between 0 and 1, the higher the better; call it under ``torch.no_grad``."""
        ...


class SearchProblem:
    """An epoch goes once through the rows of the first objective, beside as many batches of the others.

    With search: losses ``search`` (InfoNCE) and, where the model has a naming head, ``naming``. The score is the sum of
    all validation figures.
    """

    def __init__(self, data: SearchData, model: SearchModel | NamesModel, options: TrainingConfig) -> None:
        self._module, self._options = model, options
        self._objectives: list[Objective] = []
        if isinstance(model, SearchModel):
            self._objectives.append(SearchObjective(data, model, options))
        if data.naming is not None:
            weight = options.naming if isinstance(model, SearchModel) else 1.0
            self._objectives.append(NamingObjective(data, data.naming, model, weight))
        self._rows = [objective.rows() for objective in self._objectives]

    @property
    def module(self) -> nn.Module:
        """What holds the parameters."""
        return self._module

    def steps(self) -> int:
        """Batches of one epoch."""
        return len(self._rows[0]) // self._size

    @property
    def _size(self) -> int:
        """Rows of a batch: fewer than asked for where there is less data than that."""
        return min(self._options.batch, len(self._rows[0]))

    def losses(self, epoch: int, first: int) -> Iterable[Mapping[str, Tensor]]:
        """The losses from batch ``first`` on; a batch depends on the seed, the epoch and its number alone."""
        seed, size = self._options.seed, self._size
        shuffle = np.random.default_rng((seed, epoch))
        orders = [shuffle.permutation(rows) for rows in self._rows]
        for step in range(first, self.steps()):
            random = np.random.default_rng((seed, epoch, step))
            draw = Draw(random, self._options.contexts, self._options.word_dropout)
            at = np.arange(step * size, (step + 1) * size)
            losses: dict[str, Tensor] = {}
            for objective, order in zip(self._objectives, orders, strict=True):
                losses |= objective.loss(np.take(order, at, mode="wrap"), draw)
            yield losses

    def validate(self) -> Mapping[str, float]:
        """The figures of all objectives and their sum, ``score``."""
        figures: dict[str, float] = {}
        for objective in self._objectives:
            figures |= objective.validate()
        return figures | {"score": sum(figures.values())}


class SearchObjective:
    """Documented functions and the first sentences of their docstrings, some names masked, some visible."""

    def __init__(self, data: SearchData, model: SearchModel, options: TrainingConfig) -> None:
        if data.visible is None or data.queries is None:
            raise ValueError("the data was loaded without questions")
        self._data, self._model, self._options = data, model, options
        self._visible: CodeView = data.visible
        self._queries: QueryView = data.queries

    def rows(self) -> Rows:
        """Positions among the documented functions."""
        return self._data.documented_rows(Split.TRAIN)

    def loss(self, rows: Rows, draw: Draw) -> Mapping[str, Tensor]:
        """InfoNCE in both directions: each question among the batch's functions, each function among its questions."""
        masked = draw.random.random(len(rows)) < self._options.masking
        views = [self._fused(some, draw, masked=is_masked) for some, is_masked in _halves(rows, masked)]
        code = torch.cat([fused.meaning for fused in views])
        ordered = np.concatenate([some for some, _ in _halves(rows, masked)])
        queries = self._model.query(self._queries.batch(ordered, code.device))
        scores = queries @ code.T / self._options.temperature
        target = torch.arange(len(scores), device=scores.device)
        both = functional.cross_entropy(scores, target) + functional.cross_entropy(scores.T, target)
        return {"search": both / 2}

    def validate(self) -> Mapping[str, float]:
        """MRR over all validation functions, names visible and masked."""
        rows = self._data.documented_rows(Split.VALIDATION)
        queries = np.concatenate([self._asked(chunk) for chunk in _chunks(rows)])
        return {
            title: float(reciprocal_ranks(queries, self.encode(rows, masked=masked)).mean())
            for title, masked in (("visible", False), ("masked", True))
        }

    def encode(self, rows: Rows, *, masked: bool) -> Vectors:
        """Vectors of the documented functions ``rows``, without randomness; call it under ``torch.no_grad``."""
        return np.concatenate([_numpy(self._fused(chunk, None, masked=masked).vector) for chunk in _chunks(rows)])

    def _fused(self, rows: Rows, draw: Draw | None, *, masked: bool) -> Fused:
        view, places = (self._data.masked, self._data.documented[rows]) if masked else (self._visible, rows)
        return self._model.code(view.batch(places, device_of(self._model), draw))

    def _asked(self, rows: Rows) -> Vectors:
        return _numpy(self._model.query(self._queries.batch(rows, device_of(self._model))))


class NamingObjective:
    """Functions whose masked name is in the vocabulary, by cross-entropy."""

    def __init__(self, data: SearchData, naming: NamingData, model: SearchModel | NamesModel, weight: float) -> None:
        """Raises :class:`TrainingError` where there is nothing to train or to validate with."""
        self._data, self._naming, self._model, self._weight = data, naming, model, weight
        self._described = {int(row): at for at, row in enumerate(naming.described_rows)}
        if not len(self.rows()):
            raise TrainingError("no train function has a name that is frequent enough to be learnt: train on more code")
        if not len(self._named_well(Split.VALIDATION)):
            raise TrainingError("no validation function has a name to be measured by: train on more code")

    def rows(self) -> Rows:
        """Training functions with a name that can be learnt."""
        named = self._named_well(Split.TRAIN)
        return named[self._naming.labels[named] != UNKNOWN]

    def _named_well(self, split: Split) -> Rows:
        rows: list[int] = self._data.rows(split).tolist()
        return np.array([row for row in rows if is_named_well(self._data.functions[row])], np.int64)

    def loss(self, rows: Rows, draw: Draw) -> Mapping[str, Tensor]:
        """Cross-entropy with the true name; some functions keep their docstring."""
        keeps = draw.random.random(len(rows)) < _DESCRIBED
        scores = self._scores(rows, keeps, draw)
        labels = torch.from_numpy(self._naming.labels[rows]).to(scores.device)
        return {"naming": self._weight * functional.cross_entropy(scores, labels)}

    def validate(self) -> Mapping[str, float]:
        """The share of validation functions whose name is the first that comes to mind."""
        rows = self._named_well(Split.VALIDATION)
        labels = torch.from_numpy(self._naming.labels[rows])
        right = (self.scores(rows).argmax(-1) == labels) & (labels != UNKNOWN)
        return {"exact": float(right.float().mean())}

    def scores(self, rows: Rows, *, described: bool = False) -> Tensor:
        """Logits (rows, names), without randomness, docstrings kept where ``described``; on the processor."""
        parts = [self._scores(chunk, np.full(len(chunk), described), None).cpu() for chunk in _chunks(rows)]
        return torch.cat(parts)

    def _scores(self, rows: Rows, keeps: NDArray[np.bool_], draw: Draw | None) -> Tensor:
        batch = self._data.masked.batch(rows, device_of(self._model), draw)
        if batch.text is not None and self._naming.described is not None:
            places: list[int] = rows[keeps].tolist()
            for at, row in zip(np.flatnonzero(keeps).tolist(), places, strict=True):
                if row in self._described:
                    batch.text[at] = torch.from_numpy(self._naming.described[self._described[row]]).to(batch.text)
        return self._model.name_scores(self._model.code(batch))


def device_of(module: nn.Module) -> torch.device:
    """Where the parameters are."""
    return next(module.parameters()).device


def _halves(rows: Rows, masked: NDArray[np.bool_]) -> Iterator[tuple[Rows, bool]]:
    """Rows with their name masked, then the others; a half without any is left out."""
    for some, is_masked in ((rows[masked], True), (rows[~masked], False)):
        if len(some):
            yield some, is_masked


def _chunks(rows: Rows) -> list[Rows]:
    return np.array_split(rows, max(1, len(rows) // _BATCH))


def _numpy(vectors: Tensor) -> Vectors:
    return vectors.float().cpu().numpy()
