"""Training over kept vectors: every function before all others of a large batch, whichever way it is asked for.

In: :class:`AskedVectors`. Out: losses and validation figures for the loop. All it reads are vectors that do not
change, so an epoch over 42,000 functions takes seconds.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from codekin_model.evaluation.search import reciprocal_ranks
from codekin_model.training.asked_config import AskedTraining
from codekin_model.training.asked_data import WAYS, AskedVectors
from codekin_model.training.loop import LoopOptions, fit

_VIEWS = (("visible", 0), ("masked", 1))
Rows = NDArray[np.int64]


class AskedProblem(ABC):
    """An epoch goes once through the training functions."""

    def __init__(self, data: AskedVectors, model: nn.Module, options: AskedTraining) -> None:
        self.module = model
        self._data, self._options = data, options

    def fit(self, out: Path) -> Path:
        """Train in the run folder ``out``, or go on there; the best state is at the path returned."""
        options = self._options
        loop = LoopOptions(
            out,
            epochs=options.epochs,
            learning_rate=options.learning_rate,
            weight_decay=0.0,
            patience=options.patience,
            seed=options.seed,
        )
        return fit(self, loop)

    @abstractmethod
    def code(self, rows: Rows, views: Rows) -> Tensor:
        """What the module makes of the functions ``rows`` (B,), visible (0) or masked (1): (B, width), of length 1."""

    @property
    def _size(self) -> int:
        """Rows of a batch: fewer than asked for where there is less data than that."""
        return min(self._options.batch, len(self._data.training))

    def steps(self) -> int:
        """Batches of one epoch."""
        return len(self._data.training) // self._size

    def losses(self, epoch: int, first: int) -> Iterable[Mapping[str, Tensor]]:
        """The losses of the batches from ``first`` on."""
        order = np.random.default_rng((self._options.seed, epoch)).permutation(self._data.training)
        for step in range(first, self.steps()):
            draw = np.random.default_rng((self._options.seed, epoch, step))
            yield {"search": self._loss(order[step * self._size : (step + 1) * self._size], draw)}

    def _loss(self, rows: Rows, draw: np.random.Generator) -> Tensor:
        """InfoNCE in both directions (Ngo & Rivalan 2025, eq. 2)."""
        views = (draw.random(len(rows)) < self._options.masking).astype(np.int64)
        code = self.code(rows, views)
        asked = self.tensor(self._data.questions[rows, draw.integers(WAYS, size=len(rows))])
        scores = asked @ code.T / self._options.temperature
        own = torch.arange(len(rows), device=scores.device)
        return (functional.cross_entropy(scores, own) + functional.cross_entropy(scores.T, own)) / 2

    def tensor(self, vectors: NDArray[np.float16]) -> Tensor:
        """``vectors`` where the module is."""
        return torch.from_numpy(vectors.astype(np.float32)).to(next(self.module.parameters()).device)

    def validate(self) -> Mapping[str, float]:
        """MRR of docstrings' sentences, names visible and masked; the score is their mean."""
        rows = self._data.validation
        asked = self._data.questions[rows, 0].astype(np.float32)
        found = {
            name: float(reciprocal_ranks(asked, self.code(rows, np.full(len(rows), view)).cpu().numpy()).mean())
            for name, view in _VIEWS
        }
        return found | {"score": sum(found.values()) / len(found)}
