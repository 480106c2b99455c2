"""What a fusion reads and gives: the common shape of all of them.

In: the vector of a text (B, text) and one structural part or several. Out: one vector in the text's own space. Must not
know which encoder a part comes from.
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import torch
from torch import Tensor
from torch.nn import functional


class Part(NamedTuple):
    """A structural encoder's view of the same functions.

    ``states`` (B, N, width), ``real`` (B, N) false at padding, ``attention`` (B, N) the encoder's own weights of its
    states, ``vector`` (B, width).
    """

    states: Tensor
    real: Tensor
    attention: Tensor
    vector: Tensor


class Fused(NamedTuple):
    """``vector`` (B, text), and ``meaning`` (B, text), the same at full strength, have length 1.

    ``joint`` (B, joint) is for heads. ``weights`` (B, N), N over all parts in their order, say how much each state
    counted.
    """

    vector: Tensor
    meaning: Tensor
    joint: Tensor
    weights: Tensor


class Fusion(Protocol):
    """Concatenation, weighted sum or attention."""

    @property
    def joint(self) -> int:
        """Width of what heads read."""
        ...

    def fuse(self, text: Tensor, parts: Sequence[Part]) -> Fused:
        """``text`` (B, text) with its ``parts``, as many and as wide as the fusion was made for."""
        ...


def part_way(text: Tensor, meaning: Tensor, strength: float) -> Tensor:
    """(B, text) of length 1, ``strength`` of the way from ``text`` (0) to ``meaning`` (1)."""
    if strength == 1:
        return meaning
    return functional.normalize(text + strength * (meaning - text), dim=-1)


def own_weights(parts: Sequence[Part]) -> Tensor:
    """(B, N): what each encoder itself weighs its states by, for fusions that look at vectors only; 1 in all."""
    return torch.cat([part.attention / len(parts) for part in parts], dim=-1)
