"""Where a training runs: on the processor or a GPU, in which precision, in how many processes.

In: a device's name, a precision, and what ``torchrun`` puts into the environment. Out: :class:`Machine`. Must not know
what is trained.
"""

import os
from collections.abc import Generator, Iterable, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

import torch
from torch import Tensor, distributed, nn

_PATIENCE = timedelta(hours=6)
"""How long processes wait for the first one, which alone validates and computes what is kept on disk."""


class TrainingError(RuntimeError):
    """A training cannot run here or go on; the message is one line that says why and what to do."""


class Precision(StrEnum):
    """What matrices are multiplied in; parameters, their moments and the losses stay in float32."""

    FP32 = "fp32"
    BF16 = "bf16"
    FP16 = "fp16"


_DTYPES = {Precision.BF16: torch.bfloat16, Precision.FP16: torch.float16}


@dataclass(frozen=True, slots=True)
class Machine:
    """A device, a precision, and this process' place (``rank``) among ``world`` equal ones."""

    device: torch.device
    precision: Precision = Precision.FP32
    rank: int = 0
    world: int = 1

    @property
    def is_first(self) -> bool:
        """Whether this process is the one that validates and writes."""
        return self.rank == 0

    def autocast(self) -> AbstractContextManager[object]:
        """What losses are computed under."""
        if self.precision is Precision.FP32:
            return nullcontext()
        return torch.autocast(self.device.type, _DTYPES[self.precision])

    def scaler(self) -> torch.GradScaler:
        """Keeps the gradients of float16 from vanishing; does nothing in other precisions."""
        return torch.GradScaler(self.device.type, enabled=self.precision is Precision.FP16)

    def share(self, module: nn.Module) -> None:
        """Give every process the first one's parameters and buffers."""
        if self.world > 1:
            for tensor in module.state_dict().values():
                distributed.broadcast(tensor, src=0)

    def average_gradients(self, parameters: Sequence[nn.Parameter]) -> None:
        """Replace each gradient by its mean over the processes; a parameter one of them did not use counts as 0."""
        if self.world == 1:
            return
        gradients = [torch.zeros_like(each) if each.grad is None else each.grad for each in parameters]
        flat = torch.cat([gradient.reshape(-1) for gradient in gradients])
        distributed.all_reduce(flat)
        means = (flat / self.world).split([gradient.numel() for gradient in gradients])
        for parameter, mean in zip(parameters, means, strict=True):
            parameter.grad = mean.view_as(parameter)

    def agree(self, value: float) -> float:
        """The first process' ``value``, in every process."""
        if self.world == 1:
            return value
        shared = torch.tensor(value, dtype=torch.float64, device=self.device)
        distributed.broadcast(shared, src=0)
        return shared.item()

    @contextmanager
    def first_first(self) -> Generator[None]:
        """Let the first process do something before the others: what it leaves on disk they need not do again."""
        if not self.is_first:
            distributed.barrier()
        yield
        if self.is_first and self.world > 1:
            distributed.barrier()


_current = ContextVar[Machine | None]("machine", default=None)


def current_machine() -> Machine:
    """What :func:`on_machine` opened around the caller, or this process' processor in float32."""
    return _current.get() or Machine(torch.device("cpu"))


@contextmanager
def on_machine(device: str = "auto", precision: str = Precision.FP32, threads: int | None = None) -> Generator[Machine]:
    """Train on ``device`` (``auto``: a GPU where there is one) in ``precision``; ``torchrun``'s processes meet here.

    ``threads`` is for the processor's part; without it torch decides.

    Raises:
        TrainingError: there is no such device or precision here.
    """
    rank, world = int(os.environ.get("RANK", "0")), int(os.environ.get("WORLD_SIZE", "1"))
    machine = Machine(_device(device), _precision(precision), rank, world)
    if threads is not None:
        torch.set_num_threads(threads)
    if machine.device.type == "cuda":
        torch.cuda.set_device(machine.device)
    if world > 1:
        distributed.init_process_group("nccl" if machine.device.type == "cuda" else "gloo", timeout=_PATIENCE)
    token = _current.set(machine)
    try:
        yield machine
    finally:
        _current.reset(token)
        if world > 1:
            distributed.destroy_process_group()


def _device(name: str) -> torch.device:
    """``cuda`` is the GPU of this process' own number."""
    own = f"cuda:{os.environ.get('LOCAL_RANK', '0')}"
    if name == "auto":
        return torch.device(own if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(own if name == "cuda" else name)
    except RuntimeError as problem:
        raise TrainingError(_no_device(name)) from problem
    if device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count():
        raise TrainingError(f"torch {torch.__version__} finds no GPU for {name!r}: use cpu, or install torch for CUDA")
    try:
        torch.zeros(1, device=device).item()
    except (
        RuntimeError,
        AssertionError,
        ImportError,
    ) as problem:  # known by name only
        raise TrainingError(_no_device(name)) from problem
    return device


def _no_device(name: str) -> str:
    return f"there is no device {name!r} to train on: use cpu, cuda or auto"


def _precision(name: str) -> Precision:
    try:
        return Precision(name)
    except ValueError as problem:
        raise TrainingError(f"there is no precision {name!r}: use one of {', '.join(Precision)}") from problem


def finite(values: Iterable[Tensor]) -> bool:
    """Whether no value is infinite or no number."""
    return all(bool(torch.isfinite(value).all()) for value in values)
