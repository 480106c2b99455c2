"""The closed-vocabulary naming head (Ngo & Rivalan 2025, eq. 1; code2vec's label head).

In: the joint representation of a unit whose own name was masked. Out: a score for every whole name of the vocabulary.
"""

from torch import Tensor, nn


class NamingHead(nn.Module):
    """One hidden layer, then a score a name; trained by cross-entropy with the true name."""

    def __init__(self, width: int, names: int, hidden: int = 256, dropout: float = 0.3) -> None:
        super().__init__()
        self.hidden = nn.Sequential(nn.Linear(width, hidden), nn.GELU(), nn.Dropout(dropout))
        self.names = nn.Linear(hidden, names)

    def forward(self, joint: Tensor) -> Tensor:
        """``joint`` (B, width) to logits (B, names)."""
        return self.names(self.hidden(joint))
