"""The loop learns, stops when nothing gets better, and ends the same whether it was killed or not."""

import csv
import importlib.util
import signal
import subprocess
import sys
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from safetensors.torch import load_file  # noqa: E402 - comes with torch

from codekin_model.training.loop import LoopOptions, fit  # noqa: E402 - torch is an extra
from codekin_model.training.machine import Machine, Precision, TrainingError  # noqa: E402

PROGRAM = Path(__file__).with_name("line_problem.py")
_spec = importlib.util.spec_from_file_location("line_problem", PROGRAM)
line_problem = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(line_problem)
Line, options, EPOCHS, STEPS = line_problem.Line, line_problem.options, line_problem.EPOCHS, line_problem.STEPS


class Killed(BaseException):
    """What a test stops a training with."""


def killed_after(batches: int) -> Line:
    def stop():
        raise Killed

    return Line(batches, stop)


def state(folder: Path) -> dict[str, torch.Tensor]:
    """All that a finished run left, but for the seconds it took."""
    left = load_file(folder / "last.safetensors")
    left["progress"] = left["progress"][:4]
    return left | {f"best/{name}": tensor for name, tensor in load_file(folder / "best.safetensors").items()}


def curves(folder: Path) -> list[dict[str, str]]:
    with (folder / "curves.csv").open() as stream:
        return [{name: value for name, value in row.items() if name != "seconds"} for row in csv.DictReader(stream)]


def assert_same(one: Path, other: Path) -> None:
    expected, found = state(one), state(other)
    assert expected.keys() == found.keys()
    assert [name for name in expected if not torch.equal(expected[name], found[name])] == []
    assert curves(one) == curves(other)


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory):
    folder = tmp_path_factory.mktemp("unbroken")
    torch.set_num_threads(1)
    fit(Line(), options(folder))
    return folder


def test_the_loss_goes_down(unbroken):
    losses = [float(row["error"]) for row in curves(unbroken)]
    assert losses[-1] < 0.7 * losses[0]


@pytest.mark.parametrize("batches", range(EPOCHS * STEPS))
def test_a_run_killed_at_any_batch_ends_where_an_unbroken_one_does(tmp_path, unbroken, batches):
    with pytest.raises(Killed):
        fit(killed_after(batches), options(tmp_path))
    resumed = Line()
    fit(resumed, options(tmp_path))
    assert len(resumed.seen) == EPOCHS * STEPS - batches
    assert_same(unbroken, tmp_path)


def test_a_process_that_is_killed_ends_where_an_unbroken_one_does(tmp_path, unbroken):
    command = [sys.executable, str(PROGRAM), str(tmp_path / "run")]
    killed = subprocess.run([*command, "8"], check=False, capture_output=True)
    assert killed.returncode == -signal.SIGKILL
    subprocess.run(command, check=True, capture_output=True)
    first_seen = (tmp_path / "run.rank0").read_text().splitlines()[0]
    assert first_seen == "1 2"
    assert_same(unbroken, tmp_path / "run")


def test_a_run_killed_between_two_saves_repeats_the_batches_since(tmp_path, unbroken):
    with pytest.raises(Killed):
        fit(killed_after(8), options(tmp_path, save_seconds=9999))
    resumed = Line()
    fit(resumed, options(tmp_path, save_seconds=9999))
    assert resumed.seen[0] == (1, 0)
    assert_same(unbroken, tmp_path)


def test_a_run_killed_while_it_validates_validates_again(tmp_path, unbroken):
    class Stopped(Line):
        def validate(self):
            if self.seen[-1][0] == 1:
                raise Killed
            return super().validate()

    with pytest.raises(Killed):
        fit(Stopped(), options(tmp_path))
    resumed = Line()
    fit(resumed, options(tmp_path))
    assert resumed.seen[0] == (2, 0)
    assert_same(unbroken, tmp_path)


def test_a_finished_run_started_again_does_nothing(tmp_path):
    fit(Line(), options(tmp_path))
    again = Line()
    assert fit(again, options(tmp_path)) == tmp_path / "best.safetensors"
    assert again.seen == []


def test_patience_ends_a_training_that_gets_no_better(tmp_path):
    class Stuck(Line):
        def validate(self):
            return {"score": 0.0}

    stuck = Stuck()
    fit(stuck, options(tmp_path, epochs=9, patience=2))
    assert {epoch for epoch, _ in stuck.seen} == {0, 1, 2}


def test_the_best_state_is_kept_and_not_the_last(tmp_path):
    class Worse(Line):
        def validate(self):
            scores.append(-float(len(scores)))
            states.append(self.module[2].bias.detach().clone())
            return {"score": scores[-1]}

    scores, states = [], []
    best = fit(Worse(), options(tmp_path))
    assert torch.equal(load_file(best)["2.bias"], states[0])


