"""``codekin evaluate``: everything that can be measured of one system on the held-out functions of a corpus."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from codekin_server.cli.model.telling import naming_the_extra, telling
from codekin_server.cli.terminal import write_json, write_line

Measures = Mapping[str, tuple[float, float, float]]
"""Mean, and the two ends of the 95 % interval, by the name of the measure."""


@dataclass(frozen=True, slots=True)
class Measuring:
    """What is measured on, and how, as `codekin evaluate --help` says; ``out`` None is the evaluation's own choice."""

    split: str
    human: Path | None
    pairs: Path | None
    out: Path | None
    limit: int | None
    name: str | None
    frozen: str | None
    neighbours: str | None
    features: Path | None
    threads: int
    only: Sequence[str] = ()


def run(checkpoint: str, corpus: Path, measuring: Measuring, *, as_json: bool) -> None:
    """Measure, keep the result in a file, and show its figures."""
    with naming_the_extra():
        from codekin_model.checkpoint.manifest import CheckpointError  # noqa: PLC0415 - beside an extra
        from codekin_model.corpus.build import CorpusError  # noqa: PLC0415 - an extra
        from codekin_model.corpus.package_list import Split  # noqa: PLC0415 - beside an extra
        from codekin_model.evaluation.evaluate import (  # noqa: PLC0415 - an extra
            RESULTS,
            Options,
            Section,
            evaluate_checkpoint,
        )
        from codekin_model.evaluation.results import read_result  # noqa: PLC0415 - an extra
        from codekin_model.evaluation.system import EvaluationError  # noqa: PLC0415 - an extra

        options = Options(
            human=measuring.human,
            pairs=measuring.pairs,
            out=measuring.out or RESULTS,
            limit=measuring.limit,
            split=Split(measuring.split),
            threads=measuring.threads,
            name=measuring.name,
            frozen=measuring.frozen,
            neighbours=measuring.neighbours,
            features=measuring.features,
            only=[Section(each) for each in measuring.only] or None,
        )
        with telling(CheckpointError, CorpusError, EvaluationError):
            path = evaluate_checkpoint(checkpoint, corpus, options)
            evaluations = read_result(path).evaluations
    measures: dict[str, Measures] = {title: each.measures for title, each in evaluations.items()}
    if as_json:
        write_json({"result": str(path), "evaluations": measures})
    else:
        show(path, measures)


def show(path: Path, evaluations: Mapping[str, Measures]) -> None:
    """An evaluation a line, then where every case of it is."""
    for title, measures in evaluations.items():
        each = (f"{name} {mean:.3f} ({low:.3f} to {high:.3f})" for name, (mean, low, high) in measures.items())
        write_line(f"{title}: {', '.join(each)}")
    write_line(f"every case is in {path}")
