"""CoCoAST's summary decoder with copying (Shi et al. 2023; See et al. 2017 for the pointer).

In: the states of a function's syntax tree and of its tokens. Out: the loss of a given text, or the most probable texts.
Each layer attends to what is written, then to the tree's states in pre-order, then to the tokens. The next word is
``P = g P_gen + (1 - g) P_copy``: generated from a vocabulary of V words, or one of the function's own.

A word is a number. Below V it stands in the vocabulary; from V on it can only be copied, and the caller gives equal
words equal numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from codekin_model.heads.beam import BEGIN, BeamOptions, Hypothesis, beam_search
from codekin_model.vocab.vocabulary import PADDING, UNKNOWN

_MASKED = -1e4
"""Takes padding out of a softmax. Finite, so that a row of nothing else stays a number, and within float16."""
_LEAST = 1e-9
"""Keeps the logarithm of a probability finite."""

KeyValue = tuple[Tensor, Tensor]
"""Keys and values (B, heads, N, each)."""


@dataclass(frozen=True, slots=True)
class SummaryDecoderConfig:
    """``vocabulary`` is V; ``tokens`` and ``tree`` are the widths of the states attended to.

    A decoder of ``tree`` 0 attends to tokens alone. ``length`` bounds the words of a text, END among them.
    """

    vocabulary: int
    tokens: int = 256
    tree: int = 256
    width: int = 256
    layers: int = 2
    heads: int = 4
    hidden: int = 1024
    length: int = 32
    dropout: float = 0.2


class Memory(NamedTuple):
    """What a text is written from.

    ``tokens`` (B, T, tokens) are states, ``token_mask`` (B, T) is true where there is one, ``source`` (B, T) are their
    words' numbers, 0 where there is nothing to copy. ``tree`` (B, S, tree) with ``tree_mask`` (B, S) may be missing:
    then nothing attends to it.
    """

    tokens: Tensor
    token_mask: Tensor
    source: Tensor
    tree: Tensor | None = None
    tree_mask: Tensor | None = None


class _Attention(nn.Module):
    """Multi-head attention whose keys are computed once for many queries."""

    def __init__(self, width: int, memory: int, heads: int, dropout: float) -> None:
        super().__init__()
        self._heads, self._dropout = heads, dropout
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(memory, width)
        self.value = nn.Linear(memory, width)
        self.output = nn.Linear(width, width)

    def keys(self, memory: Tensor) -> KeyValue:
        return self._split(self.key(memory)), self._split(self.value(memory))

    def forward(self, states: Tensor, keys: KeyValue, bias: Tensor | None = None, *, causal: bool = False) -> Tensor:
        """What ``states`` (B, L, width) take from ``keys``; ``bias`` (B, 1, 1, N) is added to the scores."""
        dropout = self._dropout if self.training else 0.0
        query = self._split(self.query(states))
        taken = functional.scaled_dot_product_attention(query, *keys, bias, dropout_p=dropout, is_causal=causal)
        return self.output(taken.transpose(1, 2).flatten(2))

    def _split(self, states: Tensor) -> Tensor:
        return states.unflatten(-1, (self._heads, -1)).transpose(1, 2)


class _LayerMemory(NamedTuple):
    """The keys of one layer, with what is added to their scores."""

    tokens: KeyValue
    token_bias: Tensor
    tree: KeyValue | None
    tree_bias: Tensor | None


class _Layer(nn.Module):
    """Attention to what is written, to the tree, to the tokens, then a feed-forward layer; each normed before."""

    def __init__(self, config: SummaryDecoderConfig) -> None:
        super().__init__()
        width, heads, dropout = config.width, config.heads, config.dropout
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(4))
        self.written = _Attention(width, width, heads, dropout)
        self.tree = _Attention(width, config.tree, heads, dropout) if config.tree else None
        self.tokens = _Attention(width, config.tokens, heads, dropout)
        self.widen = nn.Linear(width, config.hidden)
        self.narrow = nn.Linear(config.hidden, width)
        self.dropout = nn.Dropout(dropout)

    def remember(self, memory: Memory) -> _LayerMemory:
        tree, tree_bias = None, None
        if self.tree is not None and memory.tree is not None and memory.tree_mask is not None:
            tree, tree_bias = self.tree.keys(memory.tree), _bias(memory.tree_mask)
        return _LayerMemory(self.tokens.keys(memory.tokens), _bias(memory.token_mask), tree, tree_bias)

    def forward(self, states: Tensor, memory: _LayerMemory) -> Tensor:
        """All words of a text at once: ``states`` (B, L, width)."""
        normed = self.norms[0](states)
        states = states + self.dropout(self.written(normed, self.written.keys(normed), causal=True))
        return self._read(states, memory)

    def step(self, states: Tensor, memory: _LayerMemory, past: KeyValue) -> tuple[Tensor, KeyValue]:
        """The next word of W beams: ``states`` (B, W, width), ``past`` (B * W, heads, words, each) and the new past."""
        normed = self.norms[0](states).flatten(0, 1).unsqueeze(1)
        new = self.written.keys(normed)
        past = (torch.cat([past[0], new[0]], dim=2), torch.cat([past[1], new[1]], dim=2))
        return self._read(states + self.written(normed, past).view_as(states), memory), past

    def _read(self, states: Tensor, memory: _LayerMemory) -> Tensor:
        if self.tree is not None and memory.tree is not None:
            states = states + self.dropout(self.tree(self.norms[1](states), memory.tree, memory.tree_bias))
        states = states + self.dropout(self.tokens(self.norms[2](states), memory.tokens, memory.token_bias))
        return states + self.dropout(self.narrow(functional.gelu(self.widen(self.norms[3](states)))))


class SummaryDecoder(nn.Module):
    """A Transformer decoder with a pointer; its input embeddings are the generator's weights."""

    def __init__(self, config: SummaryDecoderConfig) -> None:
        super().__init__()
        self.config = config
        self.words = nn.Embedding(config.vocabulary, config.width, padding_idx=PADDING)
        self.positions = nn.Embedding(config.length, config.width)
        self.layers = nn.ModuleList(_Layer(config) for _ in range(config.layers))
        self.norm = nn.LayerNorm(config.width)
        self.bias = nn.Parameter(torch.zeros(config.vocabulary))
        self.pointer = nn.Linear(config.width, config.width)
        self.pointed = nn.Linear(config.tokens, config.width)
        self.gate = nn.Linear(config.width + config.tokens, 1)
        self.dropout = nn.Dropout(config.dropout)
        for table in (self.words, self.positions):
            nn.init.normal_(table.weight, std=config.width**-0.5)

    def loss(self, memory: Memory, target: Tensor) -> Tensor:
        """Mean negative log-likelihood of the words of ``target`` (B, L), each text closed by END and padded."""
        target = self._reachable(memory, target)
        begin = torch.full_like(target[:, :1], BEGIN)
        states = self.embedded(torch.cat([begin, target[:, :-1]], dim=1), self.positions.weight[: target.shape[1]])
        for layer in self.stack:
            states = layer(states, layer.remember(memory))
        states, real = self.norm(states), target != PADDING
        copied, gate = self._pointed(states, memory)
        copied = (copied * (memory.source.unsqueeze(1) == target.unsqueeze(-1))).sum(-1)[real]
        gate, target = gate.squeeze(-1)[real], target[real]  # (words,), so that padding is not scored over V words
        known = target < self.config.vocabulary
        log = -functional.cross_entropy(self._scores(states[real]), target.where(known, UNKNOWN), reduction="none")
        generated = (log + functional.logsigmoid(gate)).masked_fill(~known, _MASKED)
        copied = ((-gate).sigmoid() * copied).clamp(min=_LEAST).log()
        return -torch.logaddexp(generated, copied).sum() / max(1, len(target))

    def _reachable(self, memory: Memory, target: Tensor) -> Tensor:
        """Words that can be neither generated nor copied read as unknown."""
        copyable = (memory.source.unsqueeze(1) == target.unsqueeze(-1)).any(-1)
        return target.where((target < self.config.vocabulary) | copyable, UNKNOWN)

    def generate(self, memory: Memory, options: BeamOptions | None = None) -> list[list[Hypothesis]]:
        """For each function its most probable texts, best first, in the numbers of ``memory.source``.

        A text is never longer than the configuration allows. Dropout is the caller's matter (``eval``).
        """
        options = options or BeamOptions()
        options = replace(options, length=min(options.length, self.config.length))
        with torch.no_grad():
            writing = _Writing(self, memory, options.width)
            found = beam_search(writing.next_word, len(memory.tokens), options)
        return [
            [Hypothesis(tuple(writing.number(row, word) for word in each.words), each.probability) for each in texts]
            for row, texts in enumerate(found)
        ]

    @property
    def stack(self) -> Sequence[_Layer]:
        """The layers, first to last."""
        return cast("Sequence[_Layer]", self.layers)

    def embedded(self, words: Tensor, positions: Tensor) -> Tensor:
        """``words`` (B, L) at ``positions`` (L or 1, width); a word that was copied reads as unknown."""
        known = words.where(words < self.config.vocabulary, UNKNOWN)
        return self.dropout((self.words(known) + positions) * self.config.width**0.5)

    def mixture(self, states: Tensor, memory: Memory) -> "Mixture":
        """The two distributions after ``states`` (B, L, width), in float32."""
        states = self.norm(states)
        copied, gate = self._pointed(states, memory)
        return Mixture(self._scores(states).softmax(-1), copied, gate.sigmoid())

    def _scores(self, states: Tensor) -> Tensor:
        """What the generator gives each word of the vocabulary, before the softmax."""
        return functional.linear(states, self.words.weight, self.bias).float()

    def _pointed(self, states: Tensor, memory: Memory) -> tuple[Tensor, Tensor]:
        """Where to copy from (B, L, T), and the gate (B, L, 1) before its sigmoid."""
        scores = self.pointer(states) @ self.pointed(memory.tokens).transpose(1, 2) * self.config.width**-0.5
        there = (memory.source != PADDING).unsqueeze(1)
        copied = scores.float().masked_fill(~there, _MASKED).softmax(-1) * there
        pointed_at = copied.to(memory.tokens.dtype) @ memory.tokens
        gate = self.gate(torch.cat([states, pointed_at], dim=-1)).float()
        return copied, gate.where(there.any(-1, keepdim=True), -_MASKED)


