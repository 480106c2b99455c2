"""Beginning a run in its folder, or going on there: another run's folder is left as it is.

In: a run folder and what is to be trained. Out: the folder with the run's description. Must not know of weights.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from codekin_model.checkpoint.run import Run, find_run, write_run
from codekin_model.training.config import RunConfig
from codekin_model.training.machine import TrainingError, current_machine

_TRAINING = "training"


def refuse_another(out: Path, config: RunConfig) -> None:
    """Before hours of reading: nothing of ``out`` may be lost to a run of another configuration.

    Raises:
        TrainingError: ``out`` holds one.
        CheckpointError: what it holds cannot be read.
    """
    found = find_run(out)
    if found is not None and (found.kind, _lasting(found.config)) != (config.kind, _lasting(_as_read(config))):
        raise TrainingError(_told(out))


def start_run(out: Path, run: Run) -> None:
    """Describe ``run`` in ``out``; of several processes the first one does.

    How it is trained may change on the way: more epochs, another rate.

    Raises:
        TrainingError: ``out`` holds another run.
        CheckpointError: what it holds cannot be read.
    """
    if not current_machine().is_first:
        return
    found, config = find_run(out), _as_read(run.config)
    if found is not None and _compared(found, found.config, run.facts) != _compared(run, config):
        raise TrainingError(_told(out))
    if found is None or found.config != config:
        write_run(out, run)


def _compared(run: Run, config: Mapping[str, Any], later: Mapping[str, int | str] | None = None) -> Run:
    """What must not change; a run that an earlier version began has not kept all the facts that are known ``later``."""
    return replace(run, config=_lasting(config), facts={**(later or {}), **run.facts})


def _lasting(config: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in config.items() if name != _TRAINING}


def _as_read(config: RunConfig | Mapping[str, Any]) -> Mapping[str, Any]:
    """As it comes back from a file: with lists for tuples, text for what is chosen from."""
    return msgspec.json.decode(msgspec.json.encode(config))


def _told(out: Path) -> str:
    return f"{out} holds a run of another configuration or corpus: name another --out, or delete it to start anew"
