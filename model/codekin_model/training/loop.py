"""A training loop that knows no model.

In: a :class:`Problem`. Out: its best state on disk, a CSV of curves. Killed at any point, it resumes from the last
epoch.
"""

import csv
import math
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

_FLOOR = 0.01
"""The least share of the full learning rate, at the beginning and at the end."""
_MODULE, _OPTIMIZER = "module/", "optimizer/"


@dataclass(frozen=True, slots=True)
class LoopOptions:
    """``patience`` epochs without a better score end the training."""

    folder: Path
    epochs: int = 12
    learning_rate: float = 1e-3
    weight_decay: float = 0.01
    warmup: float = 0.05
    clip: float = 1.0
    patience: int = 3


class Problem(Protocol):
    """What is trained: its module, its batches, its loss, its validation."""

    @property
    def module(self) -> nn.Module:
        """What holds the parameters."""
        ...

    def steps(self) -> int:
        """Batches of one epoch."""
        ...

    def losses(self, epoch: int) -> Iterable[Mapping[str, Tensor]]:
        """For each batch its named losses; their sum is descended."""
        ...

    def validate(self) -> Mapping[str, float]:
        """Figures on held-out data; ``score`` is the one that must grow."""
        ...


def fit(problem: Problem, options: LoopOptions) -> Path:
    """Train until the epochs or the patience run out; the best state is at the path returned."""
    options.folder.mkdir(parents=True, exist_ok=True)
    best, last = options.folder / "best.safetensors", options.folder / "last.safetensors"
    optimizer = torch.optim.AdamW(
        problem.module.parameters(), lr=options.learning_rate, weight_decay=options.weight_decay
    )
    progress = _resume(last, problem.module, optimizer) if last.exists() else _Progress()
    while progress.epoch < options.epochs and progress.stale < options.patience:
        figures = _epoch(problem, optimizer, options, progress.epoch)
        improved = figures["score"] > progress.score
        if improved:
            save_file(problem.module.state_dict(), best)
        stale = 0 if improved else progress.stale + 1
        progress = _Progress(progress.epoch + 1, max(progress.score, figures["score"]), stale)
        _log(options.folder / "curves.csv", figures)
        _save(last, problem.module, optimizer, progress)
    return best


@dataclass(frozen=True, slots=True)
class _Progress:
    """Epochs done, the best score, and the epochs since it was reached."""

    epoch: int = 0
    score: float = float("-inf")
    stale: int = 0


def _save(path: Path, module: nn.Module, optimizer: torch.optim.Optimizer, progress: _Progress) -> None:
    """Everything a resumed run needs, as tensors: parameters, their moments, the step, the progress."""
    tensors = {f"{_MODULE}{name}": tensor for name, tensor in module.state_dict().items()}
    for at, moments in optimizer.state_dict()["state"].items():
        tensors |= {f"{_OPTIMIZER}{at}/{name}": tensor for name, tensor in moments.items()}
    values = [float(progress.epoch), progress.score, float(progress.stale)]
    tensors["progress"] = torch.tensor(values, dtype=torch.float64)
    save_file(tensors, path.with_suffix(".new"))
    path.with_suffix(".new").replace(path)


def _resume(path: Path, module: nn.Module, optimizer: torch.optim.Optimizer) -> _Progress:
    tensors = load_file(path)
    epoch, score, stale = tensors.pop("progress").tolist()
    state = {name.removeprefix(_MODULE): tensor for name, tensor in tensors.items() if name.startswith(_MODULE)}
    module.load_state_dict(state)
    moments: dict[int, dict[str, Tensor]] = {}
    for name, tensor in tensors.items():
        if name.startswith(_OPTIMIZER):
            _, at, moment = name.split("/", 2)
            moments.setdefault(int(at), {})[moment] = tensor
    optimizer.load_state_dict(optimizer.state_dict() | {"state": moments})
    return _Progress(int(epoch), score, int(stale))


def _epoch(problem: Problem, optimizer: torch.optim.Optimizer, options: LoopOptions, epoch: int) -> dict[str, float]:
    problem.module.train()
    sums: dict[str, float] = {}
    started, count = time.monotonic(), 0
    for losses in problem.losses(epoch):
        rate = options.learning_rate * _share(options, epoch + count / problem.steps())
        for group in optimizer.param_groups:
            group["lr"] = rate
        optimizer.zero_grad(set_to_none=True)
        torch.stack(list(losses.values())).sum().backward()
        nn.utils.clip_grad_norm_(problem.module.parameters(), options.clip)
        optimizer.step()
        count += 1
        for name, value in losses.items():
            sums[name] = sums.get(name, 0.0) + value.item()
        sys.stderr.write(f"\repoch {epoch} {count}/{problem.steps()} " + _line(sums, count))
    problem.module.eval()
    with torch.no_grad():
        figures = dict(problem.validate())
    averages = {name: value / count for name, value in sums.items()}
    result = {"epoch": float(epoch), "seconds": time.monotonic() - started} | averages | figures
    sys.stderr.write("\n" + _line(result, 1) + "\n")
    return result


def _share(options: LoopOptions, epoch: float) -> float:
    """Share of the full learning rate: a linear rise, then a cosine down to a hundredth."""
    done = epoch / options.epochs
    if done < options.warmup:
        return max(done / options.warmup, _FLOOR)
    return _FLOOR + (1 - _FLOOR) * (1 + math.cos(math.pi * (done - options.warmup) / (1 - options.warmup))) / 2


def _line(values: Mapping[str, float], count: int) -> str:
    return " ".join(f"{name} {value / count:.4f}" for name, value in values.items())


def _log(path: Path, figures: Mapping[str, float]) -> None:
    is_new = not path.exists()
    with path.open("a", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(figures))
        if is_new:
            writer.writeheader()
        writer.writerow(figures)
