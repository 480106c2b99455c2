"""Batches larger than memory for losses that compare everything with everything (Gao et al. 2021, GradCache).

In: a batch in chunks, and what embeds a chunk. Out: the vectors of the whole batch. Only they are kept: when the loss
over all of them is descended, the chunks are embedded once more, one at a time, each with the same randomness, and
their gradients are those of the whole batch. It costs a second pass, and holds the inner states of one chunk only.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

import torch
from torch import Tensor
from torch.utils.checkpoint import checkpoint

_Chunk = TypeVar("_Chunk")


def embed_in_chunks(embed: Callable[[_Chunk], Tensor], chunks: Iterable[_Chunk]) -> Tensor:
    """``embed`` (chunk -> (rows, width)) of every chunk, one below the other: (all rows, width).

    ``embed`` must give the same when called again: random numbers are taken care of where they are torch's.
    """
    return torch.cat([checkpoint(embed, chunk, use_reentrant=False) for chunk in chunks])
