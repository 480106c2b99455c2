"""The student's vectors, turned towards what is asked for: first vectors of units, to be searched by themselves.

In: the student's vectors. Out: vectors of length 1, in the same space: ``normalize(v + M v)``, where M starts at zero.
A student learns to stand where its teacher does; what of that questions look for, it is not told. The blend goes on
reading what it was trained beside, the student's vectors as they are.
"""

from torch import Tensor, nn
from torch.nn import functional


class Sketch(nn.Module):
    """Reads vectors of ``width``."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.turn = nn.Linear(width, width, bias=False)
        nn.init.zeros_(self.turn.weight)

    def forward(self, words: Tensor) -> Tensor:
        """(B, width) -> (B, width)."""
        return functional.normalize(words + self.turn(words), dim=-1)
