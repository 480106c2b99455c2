"""Fusion by a weighted sum (Ngo & Rivalan 2025, eq. 4): ``w1 P(llm) + w2 Q(c2v)``, weights and projections learnt.

In: a text's vector and the vectors of its structural parts. Out: one vector in the text's space. P starts as the
identity and every Q at zero, so that all three fusions start from the same vector.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from codekin_model.fusion.part import Fused, Part, own_weights, part_way


class WeightedSumFusion(nn.Module):
    """``normalize(w_0 P(text) + sum_i w_i Q_i(part_i))``; ``parts`` are the widths of the structural vectors."""

    def __init__(self, text: int, parts: Sequence[int], *, strength: float = 1.0, dropout: float = 0.1) -> None:
        super().__init__()
        self.strength = strength
        self.joint = text + sum(parts)
        self.dropout = nn.Dropout(dropout)
        self.weights = nn.Parameter(torch.ones(1 + len(parts)))
        self.text = nn.Linear(text, text, bias=False)
        self.parts = nn.ModuleList(nn.Linear(width, text, bias=False) for width in parts)
        nn.init.eye_(self.text.weight)
        for each in self.parts:
            nn.init.zeros_(each.weight)  # pyright: ignore[reportArgumentType] - a linear layer's own

    def fuse(self, text: Tensor, parts: Sequence[Part]) -> Fused:
        """``text`` (B, text) and its parts, as in :class:`codekin_model.fusion.part.Fusion`."""
        total = self.weights[0] * self.text(text)
        for at, (project, part) in enumerate(zip(self.parts, parts, strict=True), start=1):
            total = total + self.weights[at] * project(self.dropout(part.vector))
        meaning = functional.normalize(total, dim=-1)
        joint = torch.cat([text, *(part.vector for part in parts)], dim=-1)
        return Fused(part_way(text, meaning, self.strength), meaning, joint, own_weights(parts))
