"""A training loop that knows no model.

In: a :class:`Problem`. Out: its best state on disk, a CSV of curves. Killed at any point, it resumes from the last epoch.
"""

import csv
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import torch
from torch import Tensor, nn


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
    best, last = options.folder / "best.pt", options.folder / "last.pt"
    total = options.epochs * problem.steps()
    optimizer = torch.optim.AdamW(
        problem.module.parameters(), lr=options.learning_rate, weight_decay=options.weight_decay
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=options.learning_rate, total_steps=total + 1, pct_start=options.warmup
    )
    state = {"epoch": 0, "score": float("-inf"), "stale": 0}
    if last.exists():
        saved = torch.load(last, weights_only=True)
        problem.module.load_state_dict(saved["module"])
        optimizer.load_state_dict(saved["optimizer"])
        schedule.load_state_dict(saved["schedule"])
        state = saved["state"]
    while state["epoch"] < options.epochs and state["stale"] < options.patience:
        figures = _epoch(problem, optimizer, schedule, options, int(state["epoch"]))
        improved = figures["score"] > state["score"]
        if improved:
            torch.save(problem.module.state_dict(), best)
        state = {
            "epoch": state["epoch"] + 1,
            "score": max(state["score"], figures["score"]),
            "stale": 0 if improved else state["stale"] + 1,
        }
        _log(options.folder / "curves.csv", figures)
        whole = {"module": problem.module.state_dict(), "optimizer": optimizer.state_dict()}
        torch.save(whole | {"schedule": schedule.state_dict(), "state": state}, last.with_suffix(".new"))
        last.with_suffix(".new").replace(last)
    return best


def _epoch(
    problem: Problem,
    optimizer: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LRScheduler,
    options: LoopOptions,
    epoch: int,
) -> dict[str, float]:
    problem.module.train()
    sums: dict[str, float] = {}
    started, count = time.monotonic(), 0
    for losses in problem.losses(epoch):
        optimizer.zero_grad(set_to_none=True)
        torch.stack(list(losses.values())).sum().backward()
        nn.utils.clip_grad_norm_(problem.module.parameters(), options.clip)
        optimizer.step()
        schedule.step()
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


def _line(values: Mapping[str, float], count: int) -> str:
    return " ".join(f"{name} {value / count:.4f}" for name, value in values.items())


def _log(path: Path, figures: Mapping[str, float]) -> None:
    is_new = not path.exists()
    with path.open("a", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(figures))
        if is_new:
            writer.writeheader()
        writer.writerow(figures)
