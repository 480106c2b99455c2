"""A training loop that knows no model.

In: a :class:`Problem`. Out: its best state on disk, a CSV of curves. Killed at any point, it resumes from the last
state saved and ends as if nothing had happened: what a step does depends on the seed, the epoch and the batch alone.
"""

import math
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor, nn

from codekin_model.training.curves import write_row
from codekin_model.training.display import Display, as_line
from codekin_model.training.loop_state import Progress, Trained, load_state, save_module, save_state
from codekin_model.training.machine import Machine, Precision, TrainingError, current_machine, finite

BEST, LAST, CURVES = "best.safetensors", "last.safetensors", "curves.csv"
_FLOOR = 0.01
"""The least share of the full learning rate, at the beginning and at the end."""
_RATE = "rate"
"""What the optimizer's groups differ in."""


@dataclass(frozen=True, slots=True)
class LoopOptions:
    """``patience`` epochs without a better score end the training; ``save_seconds`` of work at most are lost by a kill.

    ``rates`` are factors of the learning rate by prefix of a parameter's name; of several that fit the longest counts.
    ``seed`` is that of dropout and whatever else draws from torch.
    """

    folder: Path
    epochs: int = 12
    learning_rate: float = 1e-3
    weight_decay: float = 0.01
    warmup: float = 0.05
    clip: float = 1.0
    patience: int = 3
    save_seconds: float = 300.0
    rates: Mapping[str, float] = field(default_factory=dict[str, float])
    seed: int = 17


class Problem(Protocol):
    """What is trained: its module, its batches, its loss, its validation.

    The loop moves the module to the device; a problem puts its batches where the module's parameters are.
    """

    @property
    def module(self) -> nn.Module:
        """What holds the parameters. Those that want no gradient stay as they are."""
        ...

    def steps(self) -> int:
        """Batches of one epoch."""
        ...

    def losses(self, epoch: int, first: int) -> Iterable[Mapping[str, Tensor]]:
        """The named losses of the batches ``first``, ``first + 1``, ... of an epoch; their sum is descended.

        A batch depends on the problem's seed, ``epoch`` and its number alone.
        """
        ...

    def validate(self) -> Mapping[str, float]:
        """Figures on held-out data; ``score`` is the one that must grow."""
        ...


def fit(problem: Problem, options: LoopOptions, machine: Machine | None = None) -> Path:
    """Train until the epochs or the patience run out; the best state is at the path returned.

    Of ``world`` processes each takes one batch of ``world`` in a row, and their gradients are averaged; the first one
    validates and writes. Their losses see their own batch only. The loss that curves show is the first one's.

    Raises:
        TrainingError: there is not one batch, the loss or the score is no finite number, a parameter is none when it is
            to be kept, or the folder holds the run of another model.
    """
    options.folder.mkdir(parents=True, exist_ok=True)
    machine = machine or current_machine()
    with Display(shown=machine.is_first) as display:
        _Training(problem, options, machine, display).run()
    return options.folder / BEST


