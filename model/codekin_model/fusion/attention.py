"""Fusion by multi-head attention and a feed-forward layer (Ngo & Rivalan 2025, eq. 5).

In: a language model's vector and the structural states (path contexts, syntax subtrees) of the same unit. Out: one
vector in the language model's own space. The language model's vector is the query and the single states are keys and
values: the stronger reading of eq. 5, and one whose weights can be shown to a user. The last layer starts at zero, so
training starts from the language model itself and can only be blamed for what it adds; what is shipped goes a part of
the way only, since the whole way pays for docstrings with the questions that people ask (the model card has the
figures).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from codekin_model.encoders.code2vec import PADDING_SCORE, StructuralCode
from codekin_model.fusion.part import Fused, Part, part_way


@dataclass(frozen=True, slots=True)
class AttentionFusionConfig:
    """``text`` is the width of the text's vector, ``structure`` that of each of ``parts`` structural parts.

    ``strength`` is how far ``vector`` goes from the language model's (0) to the fused one (1).
    """

    text: int = 384
    structure: int = 256
    heads: int = 4
    hidden: int = 512
    dropout: float = 0.3
    strength: float = 1.0
    parts: int = 1


class AttentionFusion(nn.Module):
    """``normalize(llm + FFN([llm ; MHA(llm, states) ; c2v]))``, the states of all parts side by side."""

    def __init__(self, config: AttentionFusionConfig) -> None:
        super().__init__()
        self.config = config
        self.query = nn.Linear(config.text, config.structure)
        self.key = nn.Linear(config.structure, config.structure)
        self.value = nn.Linear(config.structure, config.structure)
        self.output = nn.Linear(config.structure, config.structure)
        self.joint = config.text + (1 + config.parts) * config.structure
        self.widen = nn.Linear(self.joint, config.hidden)
        self.narrow = nn.Linear(config.hidden, config.text)
        self.dropout = nn.Dropout(config.dropout)
        nn.init.zeros_(self.narrow.weight)
        nn.init.zeros_(self.narrow.bias)

    def forward(self, text: Tensor, code: StructuralCode, path: Tensor) -> Fused:
        """Fuse ``text`` (B, text) with ``code``; ``path`` (B, C) tells real contexts from padding."""
        return self.fuse(text, (Part(code.contexts, path > 0, code.attention, code.vector),))

    def fuse(self, text: Tensor, parts: Sequence[Part]) -> Fused:
        """``text`` (B, text) and its parts, as in :class:`codekin_model.fusion.part.Fusion`."""
        states = torch.cat([part.states for part in parts], dim=1)  # (B, N, structure)
        attended, weights = self._attend(text, states, torch.cat([part.real for part in parts], dim=1))
        joint = torch.cat([text, attended, *(part.vector for part in parts)], dim=-1)
        change = self.narrow(self.dropout(functional.gelu(self.widen(joint))))
        meaning = functional.normalize(text + change, dim=-1)
        return Fused(part_way(text, meaning, self.config.strength), meaning, joint, weights)

    def _attend(self, text: Tensor, states: Tensor, real: Tensor) -> tuple[Tensor, Tensor]:
        """What the heads take from the real states (B, structure), and the mean of their weights (B, N)."""
        batch, count, width = states.shape
        heads, each = self.config.heads, width // self.config.heads
        query = self.query(text).view(batch, heads, 1, each)
        key = self.key(states).view(batch, count, heads, each).transpose(1, 2)
        value = self.value(states).view(batch, count, heads, each).transpose(1, 2)
        scores = (query @ key.transpose(2, 3)).squeeze(2) * each**-0.5  # (B, heads, N)
        real = real.unsqueeze(1)
        weights = scores.masked_fill(~real, PADDING_SCORE).softmax(dim=-1) * real
        return self.output((weights.unsqueeze(2) @ value).reshape(batch, width)), weights.mean(1)
