"""``codekin average``: from several trainings of a teacher, or of a decoder, to their mean."""

from collections.abc import Sequence
from pathlib import Path

from codekin_server.cli.model.next_steps import tell_next_steps
from codekin_server.cli.model.telling import naming_the_extra, telling
from codekin_server.cli.terminal import write_line


def run(checkpoints: Sequence[Path], out: Path) -> None:
    """Average, and say how to go on."""
    with naming_the_extra():
        from codekin_model.checkpoint.manifest import CheckpointError  # noqa: PLC0415 - beside an extra
        from codekin_model.training.averaging import average  # noqa: PLC0415 - an extra

        with telling(CheckpointError):
            average(checkpoints, out)
    write_line(f"averaged: {out}")
    tell_next_steps(out, None, is_exported=True)
