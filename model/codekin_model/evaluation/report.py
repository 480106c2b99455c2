"""The report of all systems side by side: ``RESULTS.md`` and its pictures.

In: a folder of results. Out: a Markdown table for each evaluation, the best system first, every figure with its
interval and every row with its paired difference to a baseline; the commands; pictures beside it. Must not know how
anything was measured.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from codekin_model.evaluation.figures import NAMES, measures_of
from codekin_model.evaluation.plots import plot_ablation, plot_calibration, plot_speed
from codekin_model.evaluation.results import Result, read_results
from codekin_model.evaluation.system import EvaluationError
from codekin_model.evaluation.table import Row, cell, difference_to, ordered, rows_of, titles_of
from codekin_model.training.curves import plot_curves

VISIBLE, MASKED = "search: names visible, all functions", "search: names masked, all functions"
_PICTURES = "plots"
_DEFAULT_BASELINE = "frozen"
_INTRODUCTION = """# Results

Every system on the same held-out packages, in the same run of the evaluation, docstrings removed. Figures are means
with 95 % bootstrap intervals over cases; ± is the standard deviation over training seeds where there are several. The
last column is the gain over **{baseline}** by the first figure, paired by case, with the two-sided bootstrap p-value.
"""


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """``baseline`` is the system that rows are compared with; ``ablation`` the systems of the bar chart, in order.

    ``notes`` are paragraphs by section (``search``, ``names``, ...), printed below its heading; ``curves`` the
    ``curves.csv`` of trainings, by name.
    """

    baseline: str = _DEFAULT_BASELINE
    ablation: tuple[str, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict[str, str])
    curves: Mapping[str, Path] = field(default_factory=dict[str, Path])


def write_report(results: Path, out: Path, options: ReportOptions | None = None) -> Path:
    """Write ``out`` (a Markdown file) from the results below ``results``, and its pictures beside it.

    Raises:
        EvaluationError: there are no results, they were measured on different cases, or a system or section that was
            named is not there.
    """
    options = options or ReportOptions()
    found = read_results(results)
    rows = rows_of(found)
    known = {row.system: row for row in rows}
    for name in (options.baseline, *options.ablation):
        if name not in known:
            raise EvaluationError(f"{results} holds no result of {name!r}; there are {', '.join(sorted(known))}")
    sections = _sections(rows)
    for section in options.notes:
        if section not in sections:
            raise EvaluationError(f"{section!r} has notes and is no section here; there are {', '.join(sections)}")
    drawings = [*_drawings(rows, [known[name] for name in options.ablation]), *_curves(options.curves)]
    parts = [_INTRODUCTION.format(baseline=options.baseline)]
    for section, titles in sections.items():
        parts += [f"## {section.capitalize()}\n", options.notes.get(section, "")]
        parts += [_table(rows, title, known[options.baseline]) for title in titles if ordered(rows, title)]
    parts += [_speeds(rows), *(_picture(drawing, out.parent) for drawing in drawings), _commands(found)]
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text("\n".join(part for part in parts if part), encoding="utf-8")
    return out


def _sections(rows: Sequence[Row]) -> dict[str, list[str]]:
    """The titles of each section."""
    found: dict[str, list[str]] = {}
    for title in titles_of(rows):
        found.setdefault(title.partition(":")[0], []).append(title)
    return found


def _table(rows: Sequence[Row], title: str, baseline: Row) -> str:
    """One evaluation: a heading, and a line for each system that took part."""
    taking_part = ordered(rows, title)
    measures = measures_of(taking_part[0].figures(title))
    cases = taking_part[0].results[0].evaluations[title].cases
    head = ["system", "seeds", *(measure.name for measure in measures), f"{measures[0].name}, gain"]
    heading = title.partition(": ")[2].capitalize()
    lines = [f"### {heading} ({cases:,} cases)\n", _line(head), _line(["---"] * len(head))]
    for row in taking_part:
        gain = difference_to(row, baseline, title)
        cells = [cell(row, title, measure).text(measure.scale) for measure in measures]
        lines.append(_line([row.system, str(len(row.results)), *cells, "" if gain is None else str(gain)]))
    return "\n".join(lines) + "\n"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(each.replace("|", "\\|") for each in cells) + " |"


def _speeds(rows: Sequence[Row]) -> str:
    """Functions a second of every row, the fastest first."""
    head = ["system", "functions a second, one core", "functions a second, waiting", "threads"]
    lines = ["## Speed\n", _line(head), _line(["---"] * len(head))]
    timed = [(row, row.per_cpu_second, row.results[0].speed) for row in rows]
    for row, rate, speed in sorted(timed, key=lambda each: -(each[1] or 0.0)):
        if rate is not None and speed is not None:
            lines.append(_line([row.system, f"{rate:,.0f}", f"{speed.per_second:,.0f}", str(speed.threads)]))
    return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class _Drawing:
    """``draw`` writes the picture to the path that it is given."""

    file: str
    caption: str
    draw: Callable[[Path], None]


def _drawings(rows: Sequence[Row], ablation: Sequence[Row]) -> Iterator[_Drawing]:
    """What there is to draw of the results."""
    timed = [row for row in rows if row.per_cpu_second is not None and row.has(VISIBLE)]
    if timed:
        yield _Drawing("speed.svg", "What finding costs", partial(plot_speed, timed, VISIBLE))
    shared = [title for title in (VISIBLE, MASKED) if ablation and all(row.has(title) for row in ablation)]
    if shared:
        yield _Drawing("ablation.svg", "The fusion and its parts", partial(plot_ablation, ablation, shared))
    titles = [title for title in titles_of(rows) if ordered(rows, title) and _kind(rows, title) == NAMES]
    for at, title in enumerate(titles, start=1):
        named = [row for row in rows if row.has(title)]
        caption = f"How honest probabilities are, {title}"
        yield _Drawing(f"calibration-{at}.svg", caption, partial(plot_calibration, named, title))


def _curves(curves: Mapping[str, Path]) -> Iterator[_Drawing]:
    for name, path in curves.items():
        yield _Drawing(f"curves-{name}.svg", f"The training of {name}", partial(plot_curves, path))


def _kind(rows: Sequence[Row], title: str) -> str:
    return next(row.results[0].evaluations[title].kind for row in rows if row.has(title))


def _picture(drawing: _Drawing, folder: Path) -> str:
    """Draw it; the line that shows it."""
    path = folder / _PICTURES / drawing.file
    path.parent.mkdir(parents=True, exist_ok=True)
    drawing.draw(path)
    return f"![{drawing.caption}]({_PICTURES}/{drawing.file})\n"


def _commands(results: Sequence[Result]) -> str:
    """How each row was measured."""
    lines = [f"    {result.command}  # {result.system}, commit {result.commit or 'unknown'}" for result in results]
    corpora = ", ".join(sorted({f"`{result.corpus or 'unknown'}`" for result in results}))
    return "\n".join(["## Commands\n", *lines, "", f"Corpus: {corpora} (`sha256` in its manifest.json).", ""])
