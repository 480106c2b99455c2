"""The closed-vocabulary naming head (Ngo & Rivalan 2025, eq. 1; code2vec's label head).

In: the fused vector at full strength and the joint representation of a unit whose own name was masked. Out: a score for
every whole name of the vocabulary. A name's output embedding is the language model's own vector of its words: so the
head starts from "which name reads like this code", and names seen once still mean something.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

_DROPOUT = 0.3
_LOG_SCALE = 3.0
"""Where training starts: cosines, which differ by tenths, times 20."""


class NamingHead(nn.Module):
    """``scale * normalize(meaning + change(joint)) . name + bias``; trained by cross-entropy with the true name."""

    names: Tensor

    def __init__(self, text: int, joint: int, names: int, hidden: int = 256) -> None:
        super().__init__()
        self.widen = nn.Linear(joint, hidden)
        self.narrow = nn.Linear(hidden, text)
        self.dropout = nn.Dropout(_DROPOUT)
        self.bias = nn.Parameter(torch.zeros(names))
        self.log_scale = nn.Parameter(torch.tensor(_LOG_SCALE))
        self.register_buffer("names", torch.zeros(names, text))
        nn.init.zeros_(self.narrow.weight)
        nn.init.zeros_(self.narrow.bias)

    def forward(self, meaning: Tensor, joint: Tensor) -> Tensor:
        """``meaning`` (B, text) and ``joint`` (B, joint) to logits (B, names)."""
        change = self.narrow(self.dropout(functional.gelu(self.widen(joint))))
        meant = functional.normalize(meaning + change, dim=-1)
        return self.log_scale.exp() * (meant @ self.names.T) + self.bias
