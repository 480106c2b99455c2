"""Encoders of sub-token sequences: the four of Husain et al. 2019 (section 4.1), each with three poolings.

In: sub-token ids (B, L), 0 where there is none, padding at the end of a row. Out: a state for each sub-token, the
pooling's weights and one vector. A bag of words (NBoW), a bidirectional GRU, a 1-D convolution and self-attention;
mean, max and attention-weighted pooling. Reads questions and source tokens alike; must not know which of the two.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

_OUT = -1e4
"""Takes padding out of a softmax or a maximum. Finite, and within float16."""
_KERNELS = (3, 5)
"""Widths of the two convolutions, in sub-tokens."""


class Architecture(StrEnum):
    """How a sub-token's state comes to know of the others: not at all, in order, nearby, or all at once."""

    NBOW = "nbow"
    RNN = "rnn"
    CNN = "cnn"
    SELF_ATTENTION = "self-attention"


class TokenPooling(StrEnum):
    """How states become one vector."""

    MEAN = "mean"
    MAX = "max"
    ATTENTION = "attention"


@dataclass(frozen=True, slots=True)
class TokenEncoderConfig:
    """``words`` counts the vocabulary, ``longest`` bounds L; ``layers`` and ``heads`` are of self-attention."""

    words: int
    architecture: Architecture = Architecture.NBOW
    pooling: TokenPooling = TokenPooling.MEAN
    embedding: int = 128
    width: int = 256
    longest: int = 200
    layers: int = 2
    heads: int = 4
    dropout: float = 0.1


class TokenCode(NamedTuple):
    """``states`` (B, L, width), ``attention`` (B, L) summing to 1 over real sub-tokens, ``vector`` (B, width).

    A row without any sub-token is zeros.
    """

    states: Tensor
    attention: Tensor
    vector: Tensor


class TokenEncoder(nn.Module):
    """Embedding, one of the four architectures, one of the three poolings; padding has no say in any of them."""

    def __init__(self, config: TokenEncoderConfig) -> None:
        super().__init__()
        self.config = config
        self.words = nn.Embedding(config.words, config.embedding, padding_idx=0)
        self.mix = _ARCHITECTURES[config.architecture](config)
        self.score = nn.Linear(config.width, 1, bias=False)
        self.dropout = nn.Dropout(config.dropout)
        nn.init.normal_(self.words.weight, std=config.embedding**-0.5)
        with torch.no_grad():
            self.words.weight[0].zero_()

    def forward(self, ids: Tensor) -> TokenCode:
        """(B, L) ids to states and vectors."""
        real = ids > 0
        states = self.mix(self.dropout(self.words(ids)), real) * real.unsqueeze(-1)
        attention = _weights(self.config.pooling, self.score, states, real)
        if self.config.pooling is TokenPooling.MAX:
            vector = _maximum(states, real)
        else:
            vector = (attention.unsqueeze(-1) * states).sum(1)
        return TokenCode(states, attention, vector)


def _weights(pooling: TokenPooling, score: nn.Linear, states: Tensor, real: Tensor) -> Tensor:
    """(B, L): learnt where the pooling is by attention, else the same for every real sub-token."""
    if pooling is TokenPooling.ATTENTION:
        return score(states).squeeze(-1).masked_fill(~real, _OUT).softmax(-1) * real
    return real.to(states.dtype) / real.sum(-1, keepdim=True).clamp(min=1)


def _maximum(states: Tensor, real: Tensor) -> Tensor:
    highest = states.masked_fill(~real.unsqueeze(-1), _OUT).amax(1)
    return highest * real.any(-1, keepdim=True)


class _Bag(nn.Module):
    """``tanh(W e)``: each sub-token by itself."""

    def __init__(self, config: TokenEncoderConfig) -> None:
        super().__init__()
        self.project = nn.Linear(config.embedding, config.width)

    def forward(self, words: Tensor, real: Tensor) -> Tensor:
        del real
        return torch.tanh(self.project(words))


class _Recurrent(nn.Module):
    """A GRU in each direction; packed, so that the backward one starts at the last real sub-token."""

    def __init__(self, config: TokenEncoderConfig) -> None:
        super().__init__()
        self.gru = nn.GRU(config.embedding, config.width // 2, batch_first=True, bidirectional=True)

    def forward(self, words: Tensor, real: Tensor) -> Tensor:
        lengths = real.sum(-1).clamp(min=1).cpu()
        packed = nn.utils.rnn.pack_padded_sequence(words, lengths, batch_first=True, enforce_sorted=False)
        states, _ = nn.utils.rnn.pad_packed_sequence(self.gru(packed)[0], batch_first=True, total_length=words.shape[1])
        return states


class _Convolutional(nn.Module):
    """Two convolutions with a residual; padding is zero before each, as what lies outside of a sequence is."""

    def __init__(self, config: TokenEncoderConfig) -> None:
        super().__init__()
        widths = (config.embedding, config.width)
        self.layers = nn.ModuleList(
            nn.Conv1d(width, config.width, kernel, padding="same")
            for width, kernel in zip(widths, _KERNELS, strict=True)
        )

    def forward(self, words: Tensor, real: Tensor) -> Tensor:
        inside = real.unsqueeze(1)
        first, second = self.layers
        states = torch.tanh(first(words.transpose(1, 2) * inside))
        return (states + torch.tanh(second(states * inside))).transpose(1, 2)


class _SelfAttentive(nn.Module):
    """Transformer layers over embeddings with learnt positions."""

    def __init__(self, config: TokenEncoderConfig) -> None:
        super().__init__()
        self.project = nn.Linear(config.embedding, config.width)
        self.positions = nn.Parameter(torch.randn(config.longest, config.width) * config.width**-0.5)
        layer = nn.TransformerEncoderLayer(
            config.width,
            config.heads,
            2 * config.width,
            config.dropout,
            activation=functional.gelu,
            batch_first=True,
            norm_first=True,
        )
        self.layers = nn.TransformerEncoder(layer, config.layers, enable_nested_tensor=False)

    def forward(self, words: Tensor, real: Tensor) -> Tensor:
        length = words.shape[1]
        hidden = ~real
        hidden[:, 0] = False  # a row of nothing but padding has to look at something, or it is no number
        return self.layers(self.project(words) + self.positions[:length], src_key_padding_mask=hidden)


_ARCHITECTURES: dict[Architecture, Callable[[TokenEncoderConfig], nn.Module]] = {
    Architecture.NBOW: _Bag,
    Architecture.RNN: _Recurrent,
    Architecture.CNN: _Convolutional,
    Architecture.SELF_ATTENTION: _SelfAttentive,
}
