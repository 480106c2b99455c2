"""Training a decoder over a language model's states.

In: :class:`DecoderSet` and the states of its rows. Out: losses and validation figures for the loop. Batches hold
functions of like length, so that little is padding.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from codekin_model.corpus.package_list import Split
from codekin_model.encoders.language_model import Pooling, pooled
from codekin_model.heads.name_decoder import END, NameDecoder, name_loss
from codekin_model.heads.summary import Memory, SummaryDecoder
from codekin_model.training.decoder_config import DecoderTraining
from codekin_model.training.decoder_data import DecoderSet
from codekin_model.training.machine import TrainingError
from codekin_model.training.state_store import TokenStates
from codekin_model.training.teacher_data import NO_WORD, Ragged
from codekin_model.vocab.vocabulary import PADDING

_POOL = 16
"""Batches whose functions are sorted by length together."""
Rows = NDArray[np.int64]


class NamesTask(nn.Module):
    """The decoder of names; the loss is that of a name."""

    filler = NO_WORD

    def __init__(self, decoder: NameDecoder, pooling: Pooling = Pooling.MEAN) -> None:
        super().__init__()
        self.decoder, self._pooling = decoder, pooling

    def forward(self, states: Tensor, real: Tensor, words: Tensor, targets: Tensor) -> Tensor:
        """States (B, T, width), ``words`` (B, T) at them, padded names (B, P) to a number."""
        vector = pooled(states, real.long(), self._pooling)
        target = functional.pad(targets, (0, 1), value=END)
        said = functional.pad(target[:, :-1], (1, 0), value=END)
        return name_loss(self.decoder(states, real, vector, said), words, target)


class SummariesTask(nn.Module):
    """The decoder of summaries over a language model's states; the loss is that of a word."""

    filler = PADDING

    def __init__(self, decoder: SummaryDecoder) -> None:
        super().__init__()
        self.decoder = decoder

    def forward(self, states: Tensor, real: Tensor, words: Tensor, targets: Tensor) -> Tensor:
        """States (B, T, width), ``words`` (B, T) at them, padded sentences (B, P) to a number."""
        return self.decoder.loss(Memory(states, real, words), targets)


class DecoderProblem:
    """An epoch goes once through the training functions."""

    def __init__(
        self, data: DecoderSet, states: TokenStates, task: NamesTask | SummariesTask, options: DecoderTraining
    ) -> None:
        self.module = task
        self._data, self._states, self._options = data, states, options
        self._training = np.flatnonzero(data.splits == Split.TRAIN.value)
        self._validation = np.flatnonzero(data.splits == Split.VALIDATION.value)
        if not len(self._validation):
            raise TrainingError("there is no validation function to measure with: train on more code")

    def steps(self) -> int:
        """Batches of one epoch."""
        return len(self._training) // self._options.batch

    def losses(self, epoch: int, first: int) -> Iterable[Mapping[str, Tensor]]:
        """The losses of the batches from ``first`` on."""
        draw = np.random.default_rng((self._options.seed, epoch))
        batches = self._batches(draw.permutation(self._training)[: self.steps() * self._options.batch])
        for at in draw.permutation(len(batches))[first:].tolist():
            yield {"loss": self._loss(batches[at])}

    def _batches(self, rows: Rows) -> list[Rows]:
        size = self._options.batch
        lengths = np.diff(self._data.ids.starts)
        pools = (rows[at : at + _POOL * size] for at in range(0, len(rows), _POOL * size))
        ordered = (pool[np.argsort(lengths[pool], kind="stable")] for pool in pools)
        return [pool[at : at + size] for pool in ordered for at in range(0, len(pool), size)]

    def _loss(self, rows: Rows) -> Tensor:
        device = next(self.module.parameters()).device
        listed: list[int] = rows.tolist()
        states, real = self._states.of(listed)
        words = _padded(self._data.words, listed, self.module.filler)
        targets = _padded(self._data.targets, listed, PADDING)
        return self.module(states.to(device), real.to(device), words.to(device), targets.to(device))

    def validate(self) -> Mapping[str, float]:
        """The mean loss over the validation functions; its opposite is the score."""
        ordered = self._validation[np.argsort(np.diff(self._data.ids.starts)[self._validation], kind="stable")]
        parts = np.array_split(ordered, -(-len(ordered) // self._options.batch))
        mean = float(np.average([self._loss(part).item() for part in parts], weights=[len(part) for part in parts]))
        return {"validation": mean, "score": -mean}


def _padded(rows: Ragged, chosen: Sequence[int], filler: int) -> Tensor:
    found = [rows[row] for row in chosen]
    padded = np.full((len(found), max(map(len, found))), filler, np.int64)
    for at, each in enumerate(found):
        padded[at, : len(each)] = each
    return torch.from_numpy(padded)
