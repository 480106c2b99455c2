"""A tiny problem with dropout, and a program that trains it: ``line_problem.py FOLDER [BATCHES BEFORE THE KILL]``."""

import os
import signal
import sys
from pathlib import Path

import torch

from codekin_model.training.loop import LoopOptions, fit
from codekin_model.training.machine import on_machine

EPOCHS, STEPS = 3, 6


class Line:
    """Fits y = 2 a - b through dropout. ``stop`` is called after so many batches; ``seen`` holds (epoch, batch)."""

    def __init__(self, after: int | None = None, stop=None) -> None:
        torch.manual_seed(0)
        self.module = torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.Dropout(0.25), torch.nn.Linear(8, 1))
        self.seen: list[tuple[int, int]] = []
        self._after, self._stop = after, stop

    def steps(self) -> int:
        return STEPS

    def losses(self, epoch: int, first: int):
        for batch in range(first, STEPS):
            if len(self.seen) == self._after:
                self._stop()
            self.seen.append((epoch, batch))
            yield {"error": error(self.module, epoch, batch)}

    def validate(self):
        weight = self.module[2].weight @ self.module[0].weight
        return {"score": -(weight - torch.tensor([[2.0, -1.0]])).abs().sum().item()}


def error(module, epoch: int, batch: int) -> torch.Tensor:
    points = torch.randn(4, 2, generator=torch.Generator().manual_seed(100 * epoch + batch))
    return (module(points) - (2 * points[:, :1] - points[:, 1:])).square().mean()


def options(folder: Path, **changes) -> LoopOptions:
    """Saves after every batch."""
    return LoopOptions(folder, **{"epochs": EPOCHS, "learning_rate": 0.03, "save_seconds": 0.0} | changes)


def main(folder: Path, after: int | None) -> None:
    torch.set_num_threads(1)
    problem = Line(after, lambda: os.kill(os.getpid(), signal.SIGKILL))
    with on_machine("cpu") as machine:
        with machine.first_first(), folder.with_name("order").open("a") as order:
            order.write(f"{machine.rank} ")
        fit(problem, options(folder))
        seen = "\n".join(f"{epoch} {batch}" for epoch, batch in problem.seen)
        folder.with_name(f"{folder.name}.rank{machine.rank}").write_text(seen)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else None)