def test_frozen_parameters_stay_as_they_are(tmp_path):
    line = Line()
    line.module[0].requires_grad_(False)
    before = line.module[0].weight.clone()
    fit(line, options(tmp_path))
    assert torch.equal(line.module[0].weight, before)


def test_a_part_can_learn_faster_than_the_rest_also_after_a_kill(tmp_path):
    """AdamW's first step is as long as the rate, whatever the gradient."""
    rates = {"2.": 10.0}
    line = killed_after(1)
    before = {name: parameter.detach().clone() for name, parameter in line.module.named_parameters()}
    with pytest.raises(Killed):
        fit(line, options(tmp_path / "cut", rates=rates, weight_decay=0.0))
    moved = {name: (line.module.get_parameter(name) - before[name]).abs().max().item() for name in before}
    assert moved["2.weight"] == pytest.approx(10 * moved["0.weight"], rel=1e-3)
    fit(Line(), options(tmp_path / "cut", rates=rates, weight_decay=0.0))
    fit(Line(), options(tmp_path / "whole", rates=rates, weight_decay=0.0))
    assert_same(tmp_path / "whole", tmp_path / "cut")


def test_tied_weights_are_saved_and_read(tmp_path):
    class Tied(Line):
        def __init__(self, *stop):
            super().__init__(*stop)
            self.module.add_module("again", self.module[2])
            self.module.forward = lambda x: self.module[2](self.module[0](x))

    def stop():
        raise Killed

    fit(Tied(), options(tmp_path / "whole"))
    with pytest.raises(Killed):
        fit(Tied(9, stop), options(tmp_path / "cut"))
    fit(Tied(), options(tmp_path / "cut"))
    assert_same(tmp_path / "whole", tmp_path / "cut")


@pytest.mark.parametrize("precision", [Precision.BF16, Precision.FP16])
def test_a_run_in_mixed_precision_learns_and_resumes(tmp_path, precision):
    machine = Machine(torch.device("cpu"), precision)
    fit(Line(), options(tmp_path / "whole"), machine)
    with pytest.raises(Killed):
        fit(killed_after(9), options(tmp_path / "cut"), machine)
    fit(Line(), options(tmp_path / "cut"), machine)
    assert_same(tmp_path / "whole", tmp_path / "cut")
    losses = [float(row["error"]) for row in curves(tmp_path / "whole")]
    assert losses[-1] < 0.7 * losses[0]


def test_losses_are_computed_in_the_precision_chosen_and_descended_in_float32(tmp_path):
    class Watched(Line):
        def losses(self, epoch, first):
            for losses in super().losses(epoch, first):
                dtypes.add(self.module(torch.ones(1, 2)).dtype)
                yield losses

    dtypes: set[torch.dtype] = set()
    watched = Watched()
    fit(watched, options(tmp_path, epochs=1), Machine(torch.device("cpu"), Precision.BF16))
    assert dtypes == {torch.bfloat16}
    assert watched.module[0].weight.dtype == torch.float32
    assert watched.module(torch.ones(1, 2)).dtype == torch.float32


def test_a_loss_that_is_no_number_ends_the_run_in_one_line(tmp_path):
    class Diverged(Line):
        def losses(self, epoch, first):
            for losses in super().losses(epoch, first):
                yield {"error": losses["error"] * (float("nan") if self.seen[-1] == (0, 3) else 1)}

    with pytest.raises(TrainingError, match="no number at batch 4 of epoch 1"):
        fit(Diverged(), options(tmp_path))


@pytest.mark.parametrize("score", [float("inf"), float("-inf"), float("nan")])
def test_a_score_that_is_not_finite_ends_the_run_and_keeps_what_was_best_before(tmp_path, score):
    class Diverged(Line):
        def validate(self):
            states.append(self.module[2].bias.detach().clone())
            return {"score": score if len(states) > 1 else 1.0}

    states = []
    with pytest.raises(TrainingError, match=f"diverged: epoch 2 has the score {score}; lower the learning rate"):
        fit(Diverged(), options(tmp_path))
    assert torch.equal(load_file(tmp_path / "best.safetensors")["2.bias"], states[0])


def test_a_parameter_that_is_no_number_is_never_the_best(tmp_path):
    class Diverged(Line):
        def validate(self):
            with torch.no_grad():
                self.module[2].bias.fill_(float("nan"))
            return {"score": 1.0}

    with pytest.raises(TrainingError, match="the training diverged: epoch 1"):
        fit(Diverged(), options(tmp_path))
    assert not (tmp_path / "best.safetensors").exists()


def test_too_little_to_make_a_batch_is_told(tmp_path):
    class Empty(Line):
        def steps(self):
            return 0

    with pytest.raises(TrainingError, match="0 batches for 1 processes"):
        fit(Empty(), options(tmp_path))


