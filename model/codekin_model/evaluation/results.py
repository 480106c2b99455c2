"""Results as data: one JSON file for each system and seed.

In: the figures of all evaluations of a system. Out: a file with means, intervals and, compactly, every case, so that
paired differences can be computed later; and such files read back. Must not know how anything was measured.
"""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from codekin_model.evaluation.figures import Figures, measured, measures_of
from codekin_model.evaluation.speed import Speed
from codekin_model.evaluation.system import EvaluationError

FORMAT = 1
_DIGITS = 5
"""Decimals of a case's figure."""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """One evaluation as it is stored; ``measures`` are mean, low and high of a 95 % interval."""

    kind: str
    digest: str
    cases: int
    measures: Mapping[str, tuple[float, float, float]]
    columns: Mapping[str, Sequence[float]]


@dataclass(frozen=True, slots=True)
class Result:
    """Everything measured of one system under one ``seed`` of its training (None where it has none).

    ``kind`` says what it is: a baseline, what it was trained for, or ``shipped``. ``commit`` and ``command`` say how it
    was measured, ``corpus`` on what (``sha256`` in the corpus' manifest).
    """

    system: str
    kind: str
    seed: int | None
    commit: str
    command: str
    corpus: str
    evaluations: Mapping[str, Evaluated]
    speed: Speed | None = None
    format: int = FORMAT

    def figures(self, title: str) -> Figures:
        """The evaluation ``title`` as it was measured."""
        stored = self.evaluations[title]
        columns = {name: np.array(column, np.float64) for name, column in stored.columns.items()}
        return Figures(title, stored.kind, stored.digest, columns)


def evaluated(figures: Figures) -> Evaluated:
    """``figures`` with their intervals, ready to be stored."""
    intervals = {measure.name: measured(figures, measure) for measure in measures_of(figures)}
    return Evaluated(
        kind=figures.kind,
        digest=figures.digest,
        cases=len(figures),
        measures={
            name: (round(each.mean, _DIGITS), round(each.low, _DIGITS), round(each.high, _DIGITS))
            for name, each in intervals.items()
        },
        columns={name: _compact(column.tolist()) for name, column in figures.columns.items()},
    )


def _compact(column: Sequence[float]) -> list[float]:
    """Whole numbers without a point, others with few decimals."""
    return [int(value) if value == int(value) else round(value, _DIGITS) for value in column]


def check_folder(folder: Path) -> None:
    """See that results can be written to ``folder``, or that it can be made; nothing is.

    Raises:
        EvaluationError: it, or what it would stand in, is no folder or cannot be written to.
    """
    place = next(each for each in (folder.absolute(), *folder.absolute().parents) if each.exists())
    if not place.is_dir():
        raise EvaluationError(f"{place} is no folder: results are kept in one (--out)")
    if not os.access(place, os.W_OK | os.X_OK):
        raise EvaluationError(f"{place} cannot be written to: name another folder for results (--out)")


def write_result(result: Result, folder: Path) -> Path:
    """Write the file of ``result``, in place of an older one of the same system and seed."""
    folder.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^\w.+-]+", "-", result.system).strip("-") or "system"
    path = folder / (f"{name}.json" if result.seed is None else f"{name}-{result.seed}.json")
    partial = path.with_suffix(".part")
    partial.write_bytes(_lines(msgspec.json.encode(result)))
    partial.replace(path)
    return path


def _lines(data: bytes) -> bytes:
    """One list of cases a line, so that a difference of two files can be read."""
    return re.sub(rb'("\w+":\[|"measures":|"columns":|"evaluations":)', rb"\n\1", data) + b"\n"


def read_results(folder: Path) -> list[Result]:
    """All results of a folder, by file name.

    Raises:
        EvaluationError: there are none, or a file is none or of another format.
    """
    paths = sorted(folder.glob("*.json"))
    if not paths:
        raise EvaluationError(f"{folder} holds no results: make some with `codekin evaluate ... --out {folder}`")
    return [read_result(path) for path in paths]


def read_result(path: Path) -> Result:
    """One result.

    Raises:
        EvaluationError: the file is none or of another format.
    """
    try:
        result = msgspec.json.decode(path.read_bytes(), type=Result)
    except msgspec.DecodeError as problem:
        raise EvaluationError(f"{path} holds no result of an evaluation ({problem}): evaluate again") from problem
    if result.format != FORMAT:
        raise EvaluationError(f"{path} is of format {result.format}, this codekin reads {FORMAT}: evaluate again")
    return result
