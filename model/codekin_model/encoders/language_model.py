"""A pretrained language model as an encoder of texts: one vector of length 1 for each.

In: word-piece ids and their attention mask, shape (batch, tokens). Out: shape (batch, width). Takes any encoder or
decoder that `transformers` can load from safetensors. Must not know of units, path contexts or ONNX.
"""

from enum import StrEnum
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor, nn
from transformers import AutoModel


class Pooling(StrEnum):
    """How the vectors of a text's tokens become one: their mean, or that of the last token (decoders)."""

    MEAN = "mean"
    LAST = "last"


class LanguageModel(nn.Module):
    """Encoder, pooling over the tokens that are no padding, and scaling to length 1."""

    def __init__(self, encoder: nn.Module, pooling: Pooling = Pooling.MEAN) -> None:
        super().__init__()
        self.encoder = encoder
        self.pooling = pooling

    @property
    def width(self) -> int:
        """Length of a vector."""
        return int(cast("Any", self.encoder).config.hidden_size)

    def states(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """(batch, tokens) ids and mask -> the last layer's states (batch, tokens, width)."""
        return self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """(batch, tokens) ids and mask -> (batch, width), rows of length 1."""
        return self.pooled(self.states(input_ids, attention_mask), attention_mask)

    def pooled(self, states: Tensor, attention_mask: Tensor) -> Tensor:
        """Token states (batch, tokens, width) as one vector of length 1 for each text."""
        return nn.functional.normalize(_POOLINGS[self.pooling](states, attention_mask).float(), dim=-1)


def _mean(states: Tensor, mask: Tensor) -> Tensor:
    weights = mask.unsqueeze(-1).to(states.dtype)  # (batch, tokens, 1)
    return (states * weights).sum(dim=1) / weights.sum(dim=1).clamp(min=1)


def _last(states: Tensor, mask: Tensor) -> Tensor:
    """The last token that is no padding, on whichever side the padding stands."""
    positions = torch.arange(mask.shape[1], device=mask.device)
    last = (mask * positions).argmax(dim=1)  # (batch,)
    return states[torch.arange(states.shape[0], device=states.device), last]


_POOLINGS = {Pooling.MEAN: _mean, Pooling.LAST: _last}


def load_language_model(
    source: str | Path, pooling: Pooling = Pooling.MEAN, *, revision: str | None = None
) -> LanguageModel:
    """Load a pretrained encoder from a folder or by its hub name, for inference.

    Only safetensors are read, and no code that a checkpoint may bring is ever run.

    Raises:
        OSError: there is no such model, or it has no safetensors.

    """
    loader: Any = AutoModel  # has no types
    encoder = loader.from_pretrained(
        str(source),
        revision=revision or "main",
        trust_remote_code=False,
        use_safetensors=True,
        attn_implementation="eager",  # the one form of attention that every exporter and every class supports
        dtype=torch.float32,
    )
    return LanguageModel(encoder, pooling).eval()
