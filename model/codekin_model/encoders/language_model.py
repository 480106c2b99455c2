"""A pretrained language model as an encoder of texts: one vector of length 1 for each.

In: word-piece ids and their attention mask, shape (batch, tokens). Out: shape (batch, width). Takes any encoder or
decoder that `transformers` can load from safetensors. Must not know of units, path contexts or ONNX.
"""

import json
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, cast

import torch
from safetensors import SafetensorError
from torch import Tensor, nn
from transformers import AutoModel
from transformers.utils import hub

_POOLING_FILE = "1_Pooling/config.json"
"""Where sentence-transformers keeps how its models pool."""
_MODE = "pooling_mode_"


class Pooling(StrEnum):
    """How the vectors of a text's tokens become one: their mean, that of the last token (decoders), or of the first.

    ``configured`` is what the model itself says, as sentence-transformers writes it; the mean where it says nothing.
    """

    MEAN = "mean"
    LAST = "last"
    CLS = "cls"
    CONFIGURED = "configured"


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

    @property
    def positions(self) -> int | None:
        """The most tokens of a text that the model can read; None where it does not say."""
        most: int | None = getattr(cast("Any", self.encoder).config, "max_position_embeddings", None)
        if most is None or most < 1:  # XLNet says -1
            return None
        for name, module in self.encoder.named_modules():
            if name.endswith("position_embeddings") and isinstance(module, nn.Embedding):
                # RoBERTa and its like count from behind the place of the padding
                return most if module.padding_idx is None else most - module.padding_idx - 1
        return most

    def states(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """(batch, tokens) ids and mask -> the last layer's states (batch, tokens, width)."""
        return self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """(batch, tokens) ids and mask -> (batch, width), rows of length 1."""
        return self.pooled(self.states(input_ids, attention_mask), attention_mask)

    def pooled(self, states: Tensor, attention_mask: Tensor) -> Tensor:
        """Token states (batch, tokens, width) as one vector of length 1 for each text."""
        return pooled(states, attention_mask, self.pooling)


def pooled(states: Tensor, mask: Tensor, pooling: Pooling) -> Tensor:
    """Token states (batch, tokens, width) as one vector of length 1 for each text; ``mask`` (batch, tokens)."""
    return nn.functional.normalize(_POOLINGS[pooling](states, mask).float(), dim=-1)


def _mean(states: Tensor, mask: Tensor) -> Tensor:
    weights = mask.unsqueeze(-1).to(states.dtype)  # (batch, tokens, 1)
    return (states * weights).sum(dim=1) / weights.sum(dim=1).clamp(min=1)


def _last(states: Tensor, mask: Tensor) -> Tensor:
    """The last token that is no padding, on whichever side the padding stands."""
    positions = torch.arange(mask.shape[1], device=mask.device)
    return _at((mask * positions).argmax(dim=1), states)


def _first(states: Tensor, mask: Tensor) -> Tensor:
    """The first token that is no padding, on whichever side the padding stands."""
    positions = torch.arange(mask.shape[1], 0, -1, device=mask.device)
    return _at((mask * positions).argmax(dim=1), states)


def _at(places: Tensor, states: Tensor) -> Tensor:
    return states[torch.arange(states.shape[0], device=states.device), places]


_POOLINGS: Mapping[Pooling, Callable[[Tensor, Tensor], Tensor]] = {
    Pooling.MEAN: _mean,
    Pooling.LAST: _last,
    Pooling.CLS: _first,
}
_MODES = {
    "pooling_mode_mean_tokens": Pooling.MEAN,
    "pooling_mode_lasttoken": Pooling.LAST,
    "pooling_mode_cls_token": Pooling.CLS,
}
"""As sentence-transformers calls them."""


def load_language_model(
    source: str | Path, pooling: Pooling = Pooling.MEAN, *, revision: str | None = None
) -> LanguageModel:
    """Load a pretrained encoder from a folder or by its hub name, for inference.

    Only safetensors are read, and no code that a checkpoint may bring is ever run.

    Raises:
        OSError: there is no such model, or it has no safetensors.
        ValueError: its weights are damaged or of other sizes than its configuration says, or it pools as none of
            :class:`Pooling` does.

    """
    loader: Any = AutoModel  # has no types
    try:
        encoder = loader.from_pretrained(
            str(source),
            revision=revision or "main",
            trust_remote_code=False,
            use_safetensors=True,
            attn_implementation="eager",  # the one form of attention that every exporter and every class supports
            dtype=torch.float32,
        )
    except (SafetensorError, RuntimeError) as problem:
        raise ValueError(
            f"its weights are damaged, or of other sizes than its config.json says: {problem}"
        ) from problem
    is_configured = pooling is Pooling.CONFIGURED
    return LanguageModel(encoder, _configured(source, revision) if is_configured else pooling).eval()


def _configured(source: str | Path, revision: str | None) -> Pooling:
    """What the model's own configuration says, or the mean."""
    find: Any = hub.cached_file  # has partial types
    path: str | None = find(
        str(source), _POOLING_FILE, revision=revision or "main", _raise_exceptions_for_missing_entries=False
    )
    if path is None:
        return Pooling.MEAN
    said: object = json.loads(Path(path).read_text(encoding="utf-8"))
    named = cast("dict[str, object]", said) if isinstance(said, dict) else {}
    modes = [name for name, value in named.items() if value is True and name.startswith(_MODE)]
    if len(modes) != 1 or modes[0] not in _MODES:
        found = " and ".join(modes) or "nothing that it names"
        raise ValueError(f"{_POOLING_FILE} pools by {found}; known is each of {', '.join(_MODES)} by itself")
    return _MODES[modes[0]]
