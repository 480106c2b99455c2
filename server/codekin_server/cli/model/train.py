"""``codekin train``: one training after its configuration; started again, it goes on where it was stopped."""

from dataclasses import dataclass
from pathlib import Path

from codekin_server.cli.failure import say
from codekin_server.cli.model.telling import naming_the_extra, telling
from codekin_server.cli.terminal import write_line


@dataclass(frozen=True, slots=True)
class Place:
    """Where it runs; ``threads`` is None for torch's own choice."""

    device: str
    precision: str
    threads: int | None


def run(config: Path, row: str | None, corpus: Path, out: Path, place: Place) -> None:
    """Train what ``config`` (or one row of it) says on ``corpus``; all that it leaves is below ``out``."""
    with naming_the_extra():
        from codekin_model.checkpoint.manifest import CheckpointError  # noqa: PLC0415 - beside an extra
        from codekin_model.corpus.build import CorpusError  # noqa: PLC0415 - an extra
        from codekin_model.training.config import ConfigError, read_config  # noqa: PLC0415 - an extra
        from codekin_model.training.machine import TrainingError, on_machine  # noqa: PLC0415 - an extra
        from codekin_model.training.start import start  # noqa: PLC0415 - an extra

        with telling(ConfigError, CorpusError, CheckpointError, TrainingError):
            chosen = read_config(config, row)
            with on_machine(place.device, place.precision, place.threads) as machine:
                start(chosen, corpus, out)
    if machine.is_first:
        show(out)


def show(out: Path) -> None:
    """Where things are, and how the curves look if they can be drawn."""
    curves = out / "curves.csv"
    if curves.exists():
        try:
            from codekin_model.training.curves import plot_curves  # noqa: PLC0415 - an extra

            plot_curves(curves, curves.with_suffix(".svg"))
        except ModuleNotFoundError as missing:
            say(f"{missing.name} is not installed, so {curves} is not drawn: pip install 'codekin[train]'")
    write_line(f"trained: {out}")
    write_line(f"measure it: codekin evaluate {out}")
    write_line(f"use it: codekin export {out} --out MODEL")
