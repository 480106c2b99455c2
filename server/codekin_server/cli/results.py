"""Answers as lines of a terminal.

In: plain answers. Out: rich text, one line each, that a pipe can cut up as well as a person can read.
"""

from collections.abc import Iterator, Sequence

from rich.text import Text

from codekin_server.answers import NamesAnswer, Place, Result

_NO_NAMES = "no suggestion"


def result_lines(results: Sequence[Result]) -> Iterator[Text]:
    """Score, place, kind and name, origin; the places as wide as the widest."""
    places = [_place(result) for result in results]
    width = max(map(len, places), default=0)
    for result, place in zip(results, places, strict=True):
        line = Text.assemble((f"{result.score:5.2f}  ", "bold"), (place.ljust(width), "cyan"))
        line.append(f"  {result.kind.value} ")
        line.append(result.qualified_name or result.module, style="bold green")
        line.append(f"  {'+'.join(result.produced_by)}", style="dim")
        yield line


def place_line(place: Place) -> Text:
    """One place, as a heading."""
    line = Text.assemble((_place(place), "cyan"), f"  {place.kind.value} ")
    line.append(place.qualified_name or place.module, style="bold green")
    return line


def names_lines(answers: Sequence[NamesAnswer]) -> Iterator[Text]:
    """A function a line: where it is, its present name, the suggestions with their probabilities."""
    places = [f"{answer.target.path}:{answer.target.start_line}" for answer in answers]
    place_width = max(map(len, places), default=0)
    name_width = max((len(answer.name) for answer in answers), default=0)
    for answer, place in zip(answers, places, strict=True):
        line = Text.assemble((place.ljust(place_width), "cyan"), (f"  {answer.name.ljust(name_width)}  ", "bold green"))
        line.append_text(_suggestions(answer))
        yield line


def percent(probability: float) -> str:
    """A probability as a person reads it: what was suggested is never shown as impossible."""
    text = f"{probability:.0%}"
    return "<1%" if text == "0%" else text


def _suggestions(answer: NamesAnswer) -> Text:
    if not answer.suggestions:
        return Text(_NO_NAMES, style="dim")
    each = [Text.assemble(one.name, (f" {percent(one.probability)}", "dim")) for one in answer.suggestions]
    return Text(", ").join(each)


def _place(place: Place) -> str:
    return f"{place.path}:{place.start_line}-{place.end_line}"
