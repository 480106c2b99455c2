"""The student: bags of words, of words beside each other and, where it has buckets for them, of path contexts.

In: :class:`codekin_model.vocab.own_words.OwnWords` and contexts as tensors. Out: vectors of length 1, of the teacher's
width. Every word has one vector, the same in a name and in a source, and one weight in each (attention without a
question). What a word means between its neighbours is a sum of three vectors, of tables that are computed once for each
word of a batch: so a function costs a few look-ups instead of six layers of a Transformer.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

_PADDING_SCORE = -1e4
_REACH = 3
"""Places that are read together: the word before, the word, the word after."""


@dataclass(frozen=True, slots=True)
class StudentConfig:
    """``words`` and ``buckets`` count the vocabulary and the hashed contexts, if any; ``places`` are those of each bag.

    Words have vectors of ``width``, contexts, which tell less, of ``context_width``, words between others of
    ``beside``; where that is 0, every word is read alone.
    """

    words: int
    buckets: int
    places: tuple[int, int, int]
    width: int = 256
    context_width: int = 64
    beside: int = 0
    hidden: int = 512
    output: int = 384
    dropout: float = 0.1


class _Bag(nn.Module):
    """``sum a_i e_i`` with ``a = softmax(strength of the word + strength of the place)``."""

    def __init__(self, vectors: nn.Embedding, places: int) -> None:
        super().__init__()
        self.vectors = vectors
        self.strengths = _strengths(vectors.num_embeddings)
        self.places = nn.Parameter(torch.zeros(places))

    def forward(self, vectors: Tensor, strengths: Tensor, ids: Tensor) -> Tensor:
        """(B, places) rows of ``vectors`` (U, width) and ``strengths`` (U, 1) to (B, width); an empty bag is zero."""
        scores = functional.embedding(ids, strengths).squeeze(-1) + self.places[: ids.shape[1]]
        return _pooled(scores, functional.embedding(ids, vectors), ids > 0)


class _Beside(nn.Module):
    """``sum a_i u_i`` with ``u_i = gelu(sum_j W_j e_(i+j) + W b)``, ``b`` the unit's bags, and ``a`` as of a bag."""

    def __init__(self, words: int, width: int, bags: int, size: int) -> None:
        super().__init__()
        self.size = size
        self.turn = nn.Linear(width, _REACH * size, bias=False)
        self.unit = nn.Linear(bags, size)
        self.gate = nn.Linear(size, 1)
        self.strengths = _strengths(words)

    def forward(self, tables: Tensor, strengths: Tensor, unit: Tensor, ids: Tensor) -> Tensor:
        """(B, places) rows of ``tables`` (U, _REACH * size) to (B, size), with what the units (B, size) are about."""
        shifted = (functional.pad(ids[:, :-1], (1, 0)), ids, functional.pad(ids[:, 1:], (0, 1)))
        parts = zip(shifted, tables.split(self.size, dim=-1), strict=True)
        first, second, third = (functional.embedding(rows, table) for rows, table in parts)
        meant = functional.gelu(first + second + third + unit.unsqueeze(1))
        scores = (self.gate(meant) + functional.embedding(ids, strengths)).squeeze(-1)
        return _pooled(scores, meant, ids > 0)


class Student(nn.Module):
    """``normalize(skip(bags) + narrow(gelu(widen(bags))))``."""

    def __init__(self, config: StudentConfig) -> None:
        super().__init__()
        self.config = config
        names, words, contexts = config.places
        vectors = _vectors(config.words, config.width)
        self.names, self.words = _Bag(vectors, names), _Bag(vectors, words)
        self.contexts = _Bag(_vectors(config.buckets, config.context_width), contexts) if config.buckets else None
        alone = 2 * config.width
        self.beside = _Beside(config.words, config.width, alone, config.beside) if config.beside else None
        bags = alone + 2 * config.beside + (config.context_width if config.buckets else 0)
        self.skip = nn.Linear(bags, config.output, bias=False)
        self.widen = nn.Linear(bags, config.hidden)
        self.narrow = nn.Linear(config.hidden, config.output)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, own: Tensor, names: Tensor, words: Tensor, contexts: Tensor) -> Tensor:
        """Numbers of words (U,), what units have of them (B, places), and numbers of contexts to (B, output)."""
        vectors = self.names.vectors(own)
        alone = [bag(vectors, bag.strengths(own), ids) for bag, ids in ((self.names, names), (self.words, words))]
        bags = torch.cat([*alone, *self._beside(own, vectors, alone, (names, words)), *self._of(contexts)], dim=-1)
        change = self.narrow(self.dropout(functional.gelu(self.widen(bags))))
        return functional.normalize(self.skip(bags) + change, dim=-1)

    def _beside(self, own: Tensor, vectors: Tensor, alone: list[Tensor], places: tuple[Tensor, Tensor]) -> list[Tensor]:
        if self.beside is None:
            return []
        tables, unit = self.beside.turn(vectors).float(), self.beside.unit(torch.cat(alone, dim=-1))
        return [self.beside(tables, self.beside.strengths(own), unit, ids) for ids in places]

    def _of(self, contexts: Tensor) -> list[Tensor]:
        bag = self.contexts
        return [] if bag is None else [bag(bag.vectors.weight, bag.strengths.weight, contexts)]

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


def _pooled(scores: Tensor, vectors: Tensor, real: Tensor) -> Tensor:
    """Means of ``vectors`` (B, places, width), weighted by the softmax of ``scores`` over the ``real`` places."""
    weights = scores.masked_fill(~real, _PADDING_SCORE).softmax(-1) * real
    return (weights.unsqueeze(1) @ vectors).squeeze(1)


def _strengths(entries: int) -> nn.Embedding:
    table = nn.Embedding(entries, 1, padding_idx=0)
    nn.init.zeros_(table.weight)
    return table


def _vectors(entries: int, width: int) -> nn.Embedding:
    table = nn.Embedding(entries, width, padding_idx=0)
    nn.init.normal_(table.weight[1:], std=width**-0.5)
    nn.init.zeros_(table.weight[0])
    return table
