"""The last learnt step of a unit's vector: the student's vector of its words beside that of the language model.

In: fused vectors, the language model's own, the student's. Out: one vector of length 1, in the same space. It is a
weighted sum (Ngo & Rivalan 2025, eq. 4) whose weights are matrices: ``normalize(fused + s (A text + B words + b))``. A
and b start at zero, B at a share of the identity, since all three lie in one space before anything is learnt. The
strength s is 1 while it learns.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

_BEGINNING = 0.2
"""Share of the student's vector that is added before anything is learnt: the best one of .1, .2, ... .5."""


class Blend(nn.Module):
    """Reads vectors of ``width``; what is asked with is not blended."""

    def __init__(self, width: int, strength: float = 1.0) -> None:
        super().__init__()
        self.strength = strength
        self.text = nn.Linear(width, width)
        self.words = nn.Linear(width, width, bias=False)
        nn.init.zeros_(self.text.weight)
        nn.init.zeros_(self.text.bias)
        with torch.no_grad():
            self.words.weight.copy_(_BEGINNING * torch.eye(width))

    def forward(self, fused: Tensor, text: Tensor, words: Tensor) -> Tensor:
        """Three times (B, width) -> (B, width)."""
        return functional.normalize(fused + self.strength * (self.text(text) + self.words(words)), dim=-1)
