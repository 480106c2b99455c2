"""``codekin explain``: the source of one function, marked where its vector or its name came from."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from rich.text import Text

from codekin_model.source.span import Span
from codekin_server.answers import ExplainAnswer, WeightedContext, plain
from codekin_server.cli.opening import index_of_file, without_index
from codekin_server.cli.results import percent, place_line
from codekin_server.cli.target import parse_line_target, workspace_of
from codekin_server.cli.terminal import write_json, write_line

_MARKS = ("none", "on grey15", "on dark_blue", "on dark_magenta", "bold on dark_red", "bold white on red")
_BAR = 20


def run(target: str, path: Path | None, *, naming: bool, limit: int, as_json: bool) -> None:
    """Explain the function at a line: its vector, for which no index is needed, or the first of its names."""
    file, line = parse_line_target(target, path)
    with index_of_file(file, path) if naming else without_index(workspace_of(file, path)) as assist:
        answer = assist.explain(file, line, naming=naming)
    if as_json:
        write_json(plain(replace(answer, contexts=answer.contexts[:limit])))
    else:
        show(answer, limit)


def show(answer: ExplainAnswer, limit: int) -> None:
    """The marked source, then the strongest contexts."""
    write_line(place_line(answer.target))
    write_line(_heading(answer))
    for line in marked_source(answer):
        write_line(line)
    strongest = max((context.weight for context in answer.contexts), default=1.0)
    for context in answer.contexts[:limit]:
        write_line(_context_line(context, strongest))


def _heading(answer: ExplainAnswer) -> str:
    """What the marks below are about."""
    if answer.names is None:
        return "what is marked carries its vector: each word was taken out in turn, and how far that turns it counts"
    names = ", ".join(f"{each.name} {percent(each.probability)}" for each in answer.names)
    if not names:
        return "with its own name hidden the model suggests no name"
    return f"with its own name hidden the model suggests {names}; what is marked carries the first"


def marked_source(answer: ExplainAnswer) -> Iterator[Text]:
    """The function's lines, each terminal as strongly marked as the contexts that end in it weigh together."""
    code, levels = _levels(answer)
    lines, at = code.splitlines(keepends=True), 0
    for number, line in enumerate(lines, start=answer.target.start_line):
        text = Text.assemble((f"{number:5} ", "dim"))
        for start, end in _runs(levels[at : at + len(line)]):
            piece = line[start:end].decode("utf-8", "replace").rstrip("\r\n")
            text.append(piece, _MARKS[levels[at + start]])
        at += len(line)
        yield text


def _levels(answer: ExplainAnswer) -> tuple[bytes, Sequence[int]]:
    """The function's bytes, and for each of them 0, or the strength of its mark."""
    start = answer.source.rfind(b"\n", 0, answer.span.start) + 1
    code = answer.source[start : answer.span.end]
    weights: dict[Span, float] = {}
    for context in answer.contexts:
        for end in (context.start_span, context.end_span):
            weights[end] = weights.get(end, 0.0) + context.weight
    levels, most, strongest = [0] * len(code), max(weights.values(), default=1.0), len(_MARKS) - 1
    for span, weight in weights.items():
        level = 1 + min(strongest - 1, int(strongest * weight / most))
        levels[span.start - start : span.end - start] = [level] * (span.end - span.start)
    return code, levels


def _runs(levels: Sequence[int]) -> Iterator[tuple[int, int]]:
    start = 0
    for at in range(1, len(levels) + 1):
        if at == len(levels) or levels[at] != levels[start]:
            yield start, at
            start = at


def _context_line(context: WeightedContext, strongest: float) -> Text:
    bar = "█" * round(_BAR * context.weight / strongest)
    line = Text(f"{context.weight:6.1%} {bar:{_BAR}} ")
    line.append(f"{context.start} … {context.end}", style="bold")
    line.append(f"  {context.path}", style="dim")
    return line