class _Training:
    """One run. Every process has one, and all of them walk in step."""

    def __init__(self, problem: Problem, options: LoopOptions, machine: Machine, display: Display) -> None:
        self._problem, self._options, self._machine, self._display = problem, options, machine, display
        self._rounds = problem.steps() // machine.world
        if not self._rounds:
            raise TrainingError(
                f"an epoch has {problem.steps()} batches for {machine.world} processes: make the batches smaller, or "
                "train on more code"
            )
        module = problem.module.to(machine.device)
        self._parameters = [each for each in module.parameters() if each.requires_grad]
        groups = _groups(module, options.rates)
        optimizer = torch.optim.AdamW(groups, lr=options.learning_rate, weight_decay=options.weight_decay)
        self._trained = Trained(module, optimizer, machine.scaler())
        self._progress = load_state(options.folder / LAST, self._trained)
        machine.share(module)
        self._saved = self._clock = time.monotonic()

    def run(self) -> None:
        options = self._options
        if self._progress.epoch or self._progress.batches:
            self._display.note(f"going on after batch {self._progress.batches} of epoch {self._progress.epoch + 1}")
        while self._progress.epoch < options.epochs and self._progress.stale < options.patience:
            self._train_epoch()
            self._end_epoch()

    def _train_epoch(self) -> None:
        total = self._rounds * self._machine.world
        self._trained.module.train()
        self._clock = time.monotonic()
        for losses in self._losses(total):
            self._step(losses)
            self._count(losses)
            progress = self._progress
            self._display.step(progress.epoch, progress.batches, total, self._means())
            if progress.batches == total or time.monotonic() - self._saved >= self._options.save_seconds:
                self._save()
                self._display.saved(progress.epoch, progress.batches, total, self._means())

    def _losses(self, total: int) -> Iterator[Mapping[str, Tensor]]:
        """This process' share of what is left of the epoch."""
        epoch, first, world = self._progress.epoch, self._progress.batches + self._machine.rank, self._machine.world
        stream = iter(self._problem.losses(epoch, first))
        for batch in range(first, total, world):
            if world > 1 and batch > first:  # a stream would compute the other processes' batches as well
                stream = iter(self._problem.losses(epoch, batch))
            torch.manual_seed(_batch_seed(self._options.seed, epoch, batch))
            with self._machine.autocast():
                losses = next(stream)
            yield losses

    def _step(self, losses: Mapping[str, Tensor]) -> None:
        progress, options = self._progress, self._options
        if self._machine.precision is not Precision.FP16 and not finite(losses.values()):
            # float16 may overflow for a few batches, until its scale is found
            place = f"batch {progress.batches + 1} of epoch {progress.epoch + 1}"
            raise TrainingError(f"the loss is no number at {place}: lower the learning rate, or use another precision")
        optimizer, scaler = self._trained.optimizer, self._trained.scaler
        done = progress.epoch + progress.batches / (self._rounds * self._machine.world)
        for group in optimizer.param_groups:
            group["lr"] = options.learning_rate * group[_RATE] * _share(options, done)
        optimizer.zero_grad(set_to_none=True)
        scaler.scale(torch.stack(list(losses.values())).sum()).backward()
        self._machine.average_gradients(self._parameters)
        scaler.unscale_(optimizer)
        nn.utils.clip_grad_norm_(self._parameters, options.clip)
        scaler.step(optimizer)
        scaler.update()

    def _count(self, losses: Mapping[str, Tensor]) -> None:
        progress, now = self._progress, time.monotonic()
        sums = dict(progress.sums)
        for name, value in losses.items():
            sums[name] = sums.get(name, 0.0) + value.item()
        batches, seconds = progress.batches + self._machine.world, progress.seconds + now - self._clock
        self._clock = now
        self._progress = replace(progress, batches=batches, seconds=seconds, sums=sums)

    def _means(self) -> dict[str, float]:
        rounds = self._progress.batches // self._machine.world
        return {name: value / rounds for name, value in self._progress.sums.items()}

    def _end_epoch(self) -> None:
        """Validate, keep the best, write the row of the curves. Killed anywhere in here, it is done again."""
        figures = self._validated()
        score = self._machine.agree(figures.get("score", math.nan) if finite(self._parameters) else math.nan)
        progress = self._progress
        if not math.isfinite(score):
            raise TrainingError(
                f"the training diverged: epoch {progress.epoch + 1} has the score {score}; lower the learning rate and "
                f"name another --out ({self._options.folder} keeps the best state from before, where there was one)"
            )
        row = {"epoch": float(progress.epoch), "seconds": progress.seconds} | self._means() | figures
        improved = score > progress.score
        if self._machine.is_first:
            if improved:
                save_module(self._options.folder / BEST, self._trained.module)
            write_row(self._options.folder / CURVES, row)
        stale = 0 if improved else progress.stale + 1
        self._progress = Progress(progress.epoch + 1, 0, max(progress.score, score), stale)
        self._save()
        self._display.note(f"epoch {progress.epoch + 1} of {self._options.epochs}: {as_line(row)}")

    def _validated(self) -> dict[str, float]:
        if not self._machine.is_first:
            return {}
        self._trained.module.eval()
        with torch.no_grad():
            return dict(self._problem.validate())

    def _save(self) -> None:
        self._saved = time.monotonic()
        if self._machine.is_first:
            save_state(self._options.folder / LAST, self._trained, self._progress)


def _groups(module: nn.Module, rates: Mapping[str, float]) -> list[dict[str, Any]]:
    """Parameters that learn, in the module's order whatever the rates are: a state counts them."""

    def rate(named: tuple[str, nn.Parameter]) -> float:
        fitting = [prefix for prefix in rates if named[0].startswith(prefix)]
        return rates[max(fitting, key=len)] if fitting else 1.0

    learning = [each for each in module.named_parameters() if each[1].requires_grad]
    return [{"params": [each for _, each in run], _RATE: factor} for factor, run in groupby(learning, rate)]


def _batch_seed(seed: int, epoch: int, batch: int) -> int:
    return int(np.random.SeedSequence((seed, epoch, batch)).generate_state(1)[0])


def _share(options: LoopOptions, epoch: float) -> float:
    """Share of the full learning rate: a linear rise, then a cosine down to a hundredth."""
    done = epoch / options.epochs
    if done < options.warmup:
        return max(done / options.warmup, _FLOOR)
    return _FLOOR + (1 - _FLOOR) * (1 + math.cos(math.pi * (done - options.warmup) / (1 - options.warmup))) / 2
