"""What encoders read of many functions, in memory, and batches cut from it.

In: features, row by row, each None where no encoder of a system reads it. Out: batches as tensors. Training cuts them
at random, serving whole; both come through here.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from codekin_model.torch_runtime.code_encoder import CodeBatch
from codekin_model.torch_runtime.search_model import QueryBatch
from codekin_model.training.context_store import EncodedContexts
from codekin_model.vocab.context_batch import ContextBatch
from codekin_model.vocab.subtree_batch import FlatTrees
from codekin_model.vocab.token_batch import TokenIds
from codekin_model.vocab.vocabulary import PADDING

Rows = NDArray[np.int64]
Halves = NDArray[np.float16]
"""(texts, width): the language model's vectors as they are kept."""


@dataclass(frozen=True, slots=True)
class Draw:
    """How a batch is cut for training: ``contexts`` of each function, ``word_dropout`` of the distinct terminals."""

    random: np.random.Generator
    contexts: int
    word_dropout: float


@dataclass(frozen=True)
class CodeView:
    """One view (names visible or masked) of functions."""

    text: Halves | None = None
    contexts: EncodedContexts | None = None
    trees: FlatTrees | None = None
    tokens: TokenIds | None = None

    def batch(self, rows: Rows, device: torch.device, draw: Draw | None = None) -> CodeBatch:
        """The functions ``rows``, at least one; without ``draw`` nothing is left out."""
        return CodeBatch(
            text=_floats(self.text, rows, device),
            contexts=None if self.contexts is None else _contexts(self.contexts, rows, device, draw),
            trees=None if self.trees is None else self.trees.batch(rows),
            tokens=_ids(self.tokens, rows, device),
        )


@dataclass(frozen=True)
class QueryView:
    """Questions as one of the two kinds of query encoder reads them."""

    text: Halves | None = None
    tokens: TokenIds | None = None

    def batch(self, rows: Rows, device: torch.device) -> QueryBatch:
        """The questions ``rows``."""
        return QueryBatch(_floats(self.text, rows, device), _ids(self.tokens, rows, device))


def tensors(batch: ContextBatch, device: torch.device) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Path contexts as code2vec takes them."""
    terminals, start, path, end = (
        torch.from_numpy(np.ascontiguousarray(ids)).to(device)
        for ids in (batch.terminals, batch.start, batch.path, batch.end)
    )
    return terminals, start, path, end


def _contexts(
    contexts: EncodedContexts, rows: Rows, device: torch.device, draw: Draw | None
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    if draw is None:
        return tensors(contexts.batch(rows, contexts.triples.shape[1]), device)
    batch = contexts.batch(rows, draw.contexts, draw.random)
    batch.terminals[draw.random.random(len(batch.terminals)) < draw.word_dropout] = PADDING
    return tensors(batch, device)


def _floats(vectors: Halves | None, rows: Rows, device: torch.device) -> Tensor | None:
    return None if vectors is None else torch.from_numpy(vectors[rows].astype(np.float32)).to(device)


def _ids(tokens: TokenIds | None, rows: Rows, device: torch.device) -> Tensor | None:
    """Cut to the longest row, so that no encoder computes on what is padding everywhere."""
    if tokens is None:
        return None
    ids = tokens[rows]
    longest = max(1, int((ids != PADDING).sum(1).max(initial=0)))
    return torch.from_numpy(ids[:, :longest].astype(np.int64)).to(device)
