"""Training the fusion: joint search (eq. 2) and names (eq. 1) over a frozen language model.

In: :class:`FusionData`. Out: losses and validation figures for :func:`codekin_model.training.loop.fit`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from codekin_model.corpus.function import is_named_well
from codekin_model.corpus.package_list import Split
from codekin_model.evaluation.search import reciprocal_ranks
from codekin_model.torch_runtime.fusion_model import FusedCode, FusionModel
from codekin_model.training.context_store import EncodedContexts
from codekin_model.training.fusion_data import FusionData, Rows
from codekin_model.vocab.context_batch import ContextBatch
from codekin_model.vocab.vocabulary import PADDING, UNKNOWN

_DESCRIBED = 0.4
"""Share of the naming head's functions, among those embedded with their docstring too, that keep it: in an editor some
functions to be named have one."""
_BATCH = 256
"""Functions at a time, or up to twice as many, where nothing is learnt: all their contexts are in memory at once."""


@dataclass(frozen=True, slots=True)
class FusionTraining:
    """How the problem is posed.

    ``masking`` is the share of pairs whose function's name is hidden; ``contexts`` are those drawn of a unit, and
    ``word_dropout`` the share of a batch's distinct terminals that read as nothing, so that no single name is leant on.
    """

    batch: int = 512
    contexts: int = 64
    temperature: float = 0.05
    masking: float = 0.5
    name_weight: float = 0.5
    word_dropout: float = 0.3
    seed: int = 17


class FusionProblem:
    """One epoch goes once through the documented functions, beside as many batches of named ones."""

    def __init__(self, data: FusionData, model: FusionModel, options: FusionTraining) -> None:
        self.module = model
        self._data, self._options = data, options
        self._pairs = data.documented_rows(Split.TRAIN)
        named = self._named_well(Split.TRAIN)
        self._named = named[data.labels[named] != UNKNOWN]
        self._described = {int(row): at for at, row in enumerate(data.described)}

    def _named_well(self, split: Split) -> Rows:
        rows: list[int] = self._data.rows(split).tolist()
        return np.array([row for row in rows if is_named_well(self._data.functions[row])], np.int64)

    def steps(self) -> int:
        """Batches of one epoch."""
        return len(self._pairs) // self._options.batch

    def losses(self, epoch: int) -> Iterable[Mapping[str, Tensor]]:
        """Search and naming losses, batch by batch; the order depends on the seed and the epoch alone."""
        random = np.random.default_rng((self._options.seed, epoch))
        size = self._options.batch
        pairs, named = random.permutation(self._pairs), random.permutation(self._named)
        for step in range(self.steps()):
            of_pairs = pairs[step * size : (step + 1) * size]
            of_names = np.take(named, np.arange(step * size, (step + 1) * size), mode="wrap")
            yield {"search": self._search_loss(of_pairs, random)} | self._naming_loss(of_names, random)

    def _search_loss(self, rows: Rows, random: np.random.Generator) -> Tensor:
        masked = random.random(len(rows)) < self._options.masking
        code = torch.cat([self._masked(rows[masked], random), self._visible(rows[~masked], random)])
        ordered = np.concatenate([rows[masked], rows[~masked]])
        queries = torch.from_numpy(self._data.queries[ordered].astype(np.float32))
        scores = queries @ code.T / self._options.temperature
        target = torch.arange(len(scores))
        return (functional.cross_entropy(scores, target) + functional.cross_entropy(scores.T, target)) / 2

    def _masked(self, rows: Rows, random: np.random.Generator) -> Tensor:
        functions = self._data.documented[rows]
        return self._fuse(self._data.masked_text[functions], self._data.masked_contexts, functions, random).meaning

    def _visible(self, rows: Rows, random: np.random.Generator) -> Tensor:
        return self._fuse(self._data.visible_text[rows], self._data.visible_contexts, rows, random).meaning

    def _naming_loss(self, rows: Rows, random: np.random.Generator) -> dict[str, Tensor]:
        text = self._data.masked_text[rows]
        for at, row in enumerate(rows):
            described = self._described.get(int(row))
            if described is not None and random.random() < _DESCRIBED:
                text[at] = self._data.described_text[described]
        fused = self._fuse(text, self._data.masked_contexts, rows, random)
        labels = torch.from_numpy(self._data.labels[rows])
        loss = functional.cross_entropy(self.module.naming(fused.meaning, fused.joint), labels)
        return {"naming": self._options.name_weight * loss}

    def _fuse(
        self, text: NDArray[np.float16], contexts: EncodedContexts, rows: Rows, random: np.random.Generator | None
    ) -> FusedCode:
        """``random`` chooses contexts and drops words; without it all contexts are read."""
        every = contexts.triples.shape[1]
        batch = contexts.batch(rows, every if random is None else self._options.contexts, random)
        if random is not None:
            batch.terminals[random.random(len(batch.terminals)) < self._options.word_dropout] = PADDING
        return self.module(torch.from_numpy(text.astype(np.float32)), *tensors(batch))

    def encode_pairs(self, rows: Rows, *, masked: bool) -> NDArray[np.float32]:
        """Fused vectors of the documented functions ``rows``, without randomness; call it under ``torch.no_grad``."""
        parts: list[Tensor] = []
        for chunk in np.array_split(rows, max(1, len(rows) // _BATCH)):
            functions = self._data.documented[chunk]
            if masked:
                fused = self._fuse(self._data.masked_text[functions], self._data.masked_contexts, functions, None)
            else:
                fused = self._fuse(self._data.visible_text[chunk], self._data.visible_contexts, chunk, None)
            parts.append(fused.vector)
        return torch.cat(parts).numpy()

    def name_scores(self, rows: Rows, *, described: bool = False) -> Tensor:
        """Logits of the naming head for ``rows``, names masked."""
        parts: list[Tensor] = []
        for chunk in np.array_split(rows, max(1, len(rows) // _BATCH)):
            text = self._data.masked_text[chunk]
            if described:
                self._describe(text, chunk)
            fused = self._fuse(text, self._data.masked_contexts, chunk, None)
            parts.append(self.module.naming(fused.meaning, fused.joint))
        return torch.cat(parts)

    def _describe(self, text: NDArray[np.float16], rows: Rows) -> None:
        """Put the described views of ``rows`` into ``text``, where there are any."""
        for at, row in enumerate(rows):
            described = self._described.get(int(row))
            if described is not None:
                text[at] = self._data.described_text[described]

    def validate(self) -> Mapping[str, float]:
        """MRR over all validation functions with name visible and masked, and the naming head's accuracy."""
        rows = self._data.documented_rows(Split.VALIDATION)
        queries = self._data.queries[rows].astype(np.float32)
        visible = float(reciprocal_ranks(queries, self.encode_pairs(rows, masked=False)).mean())
        masked = float(reciprocal_ranks(queries, self.encode_pairs(rows, masked=True)).mean())
        named = self._named_well(Split.VALIDATION)
        labels = torch.from_numpy(self._data.labels[named])
        right = (self.name_scores(named).argmax(-1) == labels) & (labels != UNKNOWN)
        exact = float(right.float().mean())
        return {"visible": visible, "masked": masked, "exact": exact, "score": visible + masked + exact}


def tensors(batch: ContextBatch) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """A batch as the model takes it."""
    return _tensor(batch.terminals), _tensor(batch.start), _tensor(batch.path), _tensor(batch.end)


def _tensor(ids: NDArray[np.int64]) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(ids))
