"""``codekin report``: from the results of evaluations to tables and pictures."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from codekin_server.assist_error import AssistError
from codekin_server.cli.model.telling import naming_the_extra, telling
from codekin_server.cli.terminal import write_line


def run(results: Path, out: Path, *, baseline: str, ablation: Sequence[str], notes: Path | None) -> None:
    """Write the report of all results, each system's gain measured against ``baseline``."""
    with naming_the_extra():
        from codekin_model.evaluation.report import ReportOptions, write_report  # noqa: PLC0415 - an extra
        from codekin_model.evaluation.system import EvaluationError  # noqa: PLC0415 - beside an extra

        with telling(EvaluationError):
            options = ReportOptions(baseline, tuple(ablation), read_notes(notes) if notes else {})
            write_line(f"written: {write_report(results, out, options)}")


def read_notes(path: Path) -> Mapping[str, str]:
    """Paragraphs by section of the report, from a TOML file of texts.

    Raises:
        AssistError: the file is not of that form.
        OSError: it cannot be read.
    """
    try:
        notes = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise AssistError(f"{path} is no TOML: {problem}") from problem
    for section, text in notes.items():
        if not isinstance(text, str):
            raise AssistError(f'{path}: {section} is no text; write {section} = "..."')
    return notes
