"""``codekin extract``: what the model reads of a file, in a form that people or other tools can read.

Needs neither an index nor the model.
"""

from pathlib import Path

from rich.text import Text

from codekin_model.extracted import extract
from codekin_model.extraction.code2vec_format import code2vec_line
from codekin_model.extraction.paths import PathContext
from codekin_model.source.span import Span
from codekin_model.source.unit import CodeUnit
from codekin_server.answers import plain_place
from codekin_server.cli.results import place_line
from codekin_server.cli.terminal import write_json, write_line, write_raw
from codekin_server.present_file import PresentFile, present_file

_SHOWN = 3


def run(path: Path, form: str) -> None:
    """Write the units of a file as ``json``, ``code2vec`` or ``text``."""
    absolute, here = path.expanduser().resolve(), Path.cwd()
    root = here if absolute.is_relative_to(here) else absolute.parent
    file = present_file(root, absolute.relative_to(root).as_posix(), None)
    if form == "json":
        write_json({"units": [_plain(file, unit) for unit in file.units], "problems": _problems(file)})
    elif form == "code2vec":
        _write_code2vec(file)
    else:
        _show(file)


def _write_code2vec(file: PresentFile) -> None:
    for unit in file.functions:
        write_raw(code2vec_line(unit))


def _plain(file: PresentFile, unit: CodeUnit) -> dict[str, object]:
    extracted = extract(unit)
    return {
        **plain_place(file.place(unit)),
        "docstring": unit.docstring,
        "fingerprint": unit.fingerprint,
        "passage": extracted.passage,
        "contexts": [_plain_context(context) for context in extracted.contexts],
    }


def _plain_context(context: PathContext) -> dict[str, object]:
    """The spans are bytes of the unit's own text, from which its indentation was taken off."""
    return {
        "start": context.start.token,
        "path": context.path,
        "end": context.end.token,
        "start_bytes": _pair(context.start.span),
        "end_bytes": _pair(context.end.span),
    }


def _problems(file: PresentFile) -> list[dict[str, object]]:
    text = file.tree.text
    return [
        {"line": text.line_at(problem.span.start) + 1, "bytes": _pair(problem.span), "message": problem.message}
        for problem in file.tree.diagnostics
    ]


def _pair(span: Span) -> list[int]:
    return [span.start, span.end]


def _show(file: PresentFile) -> None:
    """Each unit with the number of its contexts and the first few of them."""
    for unit in file.units:
        contexts = extract(unit).contexts
        line = place_line(file.place(unit))
        line.append(f"  {len(contexts)} path contexts", style="dim")
        write_line(line)
        for context in contexts[:_SHOWN]:
            write_line(Text(f"    {context.start.token}  {context.path}  {context.end.token}", style="dim"))
    if not file.units:
        write_line("no functions or classes here")
