"""The loop learns, stops when nothing gets better, and goes on after a kill."""

import pytest

torch = pytest.importorskip("torch")

from safetensors.torch import load_file  # noqa: E402 - comes with torch

from codekin_model.training.loop import LoopOptions, fit  # noqa: E402 - torch is an extra


class Line:
    """Fits y = 2 x; ``killed_in`` ends the process' part in an epoch."""

    def __init__(self, killed_in: int | None = None) -> None:
        torch.manual_seed(0)
        self.module = torch.nn.Linear(1, 1, bias=False)
        self._killed_in = killed_in
        self.epochs: list[int] = []

    def steps(self) -> int:
        return 20

    def losses(self, epoch: int):
        if epoch == self._killed_in:
            raise KeyboardInterrupt
        self.epochs.append(epoch)
        for step in range(self.steps()):
            x = torch.tensor([[float(step % 3 + 1)]])
            yield {"error": (self.module(x) - 2 * x).square().mean()}

    def validate(self):
        return {"score": -abs(self.module.weight.item() - 2)}


def options(folder, **kwargs) -> LoopOptions:
    return LoopOptions(folder, learning_rate=0.1, **kwargs)


def test_the_loss_goes_down_and_the_best_state_is_kept(tmp_path):
    best = fit(Line(), options(tmp_path, epochs=4))
    assert load_file(best)["weight"].item() == pytest.approx(2, abs=0.1)


def test_a_killed_run_goes_on_and_ends_where_an_undisturbed_one_does(tmp_path):
    fit(undisturbed := Line(), options(tmp_path / "whole", epochs=4))
    with pytest.raises(KeyboardInterrupt):
        fit(Line(killed_in=2), options(tmp_path / "cut", epochs=4))
    resumed = Line()
    fit(resumed, options(tmp_path / "cut", epochs=4))
    assert resumed.epochs == [2, 3]
    assert resumed.module.weight.item() == pytest.approx(undisturbed.module.weight.item(), abs=1e-6)


def test_patience_ends_a_training_that_gets_no_better(tmp_path):
    class Stuck(Line):
        def validate(self):
            return {"score": 0.0}

    stuck = Stuck()
    fit(stuck, options(tmp_path, epochs=9, patience=2))
    assert stuck.epochs == [0, 1, 2]


def test_curves_are_written_an_epoch_a_line(tmp_path):
    fit(Line(), options(tmp_path, epochs=3))
    assert len((tmp_path / "curves.csv").read_text().splitlines()) == 1 + 3
