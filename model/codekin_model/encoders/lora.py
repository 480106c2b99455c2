"""Which parameters of a pretrained encoder a training may change: all, low-rank adapters beside its matrices, or none.

In: any Hugging Face encoder or decoder. Out: the same object, prepared in place; :func:`merge` makes it a plain one
again. Adapters (Hu et al. 2022, LoRA: ``W + scale * B A``) are those of `peft`, which knows every kind of linear layer.
Must not know what is trained.
"""

from enum import StrEnum
from typing import Any, cast

from torch import nn

_RANK = 16
_SCALE = 2
"""Of ``B A``, whatever its rank."""


class Tuning(StrEnum):
    """What of the encoder is trained."""

    FULL = "full"
    LORA = "lora"
    FROZEN = "frozen"


def prepare(encoder: nn.Module, tuning: Tuning, frozen_layers: int = 0) -> nn.Module:
    """Mark what of ``encoder`` is trained, and put adapters into it where ``tuning`` says so.

    The lowest ``frozen_layers`` layers stay as they are, and with the first of them the embeddings; under ``LORA``
    everything but the adapters does. New adapters change nothing yet: ``B`` is 0.

    Raises:
        ValueError: the encoder has fewer layers.
        ModuleNotFoundError: ``LORA`` without peft.
    """
    layers = _layers(encoder)
    if not 0 <= frozen_layers <= len(layers):
        raise ValueError(f"frozen_layers is {frozen_layers}, the encoder has {len(layers)} layers")
    encoder.requires_grad_(tuning is Tuning.FULL)
    if tuning is Tuning.LORA:
        _adapt(encoder, frozen_layers)
    elif tuning is Tuning.FULL:
        for layer in list(layers)[:frozen_layers]:
            layer.requires_grad_(requires_grad=False)
        if frozen_layers:
            _freeze_embeddings(encoder)
    return encoder


def merge(encoder: nn.Module) -> nn.Module:
    """Add every adapter into the matrix beside it and take it away: the parameters of the encoder as it came."""
    if not any("lora_" in name for name, _ in encoder.named_parameters()):
        return encoder
    from peft.tuners.tuners_utils import BaseTunerLayer  # noqa: PLC0415 - what was not adapted needs no peft

    for name, module in list(encoder.named_modules()):
        if isinstance(module, BaseTunerLayer):
            adapted: Any = module  # has partial types
            adapted.merge(safe_merge=True)
            encoder.set_submodule(name, adapted.get_base_layer())
    return encoder


def _adapt(encoder: nn.Module, frozen_layers: int) -> None:
    """Adapters beside every matrix of the layers above the frozen ones."""
    from peft import LoraConfig, inject_adapter_in_model  # noqa: PLC0415 - needed by this way of training only

    names = {module: name for name, module in encoder.named_modules()}
    above = [module for layer in list(_layers(encoder))[frozen_layers:] for module in layer.modules()]
    transposed = [names[module] for module in above if type(module).__name__ == "Conv1D"]  # GPT-2's matrices
    matrices = [names[module] for module in above if isinstance(module, nn.Linear)]
    config = LoraConfig(
        r=_RANK,
        lora_alpha=_RANK * _SCALE,
        target_modules=matrices + transposed,
        fan_in_fan_out=bool(transposed),
    )
    inject_adapter_in_model(config, encoder)


def _layers(encoder: nn.Module) -> nn.ModuleList:
    """The encoder's stack of equal layers.

    Raises:
        ValueError: it has none.
    """
    count = int(cast("Any", encoder).config.num_hidden_layers)
    for module in encoder.modules():
        if isinstance(module, nn.ModuleList) and len(module) == count:
            return module
    raise ValueError(f"{type(encoder).__name__} is no stack of {count} layers")


def _freeze_embeddings(encoder: nn.Module) -> None:
    """Everything below the layers: tables of words and places, and what scales them."""
    inside = {id(parameter) for parameter in _layers(encoder).parameters()}
    for name, module in encoder.named_children():
        if "emb" in name or isinstance(module, nn.Embedding):
            for parameter in module.parameters():
                if id(parameter) not in inside:
                    parameter.requires_grad = False
