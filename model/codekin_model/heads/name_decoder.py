"""The name decoder: word by word, from a vocabulary or copied from the function's own identifiers.

In: a language model's token states of a masked function, its vector, and the words said so far. Out: for each next
word, probabilities over the vocabulary and over the places to copy from. A Transformer decoder (Vaswani et al. 2017)
with the pointer of CoCoAST's summaries, ``P = g P_gen + (1 - g) P_copy``. Must not know of word-pieces or texts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

END = 0
"""The padding id ends a name."""
_UNKNOWN = 1
_HIDDEN_PLACE = -1e4
"""Takes padding out of a softmax; finite, so that a row of nothing else stays a number."""
_LEAST = 1e-9
_RARER = 3.0
"""How much less likely than any other a word is that was never heard."""


@dataclass(frozen=True, slots=True)
class NameDecoderConfig:
    """``words`` counts the vocabulary, ``memory`` is the width of the language model's states."""

    words: int
    memory: int = 384
    width: int = 256
    layers: int = 2
    heads: int = 4
    hidden: int = 768
    longest: int = 8
    dropout: float = 0.1


class NextWord(NamedTuple):
    """``generated`` (B, P, words) sums to the gate, ``copied`` (B, P, T) to the rest: together one distribution.

    P is the number of positions: the word after each prefix.
    """

    generated: Tensor
    copied: Tensor


