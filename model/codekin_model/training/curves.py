"""The curves of a training: a CSV file with a row an epoch, and a picture of it.

In: figures by name. Out: ``curves.csv``, ``curves.svg``. Must not know what the figures mean.
"""

import csv
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path

_EPOCH = "epoch"
_NO_CURVES = (_EPOCH, "seconds")
_COLUMNS = 3
_PANEL = (3.2, 2.2)
"""Width and height of one figure's panel, in inches."""


def write_row(path: Path, figures: Mapping[str, float]) -> None:
    """Add the row of one epoch; rows of that epoch and later ones, from a run that was killed, are dropped."""
    rows = [row for row in read_curves(path) if row[_EPOCH] < figures[_EPOCH]] if path.exists() else []
    rows.append(dict(figures))
    new = path.with_suffix(".new")
    with new.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(dict.fromkeys(chain.from_iterable(rows))), restval="")
        writer.writeheader()
        writer.writerows(rows)
    new.replace(path)


def read_curves(path: Path) -> list[dict[str, float]]:
    """The rows of ``curves.csv``, one an epoch; a figure that an epoch lacks is left out of its row."""
    with path.open(newline="", encoding="utf-8") as stream:
        return [{name: float(value) for name, value in row.items() if value} for row in csv.DictReader(stream)]


def plot_curves(path: Path, image: Path) -> None:
    """Draw every figure of ``path`` over the epochs, a panel each; the ending of ``image`` says in which format.

    Raises:
        ModuleNotFoundError: matplotlib is not installed.
    """
    from matplotlib.figure import Figure  # noqa: PLC0415 - only pictures need it

    rows = read_curves(path)
    names = [name for name in dict.fromkeys(chain.from_iterable(rows)) if name not in _NO_CURVES]
    lines = -(-len(names) // _COLUMNS)
    figure = Figure(figsize=(_COLUMNS * _PANEL[0], max(lines, 1) * _PANEL[1]), layout="constrained")
    for at, name in enumerate(names, start=1):
        axes = figure.add_subplot(lines, _COLUMNS, at)
        epochs, values = _points(rows, name)
        axes.plot(epochs, values, marker="o", markersize=3)
        axes.set(title=name, xlabel="epochs")
    figure.savefig(image)


def _points(rows: Sequence[Mapping[str, float]], name: str) -> tuple[list[float], list[float]]:
    """Epochs, counted from 1 as a reader does, and the values at their ends."""
    having = [row for row in rows if name in row]
    return [row[_EPOCH] + 1 for row in having], [row[name] for row in having]
