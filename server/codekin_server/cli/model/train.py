"""``codekin train``: one training after its configuration; started again, it goes on where it was stopped."""

from dataclasses import dataclass
from pathlib import Path

from codekin_server.cli.failure import say
from codekin_server.cli.model.next_steps import tell_next_steps
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
        from codekin_model.training.config import ConfigError, is_exported, read_config  # noqa: PLC0415 - an extra
        from codekin_model.training.machine import TrainingError, on_machine  # noqa: PLC0415 - an extra
        from codekin_model.training.start import start  # noqa: PLC0415 - an extra

        with telling(ConfigError, CorpusError, CheckpointError, TrainingError):
            chosen = read_config(config, row)
            with on_machine(place.device, place.precision, place.threads) as machine:
                start(chosen, corpus, out)
    if machine.is_first:
        draw(out)
        write_line(f"trained: {out}")
        tell_next_steps(out, corpus, is_exported=is_exported(chosen))


def draw(out: Path) -> None:
    """The curves of a run, if they can be drawn."""
    curves = out / "curves.csv"
    if curves.exists():
        try:
            from codekin_model.training.curves import plot_curves  # noqa: PLC0415 - an extra

            plot_curves(curves, curves.with_suffix(".svg"))
        except ModuleNotFoundError as missing:
            say(f"{missing.name} is not installed, so {curves} is not drawn: pip install 'codekin[train]'")
