"""A module's weights as a fingerprint, by which what was computed with them is kept.

In: a torch module. Out: hexadecimal digits. Must not know what the module computes.
"""

from hashlib import blake2b

import torch
from torch import nn

_BYTES = 16


def fingerprint_of(module: nn.Module) -> str:
    """The same for equal weights, on whichever device they are."""
    digest = blake2b(digest_size=_BYTES)
    for name, value in module.state_dict().items():
        digest.update(name.encode())
        digest.update(value.detach().cpu().contiguous().flatten().view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()