def test_the_state_of_another_model_is_refused(tmp_path):
    fit(Line(), options(tmp_path, epochs=1))
    other = Line()
    other.module = torch.nn.Linear(2, 1)
    with pytest.raises(TrainingError, match="another configuration"):
        fit(other, options(tmp_path))


def test_a_state_cut_short_is_refused(tmp_path):
    fit(Line(), options(tmp_path, epochs=1))
    last = tmp_path / "last.safetensors"
    last.write_bytes(last.read_bytes()[:-10])
    with pytest.raises(TrainingError, match=r"last\.safetensors is damaged"):
        fit(Line(), options(tmp_path))


def test_two_processes_average_the_gradients_of_neighbouring_batches(tmp_path):
    """Without dropout a step of two processes is a step down the mean of two batches' losses."""
    program = tmp_path / "program.py"
    program.write_text(PROGRAM.read_text().replace("Dropout(0.25)", "Dropout(0.0)"))
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    run = subprocess.run([*torchrun, str(program), str(tmp_path / "run")], check=False, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    seen = [(tmp_path / f"run.rank{rank}").read_text().split("\n") for rank in (0, 1)]
    expected = [[f"{epoch} {batch}" for epoch in range(EPOCHS) for batch in range(rank, STEPS, 2)] for rank in (0, 1)]
    assert seen == expected
    together = Together()
    fit(together, options(tmp_path / "alone"))
    for name, tensor in load_file(tmp_path / "run" / "last.safetensors").items():
        if name.startswith("module/"):
            assert torch.allclose(tensor, together.module.state_dict()[name[7:]], atol=1e-6), name
    assert len(curves(tmp_path / "run")) == EPOCHS
    assert (tmp_path / "order").read_text() == "0 1 "  # what the first process makes first the other finds


class Together(Line):
    """Two batches a step."""

    def __init__(self) -> None:
        super().__init__()
        self.module[1].p = 0.0

    def steps(self) -> int:
        return STEPS // 2

    def losses(self, epoch, first):
        for step in range(first, self.steps()):
            pair = [line_problem.error(self.module, epoch, batch) for batch in (2 * step, 2 * step + 1)]
            yield {"error": torch.stack(pair).mean()}


def test_a_log_is_told_of_every_epoch(tmp_path, capsys):
    fit(Line(), options(tmp_path, save_seconds=9999))
    lines = capsys.readouterr().err.splitlines()
    assert sum(line.startswith(f"epoch 2 of {EPOCHS}: ") and "score" in line for line in lines) == 1


def test_the_learning_rate_rises_and_falls():
    from codekin_model.training.loop import _share  # noqa: PLC0415

    plan = LoopOptions(Path(), epochs=10, warmup=0.1)
    assert [round(_share(plan, epoch), 3) for epoch in (0, 0.5, 1, 5.5, 10)] == [0.01, 0.5, 1.0, 0.505, 0.01]


def test_parts_learn_at_rates_of_their_own(tmp_path):
    still = Line()
    before = {name: value.clone() for name, value in still.module.state_dict().items()}
    fit(still, options(tmp_path, epochs=1, rates={"2.": 0.0}))
    after = still.module.state_dict()
    assert [name for name in before if torch.equal(before[name], after[name])] == ["2.weight", "2.bias"]


def test_a_rate_is_a_factor_of_the_learning_rate(tmp_path):
    fit(Line(), options(tmp_path / "slow", learning_rate=0.0075))
    fit(Line(), options(tmp_path / "rated", rates={"": 0.25}))
    assert_same(tmp_path / "slow", tmp_path / "rated")


@pytest.mark.parametrize("batches", [1, 8])
def test_a_killed_run_goes_on_at_its_rates(tmp_path, unbroken, batches):
    rates = {"2.": 3.0, "0.bias": 0.5}
    fit(Line(), options(tmp_path / "whole", rates=rates))
    with pytest.raises(Killed):
        fit(killed_after(batches), options(tmp_path / "cut", rates=rates))
    fit(Line(), options(tmp_path / "cut", rates=rates))
    assert_same(tmp_path / "whole", tmp_path / "cut")
    other, whole = state(unbroken), state(tmp_path / "whole")
    assert not torch.equal(other["module/2.weight"], whole["module/2.weight"])


def test_the_longest_prefix_counts_and_rates_change_no_order():
    from codekin_model.training.loop import _groups  # noqa: PLC0415

    module = Line().module
    module[0].weight.requires_grad = False
    groups = _groups(module, {"": 2.0, "2": 3.0, "2.bias": 4.0})
    assert [group["rate"] for group in groups] == [2.0, 3.0, 4.0]
    order = [id(each) for group in groups for each in group["params"]]
    assert order == [id(each) for each in module.parameters() if each.requires_grad]
