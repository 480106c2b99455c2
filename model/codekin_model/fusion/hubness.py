"""Hubs step back: some units lie near to nearly every question, and are found for what others are meant by.

In: vectors of units and of questions. Out: the same vectors, and in one direction that questions leave unused, how much
of a hub a unit is (Radovanovic et al. 2010, "Hubs in space"). A hub is known by its mean product with the nearest of
many kept questions, which CSLS subtracts from every score (Conneau et al. 2018, eq. 3). With what a unit has in that
direction, and what every question is given there, the product of the two vectors is that difference, but for lengths
of nearly 1: an index of plain vectors serves. Kept questions are product-quantised (Jegou et al. 2011). Nothing in
here is trained.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

VALUES = 256
"""Of a byte."""


@dataclass(frozen=True, slots=True)
class HubnessShape:
    """``questions`` kept, each in ``parts`` bytes; the ``nearest`` of them count, with the weight ``strength``.

    ``lift`` is what questions, of length 1, are given in the unused direction: the more, the less do hubs resemble each
    other for being hubs, and the smaller is the product of a question with what answers it.
    """

    width: int
    questions: int
    parts: int
    nearest: int
    strength: float
    lift: float


class Hubness(nn.Module):
    """``codes`` (questions, parts) point into ``values`` (parts, VALUES, width / parts).

    ``unused`` (width,) is the direction; ``usual`` is the nearness that counts as none.
    """

    codes: Tensor
    values: Tensor
    unused: Tensor
    usual: Tensor

    def __init__(self, shape: HubnessShape) -> None:
        super().__init__()
        self.shape = shape
        self.register_buffer("codes", torch.zeros(shape.questions, shape.parts, dtype=torch.uint8))
        self.register_buffer("values", torch.zeros(shape.parts, VALUES, shape.width // shape.parts))
        self.register_buffer("unused", functional.one_hot(torch.tensor(0), shape.width).float())
        self.register_buffer("usual", torch.zeros(()))

    def kept(self) -> Tensor:
        """The questions as they are kept, (questions, width)."""
        parts = torch.arange(self.shape.parts)
        return self.values[parts, self.codes.long()].flatten(1)

    def near(self, vectors: Tensor) -> Tensor:
        """The mean product of each of ``vectors`` (B, width) with the nearest questions: (B,)."""
        return (vectors @ self.kept().T).topk(self.shape.nearest, dim=-1).values.mean(-1)

    def units(self, vectors: Tensor) -> Tensor:
        """Vectors of units with their hubness, (B, width) -> (B, width), of length 1."""
        excess = self.shape.strength * (self.near(vectors) - self.usual)
        return self._with(vectors, -excess / self.shape.lift)

    def questions(self, vectors: Tensor) -> Tensor:
        """Vectors of questions as those units are asked for, (B, width) -> (B, width), of length 1."""
        return self._with(vectors, torch.full((len(vectors),), self.shape.lift))

    def _with(self, vectors: Tensor, share: Tensor) -> Tensor:
        """``vectors`` with ``share`` (B,) in the unused direction instead of what they have there."""
        change = share - vectors @ self.unused
        return functional.normalize(vectors + change.unsqueeze(-1) * self.unused, dim=-1)