class _Attention(nn.Module):
    """Multi-head attention with plain matrix products, which every exporter knows."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.output = (nn.Linear(width, width) for _ in range(4))

    def forward(self, states: Tensor, memory: Tensor, bias: Tensor) -> Tensor:
        """``states`` (B, P, width) look at ``memory`` (B, T, width); ``bias`` broadcasts over (B, heads, P, T)."""
        query, key, value = (
            part(each).unflatten(-1, (self.heads, -1)).transpose(1, 2)
            for part, each in ((self.query, states), (self.key, memory), (self.value, memory))
        )
        scores = query @ key.transpose(2, 3) * query.shape[-1] ** -0.5 + bias
        return self.output((scores.softmax(-1) @ value).transpose(1, 2).flatten(2))


class _Layer(nn.Module):
    def __init__(self, config: NameDecoderConfig) -> None:
        super().__init__()
        self.own, self.other = (_Attention(config.width, config.heads) for _ in range(2))
        self.widen, self.narrow = nn.Linear(config.width, config.hidden), nn.Linear(config.hidden, config.width)
        self.norms = nn.ModuleList(nn.LayerNorm(config.width) for _ in range(3))
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, states: Tensor, memory: Tensor, past: Tensor, real: Tensor) -> Tensor:
        own, other, last = self.norms
        normed = own(states)
        states = states + self.dropout(self.own(normed, normed, past))
        states = states + self.dropout(self.other(other(states), memory, real))
        return states + self.dropout(self.narrow(functional.gelu(self.widen(last(states)))))


class NameDecoder(nn.Module):
    """Reads what was said so far, looks at the function, says what may come next."""

    def __init__(self, config: NameDecoderConfig) -> None:
        super().__init__()
        self.config = config
        self.words = nn.Embedding(config.words, config.width)
        self.places = nn.Parameter(torch.zeros(config.longest, config.width))
        self.start = nn.Linear(config.memory, config.width)
        self.memory = nn.Sequential(nn.Linear(config.memory, config.width), nn.LayerNorm(config.width))
        self.layers = nn.ModuleList(_Layer(config) for _ in range(config.layers))
        self.norm = nn.LayerNorm(config.width)
        self.pointer_query, self.pointer_key = (nn.Linear(config.width, config.width) for _ in range(2))
        self.gate = nn.Linear(2 * config.width, 1)
        self.bias = nn.Parameter(torch.zeros(config.words))
        nn.init.normal_(self.words.weight, std=config.width**-0.5)

    def forward(self, states: Tensor, real: Tensor, vector: Tensor, said: Tensor) -> NextWord:
        """``states`` (B, T, memory) with ``real`` (B, T) tokens, ``vector`` (B, memory), ``said`` (B, P) word ids.

        ``said`` begins with :data:`END`, in whose place the vector stands; words that are not in the vocabulary are
        said as the unknown word. States, real and vector may be those of one function (B = 1) for several prefixes.
        """
        hidden = (~real)[:, None, None, :] * _HIDDEN_PLACE  # (B, 1, 1, T)
        memory = self.memory(states)
        words = self.words(torch.where(said < self.config.words, said, _UNKNOWN))
        is_first = (torch.arange(said.shape[1], device=said.device) == 0).to(words.dtype)[:, None]
        inputs = words * (1 - is_first) + self.start(vector)[:, None] * is_first + self.places[: said.shape[1]]
        count = said.shape[1]
        future = torch.ones(count, count, dtype=torch.bool, device=states.device).triu(1)
        for layer in self.layers:
            inputs = layer(inputs, memory, future * _HIDDEN_PLACE, hidden)
        inputs = self.norm(inputs)
        scores = self.pointer_query(inputs) @ self.pointer_key(memory).transpose(1, 2)  # (B, P, T)
        scores = scores * self.config.width**-0.5 + hidden.squeeze(1)
        pointer = scores.float().softmax(-1)
        gate = self.gate(torch.cat([inputs, pointer.to(memory.dtype) @ memory], dim=-1)).float().sigmoid()
        generated = (inputs @ self.words.weight.T + self.bias).float().softmax(-1)
        return NextWord(gate * generated, (1 - gate) * pointer)


@torch.no_grad()
def with_more_words(decoder: NameDecoder, more: int) -> NameDecoder:
    """The same decoder with ``more`` words behind its own; what they mean is still to be learnt."""
    before = decoder.config
    longer = NameDecoder(replace(before, words=before.words + more))
    state, rarest = decoder.state_dict(), (decoder.bias.min() - _RARER).expand(more)
    state["words.weight"] = torch.cat([state["words.weight"], longer.words.weight[before.words :]])
    state["bias"] = torch.cat([state["bias"], rarest])
    longer.load_state_dict(state)
    return longer


def decoder_of(weights: Mapping[str, Tensor]) -> NameDecoder:
    """A decoder with ``weights``, whose shapes say all its sizes but the number of heads, which is the usual one."""
    width, memory = weights["start.weight"].shape
    decoder = NameDecoder(
        NameDecoderConfig(
            words=len(weights["bias"]),
            memory=memory,
            width=width,
            layers=len({name.split(".")[1] for name in weights if name.startswith("layers.")}),
            hidden=len(weights["layers.0.widen.bias"]),
            longest=len(weights["places"]),
        )
    )
    decoder.load_state_dict(weights)
    return decoder


def name_loss(following: NextWord, places: Tensor, target: Tensor) -> Tensor:
    """Negative log-likelihood of ``target`` (B, P) word ids that end with :data:`END`, mean over names.

    ``places`` (B, T) are the word ids at the tokens, negative where there is none to copy. A word that is neither in
    the vocabulary nor in the function counts as the unknown word. Positions after the end are ignored.
    """
    words = following.generated.shape[-1]
    inside = (target < words).long()
    generated = following.generated.gather(-1, torch.where(target < words, target, _UNKNOWN)[..., None]).squeeze(-1)
    same = places[:, None, :] == target[..., None]  # (B, P, T)
    same = same & (target > _UNKNOWN)[..., None]
    copied = (following.copied * same).sum(-1)
    counts = (inside > 0) | ~same.any(-1)
    likelihood = generated * counts + copied
    ended = (target == END).long().cumsum(1) - (target == END).long()
    losses = -(likelihood + _LEAST).log() * (ended == 0)
    return losses.sum(1).mean()
