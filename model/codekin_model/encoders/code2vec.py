"""The code2vec encoder (Alon et al. 2019, section 4; the structural half of Ngo & Rivalan 2025).

In: a batch of path contexts as ids. Out: context vectors, their attention weights and the code vector. A terminal is
the mean of its sub-tokens' embeddings (as in code2seq), so that a name never seen whole still says something.
"""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn

PADDING_SCORE = -1e4
"""Takes padding out of a softmax. Finite, so that a row of nothing else stays a number, and within float16."""


@dataclass(frozen=True, slots=True)
class Code2VecConfig:
    """Sizes of vocabularies and layers; ``dropout`` is that of the context vectors."""

    subtokens: int
    paths: int
    embedding: int = 128
    width: int = 256
    dropout: float = 0.25


class StructuralCode(NamedTuple):
    """``contexts`` (B, C, width), ``attention`` (B, C) summing to 1 over real contexts, ``vector`` (B, width)."""

    contexts: Tensor
    attention: Tensor
    vector: Tensor


class Code2Vec(nn.Module):
    """``c_i = tanh(W [t_s ; p ; t_e])``, ``a = softmax(c_i . q)`` over real contexts, ``v = sum a_i c_i``."""

    def __init__(self, config: Code2VecConfig) -> None:
        super().__init__()
        self.config = config
        self.subtokens = nn.Embedding(config.subtokens, config.embedding, padding_idx=0)
        self.paths = nn.Embedding(config.paths, config.embedding, padding_idx=0)
        self.project = nn.Linear(3 * config.embedding, config.width, bias=False)
        self.query = nn.Linear(config.width, 1, bias=False)
        self.dropout = nn.Dropout(config.dropout)
        for table in (self.subtokens, self.paths):
            nn.init.normal_(table.weight, std=config.embedding**-0.5)
            with torch.no_grad():
                table.weight[0].zero_()

    def forward(self, terminals: Tensor, start: Tensor, path: Tensor, end: Tensor) -> StructuralCode:
        """Encode ids shaped as in :class:`codekin_model.vocab.context_batch.ContextBatch`."""
        present = (terminals > 0).sum(1, keepdim=True).clamp(min=1)
        table = self.subtokens(terminals).sum(1) / present.to(self.subtokens.weight.dtype)  # (T, embedding)
        parts = torch.cat([table[start], self.paths(path), table[end]], dim=-1)  # (B, C, 3 * embedding)
        contexts = self.dropout(torch.tanh(self.project(parts)))  # (B, C, width)
        scores = self.query(contexts).squeeze(-1).masked_fill(path == 0, PADDING_SCORE)  # (B, C)
        attention = scores.softmax(dim=-1) * (path > 0)
        return StructuralCode(contexts, attention, (attention.unsqueeze(-1) * contexts).sum(1))
