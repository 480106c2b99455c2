"""The student: a static bag of words and, where it has buckets for them, path contexts, in the teacher's vector space.

In: :class:`codekin_model.vocab.bag_batch.BagBatch` as tensors. Out: vectors of length 1, of the teacher's width. Every
word has one vector, the same in a name and in a source, and one weight in each, whatever stands beside it (attention
without a question); two layers mix the bags. So a function costs a few look-ups instead of six layers of a Transformer.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

_PADDING_SCORE = -1e4


@dataclass(frozen=True, slots=True)
class StudentConfig:
    """``words`` and ``buckets`` count the vocabulary and the hashed contexts, if any; ``places`` are those of each bag.

    Words have vectors of ``width``, contexts, which tell less, of ``context_width``.
    """

    words: int
    buckets: int
    places: tuple[int, int, int]
    width: int = 256
    context_width: int = 64
    hidden: int = 512
    output: int = 384
    dropout: float = 0.1


class _Bag(nn.Module):
    """``sum a_i e_i`` with ``a = softmax(strength of the word + strength of the place)``."""

    def __init__(self, vectors: nn.Embedding, places: int) -> None:
        super().__init__()
        self.vectors = vectors
        self.strengths = nn.Embedding(vectors.num_embeddings, 1, padding_idx=0)
        self.places = nn.Parameter(torch.zeros(places))
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
        vectors = _vectors(config.words, config.width)
        self.names, self.words = _Bag(vectors, names), _Bag(vectors, words)
        self.contexts = _Bag(_vectors(config.buckets, config.context_width), contexts) if config.buckets else None
        bags = 2 * config.width + (config.context_width if config.buckets else 0)
        self.skip = nn.Linear(bags, config.output, bias=False)
        self.widen = nn.Linear(bags, config.hidden)
        self.narrow = nn.Linear(config.hidden, config.output)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, names: Tensor, words: Tensor, contexts: Tensor) -> Tensor:
        """Ids shaped as in ``BagBatch`` to (B, output), rows of length 1."""
        bags = torch.cat([self.names(names), self.words(words), *self._of(contexts)], dim=-1)
        change = self.narrow(self.dropout(functional.gelu(self.widen(bags))))
        return functional.normalize(self.skip(bags) + change, dim=-1)

    def _of(self, contexts: Tensor) -> list[Tensor]:
        return [] if self.contexts is None else [self.contexts(contexts)]

    @torch.no_grad()
    def begin_from(self, words: Tensor, mean: Tensor) -> None:
        """Start as the mean of the teacher's ``words`` (words, output), less their ``mean`` (output,).

        The words' vectors are the main directions of the teacher's; where there are fewer of those than the width, the
        rest stays random and weighs nothing yet.
        """
        width, centred = self.config.width, words - mean
        directions = torch.linalg.svd(centred[2:], full_matrices=False).Vh[:width]
        self.words.vectors.weight[:, : len(directions)] = centred @ directions.T
        self.words.vectors.weight[0].zero_()
        for at in range(2):
            own = self.skip.weight[:, at * width : (at + 1) * width]
            own[:, : len(directions)] = directions.T / 2
            own[:, len(directions) :] = 0
        if self.contexts is not None:
            self.contexts.vectors.weight.mul_(0.1)


def _vectors(entries: int, width: int) -> nn.Embedding:
    table = nn.Embedding(entries, width, padding_idx=0)
    nn.init.normal_(table.weight, std=width**-0.5)
    return table
