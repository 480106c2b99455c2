"""Fusion by concatenation (Ngo & Rivalan 2025, eq. 3): ``[llm ; c2v]``, then a projection to the queries' space.

In: a text's vector and the vectors of its structural parts. Out: one vector in the text's space. The projection starts
as the text itself and nothing of the parts, so that all three fusions start from the same vector.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from codekin_model.fusion.part import Fused, Part, own_weights, part_way


class ConcatenationFusion(nn.Module):
    """``normalize(W [text ; part ; ...])``; ``parts`` are the widths of the structural vectors."""

    def __init__(self, text: int, parts: Sequence[int], *, strength: float = 1.0, dropout: float = 0.1) -> None:
        super().__init__()
        self.strength = strength
        self.joint = text + sum(parts)
        self.dropout = nn.Dropout(dropout)
        self.project = nn.Linear(self.joint, text)
        with torch.no_grad():
            self.project.weight.zero_()
            self.project.weight[:, :text] = torch.eye(text)
            self.project.bias.zero_()

    def fuse(self, text: Tensor, parts: Sequence[Part]) -> Fused:
        """``text`` (B, text) and its parts, as in :class:`codekin_model.fusion.part.Fusion`."""
        vectors = self.dropout(torch.cat([part.vector for part in parts], dim=-1))
        joint = torch.cat([text, vectors], dim=-1)
        meaning = functional.normalize(self.project(joint), dim=-1)
        return Fused(part_way(text, meaning, self.strength), meaning, joint, own_weights(parts))
