"""The student: a static bag of words and path contexts that lands in the teacher's vector space.

In: :class:`codekin_model.vocab.bag_batch.BagBatch` as tensors. Out: vectors of length 1, of the teacher's width. Every
word has one vector and one weight, whatever stands beside it (attention without a question); two layers mix the bags.
So a function costs a few look-ups instead of six layers of a Transformer.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

_PADDING_SCORE = -1e4


@dataclass(frozen=True, slots=True)
class StudentConfig:
    """``words`` and ``buckets`` count the vocabulary and the hashed contexts; ``places`` are those of each bag."""

    words: int
    buckets: int
    places: tuple[int, int, int]
    width: int = 160
    hidden: int = 640
    output: int = 384
    dropout: float = 0.1


class _Bag(nn.Module):
    """``sum a_i e_i`` with ``a = softmax(strength of the word + strength of the place)``."""

    def __init__(self, entries: int, places: int, width: int) -> None:
        super().__init__()
        self.vectors = nn.Embedding(entries, width, padding_idx=0)
        self.strengths = nn.Embedding(entries, 1, padding_idx=0)
        self.places = nn.Parameter(torch.zeros(places))
        nn.init.normal_(self.vectors.weight, std=width**-0.5)
        nn.init.zeros_(self.strengths.weight)

    def forward(self, ids: Tensor) -> Tensor:
        """(B, places) ids to (B, width); a bag of nothing is zero."""
        real = ids > 0
        scores = self.strengths(ids).squeeze(-1) + self.places
        weights = scores.masked_fill(~real, _PADDING_SCORE).softmax(-1) * real
        return (weights.unsqueeze(1) @ self.vectors(ids)).squeeze(1)


class Student(nn.Module):
    """``normalize(skip(bags) + narrow(gelu(widen(bags))))``."""

    def __init__(self, config: StudentConfig) -> None:
        super().__init__()
        self.config = config
        names, words, contexts = config.places
        self.names = _Bag(config.words, names, config.width)
        self.words = _Bag(config.words, words, config.width)
        self.contexts = _Bag(config.buckets, contexts, config.width)
        self.skip = nn.Linear(3 * config.width, config.output, bias=False)
        self.widen = nn.Linear(3 * config.width, config.hidden)
        self.narrow = nn.Linear(config.hidden, config.output)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, names: Tensor, words: Tensor, contexts: Tensor) -> Tensor:
        """Ids shaped as in ``BagBatch`` to (B, output), rows of length 1."""
        bags = torch.cat([self.names(names), self.words(words), self.contexts(contexts)], dim=-1)
        change = self.narrow(self.dropout(functional.gelu(self.widen(bags))))
        return functional.normalize(self.skip(bags) + change, dim=-1)

    @torch.no_grad()
    def begin_from(self, words: Tensor, mean: Tensor) -> None:
        """Start as the mean of the teacher's ``words`` (words, output), less their ``mean`` (output,).

        The vectors of both bags of words are the main directions of the teacher's; where there are fewer of those than
        the width, the rest stays random and weighs nothing yet.
        """
        width, centred = self.config.width, words - mean
        directions = torch.linalg.svd(centred[2:], full_matrices=False).Vh[:width]
        for at, bag in enumerate((self.names, self.words)):
            bag.vectors.weight[:, : len(directions)] = centred @ directions.T
            bag.vectors.weight[0].zero_()
            own = self.skip.weight[:, at * width : (at + 1) * width]
            own[:, : len(directions)] = directions.T / 2
            own[:, len(directions) :] = 0
        self.contexts.vectors.weight.mul_(0.1)
