"""The mean of several trainings: one model that is often better than each of them (Wortsman et al. 2022, model soups).

In: run folders of kind ``teacher`` or ``decoder``, one begun from another or all from the same. Out: a run folder like
them. Must not know how they were trained.
"""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from codekin_model.checkpoint.manifest import CheckpointError
from codekin_model.checkpoint.run import BEST, Run, read_run, weights_of, write_run
from codekin_model.training.teacher import LANGUAGE_MODEL, Teacher, load_teacher, save_teacher


def average(runs: Sequence[Path], out: Path) -> Path:
    """Write the mean of the teachers or decoders in ``runs`` into the new folder ``out``; gives what to begin from.

    Raises:
        CheckpointError: there are fewer than two, one of them is no finished teacher or decoder as the first is, they
            differ in their words, sizes, pooling or teacher, or ``out`` is there already.
    """
    if len(runs) < 2:  # noqa: PLR2004 - the least that has a mean
        raise CheckpointError("an average takes two trainings or more: name them all")
    if out.exists():
        raise CheckpointError(f"{out} is there already: name a new folder")
    first = read_run(runs[0], ("teacher", "decoder"))
    return (_average_teachers if first.kind == "teacher" else _average_decoders)(runs, out, first)


def _average_teachers(runs: Sequence[Path], out: Path, run: Run) -> Path:
    teachers = [load_teacher(each) for each in runs]
    first = teachers[0]
    for folder, teacher in zip(runs, teachers, strict=True):
        if teacher.words != first.words or not _alike(teacher, first):
            raise CheckpointError(
                f"{folder} is of other words, sizes or pooling than {runs[0]}: begin one training from the other"
            )
    write_run(out, run)
    shutil.copytree(runs[0] / LANGUAGE_MODEL, out / LANGUAGE_MODEL)
    first.model.load_state_dict(mean([dict(teacher.model.state_dict()) for teacher in teachers]))
    save_file(first.model.state_dict(), out / BEST)
    save_teacher(out, first.model, first.model.language.encoder.state_dict())
    return out / LANGUAGE_MODEL


def _average_decoders(runs: Sequence[Path], out: Path, run: Run) -> Path:
    states = [load_file(weights_of(each)) for each in runs]
    for folder, state in zip(runs, states, strict=True):
        other = read_run(folder, ("decoder",))
        is_alike = (other.vocabularies, other.facts) == (run.vocabularies, run.facts)
        if not is_alike or _shapes(state) != _shapes(states[0]):
            raise CheckpointError(
                f"{folder} is of other words, sizes or another language model than {runs[0]}: begin one training from "
                "the other"
            )
    write_run(out, run)
    save_file(mean(states), out / BEST)
    return out


def mean(states: Sequence[Mapping[str, Tensor]]) -> dict[str, Tensor]:
    """The mean of every tensor, computed in double precision; whole numbers, which are no weights, are the first's."""
    return {
        name: torch.stack([state[name].double() for state in states]).mean(dim=0).to(value.dtype)
        if value.is_floating_point()
        else value
        for name, value in states[0].items()
    }


def _alike(teacher: Teacher, other: Teacher) -> bool:
    is_pooled_alike = teacher.model.language.pooling is other.model.language.pooling
    return is_pooled_alike and _shapes(teacher.model.state_dict()) == _shapes(other.model.state_dict())


def _shapes(state: Mapping[str, Tensor]) -> Mapping[str, torch.Size]:
    return {name: value.shape for name, value in state.items()}
