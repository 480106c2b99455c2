"""Product quantisation: vectors in a few bytes each.

In: vectors (N, width). Out: for each of ``parts`` equal parts of a vector which of :data:`VALUES` values it is nearest
to (Jegou et al. 2011, "Product quantization for nearest neighbor search"). Seeded. Must not know what is encoded.
"""

import torch
from torch import Tensor

from codekin_model.fusion.hubness import VALUES

_ROUNDS = 15
"""Of k-means: the error falls by less than one in a hundred after them."""
_CHUNK = 4096


def product_codes(vectors: Tensor, parts: int, seed: int) -> tuple[Tensor, Tensor]:
    """``codes`` uint8 (N, parts) and ``values`` (parts, VALUES, width / parts), which they point into."""
    draw = torch.Generator().manual_seed(seed)
    values = [_means(part, draw) for part in vectors.chunk(parts, dim=1)]
    codes = [_nearest(part, means) for part, means in zip(vectors.chunk(parts, dim=1), values, strict=True)]
    return torch.stack(codes, dim=1).to(torch.uint8), torch.stack(values)


def _means(vectors: Tensor, draw: torch.Generator) -> Tensor:
    """k-means, from vectors drawn at random; a mean that nothing is nearest to stays where it is."""
    means = vectors[torch.randint(len(vectors), (VALUES,), generator=draw)].clone()
    for _ in range(_ROUNDS):
        own = _nearest(vectors, means)
        sums = torch.zeros_like(means).index_add_(0, own, vectors)
        counts = own.bincount(minlength=VALUES).unsqueeze(1)
        means = torch.where(counts > 0, sums / counts.clamp(min=1), means)
    return means


def _nearest(vectors: Tensor, means: Tensor) -> Tensor:
    """The row of ``means`` at the least distance from each of ``vectors``."""
    half_squares = means.square().sum(1) / 2
    return torch.cat([(part @ means.T - half_squares).argmax(1) for part in vectors.split(_CHUNK)])
