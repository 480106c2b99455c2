"""From what a user names to a system that can be measured.

In: the name of a baseline, the folder of a finished training, a model folder, or the student's file in one. Out:
:class:`Loaded`. What reads a kind of training is imported only when one of that kind is asked for.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from codekin_model.checkpoint.manifest import CONFIG, CheckpointError, StudentPart
from codekin_model.checkpoint.run import DESCRIPTION, Run, read_run
from codekin_model.evaluation.bm25 import Bm25
from codekin_model.evaluation.frozen import load_frozen
from codekin_model.evaluation.rank_fusion import RankFusion
from codekin_model.evaluation.shipped import load_shipped, load_shipped_student
from codekin_model.training.strict_config import ConfigError

BM25, FROZEN, FUSED = "bm25", "frozen", "bm25+frozen"
BASELINES = (BM25, FROZEN, FUSED)
"""Systems that need no checkpoint: words alone, a language model as it is, and the reciprocal-rank fusion of both."""

LOADERS: Mapping[str, tuple[str, str]] = {
    "search": ("codekin_model.training.search_system", "load_search_system"),
    "names": ("codekin_model.training.search_system", "load_names_system"),
    "summary": ("codekin_model.training.summary_system", "load_summary_system"),
    "student": ("codekin_model.training.student", "load_student_system"),
    "teacher": ("codekin_model.training.teacher", "load_teacher_system"),
    "decoder": ("codekin_model.training.decoder", "load_decoder_system"),
    "blend": ("codekin_model.training.blend", "load_blend_system"),
    "sketch": ("codekin_model.training.sketch", "load_sketch_system"),
    "hubness": ("codekin_model.training.hubness", "load_hubness_system"),
}
"""Kind of a training -> module and function that take its folder and give its system."""
_ON_FROZEN = ("search", "names")
"""Kinds that may read a frozen language model: theirs take where it lies now, and where its vectors are kept."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A system under the name that its seeds share. ``seed`` is that of its training, None where it had none."""

    name: str
    kind: str
    seed: int | None
    system: object


def load_system(
    checkpoint: str | Path, threads: int, frozen: str | Path | None = None, features: Path | None = None
) -> Loaded:
    """Load ``checkpoint``. ``frozen`` is the folder or hub name of the language model that baselines read.

    Trainings over a frozen language model take it from ``frozen`` too, if not from where it lay; ``features`` is a
    folder to keep in what takes long to compute.

    Raises:
        CheckpointError: it is none of those, cannot be read, or an extra is missing.
    """
    folder = Path(checkpoint)
    if not folder.is_dir() and str(checkpoint) in BASELINES:
        return Loaded(str(checkpoint), "baseline", None, _baseline(str(checkpoint), threads, frozen))
    if (folder / DESCRIPTION).is_file():
        return _load_run(folder, threads, frozen, features)
    if (folder / CONFIG).is_file():
        return Loaded(folder.resolve().name, "shipped", None, load_shipped(folder, threads))
    if folder.name == StudentPart().file and (folder.parent / CONFIG).is_file():
        return Loaded(folder.stem, "student", None, load_shipped_student(folder.parent, threads))
    raise CheckpointError(
        f"{folder} holds neither a training ({DESCRIPTION}) nor a model ({CONFIG}); "
        f"or name a model's {StudentPart().file}, {', '.join(BASELINES)}"
    )


def _baseline(name: str, threads: int, frozen: str | Path | None) -> object:
    if name == BM25:
        return Bm25()
    if frozen is None:
        raise CheckpointError(f"{name} needs a language model: name its folder or hub name (--frozen)")
    model = load_frozen(frozen, threads)
    return model if name == FROZEN else RankFusion(Bm25(), model)


def _load_run(folder: Path, threads: int, frozen: str | Path | None, features: Path | None) -> Loaded:
    run = read_run(folder, LOADERS)
    module, function = LOADERS[run.kind]
    source = None if frozen is None else str(frozen)
    choices = {"language_model": source, "features": features} if run.kind in _ON_FROZEN else {}
    try:
        import torch  # noqa: PLC0415 - an extra, needed for trainings only

        load = cast("Callable[..., object]", getattr(import_module(module), function))
    except ModuleNotFoundError as missing:
        raise CheckpointError(f"{folder} needs {missing.name}: pip install 'codekin[train]'") from missing
    torch.set_num_threads(threads)  # ONNX Runtime is opened with as many while a training is loaded
    try:
        system = load(folder, **choices)
    except ConfigError as problem:
        raise CheckpointError(f"{problem}: use the codekin it was trained with, or train it again") from problem
    seed = _seed(run)
    return Loaded(_without_seed(folder.resolve().name, seed), run.kind, seed, system)


def _seed(run: Run) -> int | None:
    """Of the configuration, at its top or in one of its tables, that of the training first."""
    nested: list[Any] = [run.config.get("training"), *run.config.values()]
    tables: list[Mapping[str, Any]] = [run.config, *(each for each in nested if isinstance(each, dict))]
    return next((table["seed"] for table in tables if isinstance(table.get("seed"), int)), None)


def _without_seed(name: str, seed: int | None) -> str:
    """``name`` without an ending such as ``-17``, ``-s17``, ``-seed-17``, so that the seeds of one system share it."""
    return name if seed is None else re.sub(rf"[-_.]s?(?:eed[-_]?)?{seed}$", "", name)
