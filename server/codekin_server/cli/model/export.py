"""``codekin export``: from a trained checkpoint to a model folder that codekin runs, compared with the original."""

from collections.abc import Mapping
from pathlib import Path

from codekin_server.cli.model.telling import naming_the_extra, telling
from codekin_server.cli.terminal import write_json, write_line


def run(
    checkpoint: Path, out: Path, corpus: Path | None, *, other_language_model: bool = False, as_json: bool = False
) -> None:
    """Export, and show how near the exported model's answers are to the trained one's.

    With a ``corpus`` the probabilities of names are calibrated on its validation side. With ``other_language_model``
    what is exported need not have been trained beside the one in ``out``.
    """
    with naming_the_extra():
        from codekin_model.checkpoint.manifest import CheckpointError  # noqa: PLC0415 - beside an extra
        from codekin_model.corpus.build import CorpusError  # noqa: PLC0415 - an extra
        from codekin_model.training.export import export_checkpoint, fit_names  # noqa: PLC0415 - an extra

        with telling(CheckpointError, CorpusError):
            parity = export_checkpoint(checkpoint, out, other_language_model=other_language_model)
            if corpus is not None:
                parity = {**parity, "fingerprint": fit_names(out, corpus).fingerprint}  # the folder is sealed again
    if as_json:
        write_json(parity)
    else:
        show(out, parity)


def show(out: Path, parity: Mapping[str, object]) -> None:
    """Figures a line, then how to use the folder."""
    for name, value in parity.items():
        write_line(f"{name}: {value:.4g}" if isinstance(value, float) else f"{name}: {value}")
    write_line(f"use it: set model.path to {out.resolve()}")
