"""What a training needs to go on after a kill, in one file.

In: module, optimizer, gradient scaler, progress. Out: the same from disk. The file is replaced whole, so that there is
always one that can be read. Random state is not in it: every batch is seeded by its own number.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from codekin_model.training.machine import TrainingError

_MODULE, _OPTIMIZER, _SCALER, _SUM = "module/", "optimizer/", "scaler/", "sum/"


@dataclass(frozen=True, slots=True)
class Progress:
    """Epochs done, then batches done of the next one (by all processes together) with the sums of their losses.

    ``score`` is the best so far, ``stale`` the epochs since it was reached, ``seconds`` those of the unfinished epoch.
    """

    epoch: int = 0
    batches: int = 0
    score: float = float("-inf")
    stale: int = 0
    seconds: float = 0.0
    sums: Mapping[str, float] = field(default_factory=dict[str, float])


@dataclass(frozen=True)
class Trained:
    """Everything that a step changes."""

    module: nn.Module
    optimizer: torch.optim.Optimizer
    scaler: torch.GradScaler


def save_module(path: Path, module: nn.Module) -> None:
    """The parameters and buffers of ``module``, written whole or not at all."""
    _replace(path, module.state_dict())


def save_state(path: Path, trained: Trained, progress: Progress) -> None:
    """Everything :func:`load_state` needs, as tensors, written whole or not at all."""
    tensors = {f"{_MODULE}{name}": tensor for name, tensor in trained.module.state_dict().items()}
    for at, moments in trained.optimizer.state_dict()["state"].items():
        tensors |= {f"{_OPTIMIZER}{at}/{name}": tensor for name, tensor in moments.items()}
    tensors |= {f"{_SCALER}{name}": _number(value) for name, value in trained.scaler.state_dict().items()}
    tensors |= {f"{_SUM}{name}": _number(value) for name, value in progress.sums.items()}
    numbers = [progress.epoch, progress.batches, progress.score, progress.stale, progress.seconds]
    tensors["progress"] = torch.tensor(numbers, dtype=torch.float64)
    _replace(path, tensors)


def load_state(path: Path, trained: Trained) -> Progress:
    """Put ``trained`` where it was when ``path`` was written; nothing changes where there is no such file.

    Raises:
        TrainingError: the file is damaged, or was written by a run of another model.
    """
    if not path.exists():
        return Progress()
    try:
        tensors = load_file(path)
        trained.module.load_state_dict(_named(tensors, _MODULE))
        optimizer = trained.optimizer.state_dict() | {"state": _moments(tensors)}
        trained.optimizer.load_state_dict(optimizer)
        epoch, batches, score, stale, seconds = tensors["progress"].tolist()
    except (SafetensorError, RuntimeError, KeyError, ValueError) as problem:
        raise TrainingError(
            f"{path} is damaged or belongs to another configuration: name another --out, or delete it to start anew"
        ) from problem
    _load_scaler(trained.scaler, _named(tensors, _SCALER))
    sums = {name: value.item() for name, value in _named(tensors, _SUM).items()}
    return Progress(int(epoch), int(batches), score, int(stale), seconds, sums)


def _load_scaler(scaler: torch.GradScaler, saved: Mapping[str, Tensor]) -> None:
    """A run may go on in another precision: a scaler that is not used has no state."""
    state = scaler.state_dict()
    if saved and state:
        scaler.load_state_dict({name: type(state[name])(saved[name].item()) for name in state})


def _replace(path: Path, tensors: Mapping[str, Tensor]) -> None:
    """Tensors that share memory (tied weights) are written once each: the format knows no sharing."""
    written, seen = dict[str, Tensor](), set[int]()
    for name, tensor in tensors.items():
        shared = tensor.untyped_storage().data_ptr() in seen
        written[name] = tensor.detach().clone() if shared else tensor.detach().contiguous()
        seen.add(tensor.untyped_storage().data_ptr())
    new = path.with_suffix(".new")
    save_file(written, new)
    new.replace(path)


def _moments(tensors: Mapping[str, Tensor]) -> dict[int, dict[str, Tensor]]:
    moments: dict[int, dict[str, Tensor]] = {}
    for name, tensor in _named(tensors, _OPTIMIZER).items():
        at, _, moment = name.partition("/")
        moments.setdefault(int(at), {})[moment] = tensor
    return moments


def _named(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}


def _number(value: float) -> Tensor:
    return torch.tensor(value, dtype=torch.float64)
