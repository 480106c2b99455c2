"""What an evaluation found, case by case, and the measures that are made of it.

In: columns of plain numbers, a row for each query, function or sentence. Out: figures with 95 % bootstrap intervals,
and paired differences of two systems on the same cases. Must not know which system was measured.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from codekin_model.evaluation.bootstrap import (
    Difference,
    Interval,
    Statistic,
    Terms,
    interval_of,
    only_term,
    paired_difference_of,
)
from codekin_model.evaluation.ranks import ndcg_at, recall_at, reciprocal
from codekin_model.evaluation.system import EvaluationError

Column = NDArray[np.float64]

RANKS, NAMES, SENTENCES = "ranks", "names", "sentences"
CALIBRATION_BINS = 10
_TINY = 1e-12
"""Keeps the quotient of nothing by nothing at zero."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One evaluation of one system.

    ``title`` is the section of the report and the condition, with a colon between; ``kind`` chooses the measures;
    ``digest`` is equal for equal cases in equal order; each of ``columns`` has a number for each case:

    - ``ranks``: ``rank`` of the right function, from 1;
    - ``names``: sub-tokens that are ``right``, ``offered``, ``wanted``; the ``place`` of the true name, from 1, or 0;
      the probability ``stated`` for the first name;
    - ``sentences``: ``bleu``, ``rouge_l``, ``meteor``, ``cider``.
    """

    title: str
    kind: str
    digest: str
    columns: Mapping[str, Column]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))


@dataclass(frozen=True, slots=True)
class Measure:
    """``terms`` of each case, and the ``statistic`` of their means; ``scale`` is for printing only."""

    name: str
    terms: Callable[[Mapping[str, Column]], Terms]
    statistic: Statistic = only_term
    scale: float = 1.0


def digest_of(parts: Sequence[str]) -> str:
    """Names the cases of an evaluation, order included; 16 hexadecimal digits."""
    return blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=8).hexdigest()


def measures_of(figures: Figures) -> tuple[Measure, ...]:
    """What is measured of figures of this kind, the one that counts first."""
    return _MEASURES[figures.kind]


def measured(figures: Figures, measure: Measure) -> Interval:
    """The figure with its interval."""
    return interval_of(measure.terms(figures.columns), measure.statistic)


def difference(better: Figures, worse: Figures, measure: Measure) -> Difference:
    """The gain of ``better``, paired by case.

    Raises:
        EvaluationError: the two were not measured on the same cases.
    """
    if better.digest != worse.digest:
        raise EvaluationError(
            f"{better.title}: the two systems were measured on different cases; evaluate both again on one corpus"
        )
    return paired_difference_of(measure.terms(better.columns), measure.terms(worse.columns), measure.statistic)


def averaged(figures: Sequence[Figures]) -> Figures:
    """The mean over several seeds of what the measures are made of, case by case.

    Raises:
        EvaluationError: they are not of the same cases.
    """
    first = figures[0]
    if any(each.digest != first.digest for each in figures):
        raise EvaluationError(f"{first.title}: the seeds were measured on different cases; evaluate them again")
    if len(figures) == 1:
        return first
    columns = {
        f"{measure.name}/{at}": np.mean([measure.terms(each.columns)[:, at] for each in figures], axis=0)
        for measure in measures_of(first)
        for at in range(measure.terms(first.columns).shape[1])
    }
    return Figures(first.title, first.kind, first.digest, columns)


def calibration_bins(columns: Mapping[str, Column]) -> tuple[NDArray[np.int64], Column, Column]:
    """Cases in each bin of stated probability, their mean probability, their share of right names (0 if empty)."""
    place = _bins(columns["stated"])
    count = np.bincount(place, minlength=CALIBRATION_BINS)
    divisor = np.maximum(count, 1)
    stated = np.bincount(place, columns["stated"], CALIBRATION_BINS) / divisor
    right = np.bincount(place, (columns["place"] == 1).astype(np.float64), CALIBRATION_BINS) / divisor
    return count.astype(np.int64), stated, right


def _bins(stated: Column) -> NDArray[np.int64]:
    return np.minimum((stated * CALIBRATION_BINS).astype(np.int64), CALIBRATION_BINS - 1)


def _terms(name: str, make: Callable[[Mapping[str, Column]], Sequence[Column]]) -> Callable[..., Terms]:
    """Terms of a measure, made of the columns or, where seeds were averaged, taken from them."""

    def terms(columns: Mapping[str, Column]) -> Terms:
        ready = [column for key, column in columns.items() if key.rpartition("/")[0] == name]
        return np.stack(ready or make(columns), axis=1)

    return terms


def _mean(
    name: str,
    make: Callable[[Mapping[str, Column]], Column],
    *,
    scale: float = 1.0,
) -> Measure:
    return Measure(name, _terms(name, lambda columns: [make(columns)]), scale=scale)


def _ratio(name: str, over: Sequence[str], under: Sequence[str]) -> Measure:
    """Sums of columns ``over`` by sums of columns ``under``."""
    count = len(over)

    def statistic(means: Terms) -> NDArray[np.float64]:
        return means[..., :count].sum(axis=-1) / np.maximum(means[..., count:].sum(axis=-1), _TINY)

    return Measure(name, _terms(name, lambda columns: [columns[each] for each in (*over, *under)]), statistic)


def _calibration_error() -> Measure:
    """Expected calibration error: the mean gap between stated probability and share of right first names."""
    name = "calibration error"

    def make(columns: Mapping[str, Column]) -> Sequence[Column]:
        bins, gap = _bins(columns["stated"]), columns["stated"] - (columns["place"] == 1)
        return [gap * (bins == at) for at in range(CALIBRATION_BINS)]

    return Measure(name, _terms(name, make), lambda means: np.abs(means).sum(axis=-1))


def _exact_at(cut: int) -> Measure:
    return _mean(
        f"exact@{cut}", lambda columns: ((columns["place"] > 0) & (columns["place"] <= cut)).astype(np.float64)
    )


_MEASURES: Mapping[str, tuple[Measure, ...]] = {
    RANKS: (
        _mean("MRR", lambda columns: reciprocal(columns["rank"])),
        _mean("NDCG@10", lambda columns: ndcg_at(columns["rank"], 10)),
        _mean("recall@1", lambda columns: recall_at(columns["rank"], 1)),
        _mean("recall@10", lambda columns: recall_at(columns["rank"], 10)),
    ),
    NAMES: (
        # 2 P R / (P + R) of micro-averaged P and R is twice the right ones by the offered and the wanted ones.
        _ratio("F1", ("right", "right"), ("offered", "wanted")),
        _ratio("precision", ("right",), ("offered",)),
        _ratio("recall", ("right",), ("wanted",)),
        _exact_at(1),
        _exact_at(5),
        _calibration_error(),
    ),
    SENTENCES: (
        _mean("BLEU", lambda columns: columns["bleu"], scale=100.0),
        _mean("ROUGE-L", lambda columns: columns["rouge_l"], scale=100.0),
        _mean("METEOR", lambda columns: columns["meteor"], scale=100.0),
        _mean("CIDEr", lambda columns: columns["cider"]),
    ),
}