class Mixture(NamedTuple):
    """``generated`` (B, L, V) and ``copied`` (B, L, T) each sum to 1; ``gate`` (B, L, 1) is the share of the former.

    Where there is nothing to copy, ``copied`` is 0 and the gate is 1.
    """

    generated: Tensor
    copied: Tensor
    gate: Tensor


class _Writing:
    """Beams being written. Here words from V on are places in ``source``: V + the first place of the same word."""

    def __init__(self, decoder: SummaryDecoder, memory: Memory, width: int) -> None:
        self._decoder, self._memory, self._width = decoder, memory, width
        self._layers = [layer.remember(memory) for layer in decoder.stack]
        config, source = decoder.config, memory.source
        empty = memory.tokens.new_zeros(len(source) * width, config.heads, 0, config.width // config.heads)
        self._pasts: list[KeyValue] = [(empty, empty) for _ in self._layers]
        first = (source.unsqueeze(2) == source.unsqueeze(1)).int().argmax(-1)
        self._local = source.where(source < config.vocabulary, config.vocabulary + first)  # (B, T)
        self._sources: list[list[int]] = source.tolist()
        self._place = 0

    def next_word(self, words: Tensor, beams: Tensor) -> Tensor:
        """Log-probabilities (B, W, V + T), as :class:`codekin_model.heads.beam.NextWord` asks."""
        device = self._memory.source.device
        rows = (beams + torch.arange(len(beams)).unsqueeze(1) * self._width).flatten().to(device)
        states = self._decoder.embedded(words.to(device), self._decoder.positions.weight[self._place])
        for at, layer in enumerate(self._decoder.stack):
            keys, values = self._pasts[at]
            past = (keys.index_select(0, rows), values.index_select(0, rows))
            states, self._pasts[at] = layer.step(states, self._layers[at], past)
        self._place += 1
        return self._log(self._decoder.mixture(states, self._memory))

    def _log(self, mixture: Mixture) -> Tensor:
        generated = functional.pad(mixture.gate * mixture.generated, (0, self._local.shape[1]))
        places = self._local.unsqueeze(1).expand(-1, self._width, -1)
        return generated.scatter_add(-1, places, (1 - mixture.gate) * mixture.copied).log()

    def number(self, row: int, word: int) -> int:
        """The caller's number of a word that was written for function ``row``."""
        vocabulary = self._decoder.config.vocabulary
        return word if word < vocabulary else self._sources[row][word - vocabulary]


def _bias(mask: Tensor) -> Tensor:
    return torch.zeros(mask.shape, device=mask.device).masked_fill(~mask, _MASKED)[:, None, None]
