"""A training runs where the user says, and says why where it cannot."""

import pytest

torch = pytest.importorskip("torch")

from codekin_model.training.machine import (  # noqa: E402 - torch is an extra
    Precision,
    TrainingError,
    current_machine,
    on_machine,
)


def test_without_a_choice_it_is_this_processor_in_float32():
    machine = current_machine()
    assert (machine.device.type, machine.precision, machine.world) == ("cpu", Precision.FP32, 1)


def test_a_choice_holds_inside_and_not_after():
    with on_machine("cpu", "bf16") as machine:
        assert current_machine() is machine
        assert machine.precision is Precision.BF16
    assert current_machine().precision is Precision.FP32


@pytest.mark.skipif(torch.cuda.is_available(), reason="needs a machine without GPU")
def test_a_gpu_that_is_not_there_is_told():
    with pytest.raises(TrainingError, match="finds no GPU"), on_machine("cuda"):
        pass


@pytest.mark.parametrize(("device", "precision"), [("abacus", "fp32"), ("meta", "fp32"), ("cpu", "fp8")])
def test_what_does_not_exist_is_told_with_what_does(device, precision):
    with pytest.raises(TrainingError, match=r"there is no .*: use "), on_machine(device, precision):
        pass
