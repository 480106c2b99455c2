"""The pictures of the report.

In: rows. Out: SVG files, whose text stays text. Must not know of tables or of how anything was measured.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from codekin_model.evaluation.figures import calibration_bins, measures_of
from codekin_model.evaluation.table import Row, cell

_library: Any = mpl  # its types are partial

_STYLE: dict[str, Any] = {
    "svg.fonttype": "none",  # text as text: small files that can be searched
    "svg.hashsalt": "codekin",  # the same picture is the same file
    "font.family": "sans-serif",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": "#e4e4e4",
    "legend.frameon": False,
}
_COLOURS = {
    "baseline": "#8a8f98",
    "search": "#2f6db3",
    "names": "#7a4fb0",
    "summary": "#b0662f",
    "student": "#2c8f5e",
    "teacher": "#c0392b",
    "shipped": "#111111",
}
_OTHER_COLOUR = "#2f6db3"
_PAIR = ("#2f6db3", "#9cc2e5")
_ROW_HEIGHT = 0.34
"""Inches of a bar's row."""


def plot_speed(rows: Sequence[Row], title: str, path: Path) -> None:
    """The main figure of evaluation ``title`` against functions for each second of one core, a dot for each row."""
    with _library.rc_context(_STYLE):
        figure: Any = Figure(figsize=(7.2, 4.4), layout="constrained")
        axes = figure.add_subplot()
        measure = measures_of(rows[0].figures(title))[0]
        for row in rows:
            found = cell(row, title, measure).interval
            error = [[found.mean - found.low], [found.high - found.mean]]
            place, colour = (row.per_cpu_second, found.mean), _COLOURS.get(row.kind, _OTHER_COLOUR)
            axes.errorbar(*place, error, fmt="o", color=colour, markersize=5, elinewidth=1)
            axes.annotate(row.system, place, (6, 4), textcoords="offset points", color=colour)
        axes.set(xscale="log", xlabel="functions a second, on one core", ylabel=measure.name, title=title)
        axes.margins(x=0.18)
        _save(figure, path)


def plot_ablation(rows: Sequence[Row], titles: Sequence[str], path: Path) -> None:
    """The main figure of each row in each of ``titles`` (two at most), as bars with their intervals."""
    with _library.rc_context(_STYLE):
        figure: Any = Figure(figsize=(7.2, 0.9 + _ROW_HEIGHT * len(rows) * len(titles)), layout="constrained")
        axes = figure.add_subplot()
        measure = measures_of(rows[0].figures(titles[0]))[0]
        height = 0.8 / len(titles)
        for at, title in enumerate(titles):
            found = [cell(row, title, measure).interval for row in rows]
            means = np.array([each.mean for each in found])
            error = [means - [each.low for each in found], [each.high for each in found] - means]
            places = np.arange(len(rows)) + (at - (len(titles) - 1) / 2) * height
            axes.barh(places, means, height, xerr=error, color=_PAIR[at], error_kw={"elinewidth": 1}, label=title)
            for place, each in zip(places, found, strict=True):
                axes.text(each.high, place, f" {each.mean:.3f}", va="center", fontsize=8)
        axes.set(yticks=range(len(rows)), yticklabels=[row.system for row in rows], xlabel=measure.name)
        axes.invert_yaxis()
        axes.grid(visible=False, axis="y")
        figure.legend(loc="outside upper center", ncols=len(titles))
        _save(figure, path)


def plot_calibration(rows: Sequence[Row], title: str, path: Path) -> None:
    """Stated probability of the first name against the share that was right, a line for each row (its first seed)."""
    with _library.rc_context(_STYLE):
        figure: Any = Figure(figsize=(4.6, 4.4), layout="constrained")
        axes = figure.add_subplot()
        axes.plot([0, 1], [0, 1], color="#8a8f98", linewidth=1, linestyle="--", label="honest")
        for row in rows:
            count, stated, right = calibration_bins(row.results[0].figures(title).columns)
            full = count > 0
            axes.plot(stated[full], right[full], linewidth=1, label=row.system)
            axes.scatter(stated[full], right[full], s=6 + 60 * count[full] / count.max(), alpha=0.8)
        axes.set(xlabel="probability stated for the first name", ylabel="share that is right", title=title)
        axes.set(xlim=(0, 1), ylim=(0, 1), aspect="equal")
        axes.legend(loc="upper left")
        _save(figure, path)


def _save(figure: Any, path: Path) -> None:  # noqa: ANN401 - its types are partial
    figure.savefig(path, metadata={"Date": None})
