"""Batches larger than memory for losses that compare everything with everything (Gao et al. 2021, GradCache).

In: a batch in chunks, and what reads a chunk. Out: what came of each. Only that is kept: when the loss over all of it
is descended, the chunks are read once more, one at a time, each with the same randomness, and their gradients are
those of the whole batch. It costs a second pass, and holds the inner states of one chunk only.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

from torch.utils.checkpoint import checkpoint

_Chunk = TypeVar("_Chunk")
_Read = TypeVar("_Read")


def read_in_chunks(read: Callable[[_Chunk], _Read], chunks: Iterable[_Chunk]) -> list[_Read]:
    """What ``read`` makes of every chunk: a tensor, or a tuple of tensors.

    ``read`` must give the same when called again: random numbers are taken care of where they are torch's.
    """
    return [checkpoint(read, chunk, use_reentrant=False) for chunk in chunks]
