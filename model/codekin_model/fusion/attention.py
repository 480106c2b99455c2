"""Fusion by multi-head attention and a feed-forward layer (Ngo & Rivalan 2025, eq. 5).

In: a language model's vector and the path contexts of the same unit. Out: one vector in the language model's own
space. The language model's vector is the query and the single path contexts are keys and values: the stronger reading
of eq. 5, and one whose weights can be shown to a user. The last layer starts at zero, so training starts from the
language model itself and can only be blamed for what it adds; what is shipped goes a part of the way only, since the
whole way pays for docstrings with the questions that people ask (the model card has the figures).
"""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from codekin_model.encoders.code2vec import PADDING_SCORE, StructuralCode


@dataclass(frozen=True, slots=True)
class AttentionFusionConfig:
    """``text`` and ``structure`` are the widths of the two parts.

    ``strength`` is how far ``vector`` goes from the language model's (0) to the fused one (1).
    """

    text: int = 384
    structure: int = 256
    heads: int = 4
    hidden: int = 512
    dropout: float = 0.3
    strength: float = 1.0


class Fused(NamedTuple):
    """``vector`` (B, text), and ``meaning`` (B, text), the same at full strength, have length 1.

    ``joint`` (B, text + 2 * structure) is for heads, ``weights`` (B, C) are those of the contexts.
    """

    vector: Tensor
    meaning: Tensor
    joint: Tensor
    weights: Tensor


class AttentionFusion(nn.Module):
    """``normalize(llm + FFN([llm ; MHA(llm, contexts) ; c2v]))``."""

    def __init__(self, config: AttentionFusionConfig) -> None:
        super().__init__()
        self.config = config
        self.query = nn.Linear(config.text, config.structure)
        self.key = nn.Linear(config.structure, config.structure)
        self.value = nn.Linear(config.structure, config.structure)
        self.output = nn.Linear(config.structure, config.structure)
        self.widen = nn.Linear(config.text + 2 * config.structure, config.hidden)
        self.narrow = nn.Linear(config.hidden, config.text)
        self.dropout = nn.Dropout(config.dropout)
        nn.init.zeros_(self.narrow.weight)
        nn.init.zeros_(self.narrow.bias)

    def forward(self, text: Tensor, code: StructuralCode, path: Tensor) -> Fused:
        """Fuse ``text`` (B, text) with ``code``; ``path`` (B, C) tells real contexts from padding."""
        batch, contexts, width = code.contexts.shape
        heads, each = self.config.heads, width // self.config.heads
        query = self.query(text).view(batch, heads, 1, each)
        key = self.key(code.contexts).view(batch, contexts, heads, each).transpose(1, 2)
        value = self.value(code.contexts).view(batch, contexts, heads, each).transpose(1, 2)
        scores = (query @ key.transpose(2, 3)).squeeze(2) * each**-0.5  # (B, heads, C)
        real = (path > 0).unsqueeze(1)
        weights = scores.masked_fill(~real, PADDING_SCORE).softmax(dim=-1) * real
        attended = self.output((weights.unsqueeze(2) @ value).reshape(batch, width))
        joint = torch.cat([text, attended, code.vector], dim=-1)
        change = self.narrow(self.dropout(functional.gelu(self.widen(joint))))
        meaning = functional.normalize(text + change, dim=-1)
        vector = functional.normalize(text + self.config.strength * (meaning - text), dim=-1)
        return Fused(vector, meaning, joint, weights.mean(1))
