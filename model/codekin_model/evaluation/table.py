"""Rows of the report: the results of one system, its seeds made one.

In: results. Out: :class:`Row` values, each figure with its interval, its spread over seeds and its difference to a
baseline. Must not know of files or pictures.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from codekin_model.evaluation.bootstrap import Difference, Interval
from codekin_model.evaluation.figures import Figures, Measure, averaged, difference, measured, measures_of
from codekin_model.evaluation.results import Result
from codekin_model.evaluation.system import EvaluationError


@dataclass(frozen=True, slots=True)
class Row:
    """One system: its results, a seed each. No other row has the name ``system``."""

    system: str
    results: tuple[Result, ...]

    @property
    def kind(self) -> str:
        """What it is."""
        return self.results[0].kind

    @property
    def per_cpu_second(self) -> float | None:
        """Functions read for each second of one core, the median over seeds."""
        speeds = [result.speed.per_cpu_second for result in self.results if result.speed is not None]
        return float(np.median(speeds)) if speeds else None

    def has(self, title: str) -> bool:
        """Whether every seed took part in this evaluation."""
        return all(title in result.evaluations for result in self.results)

    def figures(self, title: str) -> Figures:
        """The evaluation, case by case, averaged over seeds."""
        return averaged([result.figures(title) for result in self.results])


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure, and its standard deviation over seeds where there are several."""

    interval: Interval
    deviation: float | None

    def text(self, scale: float) -> str:
        """As a table prints it."""
        mean, low, high = (scale * each for each in (self.interval.mean, self.interval.low, self.interval.high))
        digits = 3 if scale == 1 else 1
        printed = f"{mean:.{digits}f} [{low:.{digits}f}, {high:.{digits}f}]"
        return printed if self.deviation is None else f"{printed} ± {scale * self.deviation:.{digits}f}"


def rows_of(results: Iterable[Result]) -> list[Row]:
    """A row for each system: seeds of one training together, and nothing else with them under the same name."""
    groups: defaultdict[tuple[str, str, bool], list[Result]] = defaultdict(list)
    for result in results:
        groups[result.system, result.kind, result.seed is None].append(result)
    shared = Counter(system for system, _, _ in groups)
    return [
        Row(system if shared[system] == 1 else _told_apart(its), tuple(its)) for (system, *_), its in groups.items()
    ]


def _told_apart(results: Sequence[Result]) -> str:
    """A name for results of a system of which there is another by its name: a run, say, and what was exported of it."""
    first = results[0]
    seeds = "no seed" if first.seed is None else "seed " + ", ".join(str(result.seed) for result in results)
    return f"{first.system} ({first.kind}, {seeds})"


def titles_of(rows: Sequence[Row]) -> list[str]:
    """Every evaluation that some row took part in, in the order of the first that did."""
    return list(dict.fromkeys(title for row in rows for result in row.results for title in result.evaluations))


def cell(row: Row, title: str, measure: Measure) -> Cell:
    """The figure of ``row``: its mean over seeds, with the interval over cases."""
    stored = [result.evaluations[title].measures[measure.name] for result in row.results]
    if len(stored) == 1:
        return Cell(Interval(*stored[0]), None)
    deviation = float(np.std([mean for mean, _, _ in stored], ddof=1))
    return Cell(measured(row.figures(title), measure), deviation)


def ordered(rows: Sequence[Row], title: str) -> list[Row]:
    """The rows that took part, the best by the first measure at the top."""
    having = [row for row in rows if row.has(title)]
    if not having:
        return []
    first = measures_of(having[0].figures(title))[0]
    return sorted(having, key=lambda row: -cell(row, title, first).interval.mean)


def difference_to(row: Row, baseline: Row, title: str) -> Difference | None:
    """By the first measure, paired by case; None for the baseline itself or where it did not take part.

    Raises:
        EvaluationError: the two were measured on different cases.
    """
    if row.system == baseline.system or not baseline.has(title):
        return None
    better, worse = row.figures(title), baseline.figures(title)
    try:
        return difference(better, worse, measures_of(better)[0])
    except EvaluationError as problem:
        raise EvaluationError(f"{row.system} and {baseline.system}: {problem}") from problem
