"""Input text, output text: what is read of a few files. ``UPDATE_GOLDEN=1`` writes the outputs anew."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from codekin_model.extraction.code2vec_format import code2vec_line
from codekin_model.extraction.passage import passage
from codekin_model.extraction.paths import PathContext, PathLimits, path_contexts
from codekin_model.extraction.tokens import lexical_fields
from codekin_model.source.text import decode_source
from codekin_model.source.tree import parse
from codekin_model.source.unit import CodeUnit
from codekin_model.source.unit_tree import unit_tree
from codekin_model.source.units import find_units

HERE = Path(__file__).parent
LIMITS = PathLimits(contexts=12)


def units_text(unit: CodeUnit) -> str:
    lines = f"{unit.start_line}-{unit.end_line}"
    head = f"== {unit.kind} {unit.qualified_name or '-'} lines {lines} bytes {unit.span.start}-{unit.span.end}"
    words = lexical_fields(unit)
    docstring = "" if unit.docstring is None else f"\n-- docstring: {unit.docstring!r}"
    return f"{head}\n{unit.source}{docstring}\n-- words: {words.name} / {words.qualified_name}\n-- {unit.fingerprint}"


def passages_text(unit: CodeUnit) -> str:
    return f"== {unit.qualified_name or '-'}\n{passage(unit, masked=True, docstring=False)}"


def contexts_text(unit: CodeUnit) -> str:
    contexts = path_contexts(unit_tree(unit), masked=True, limits=LIMITS)
    return "\n".join([f"== {unit.qualified_name or '-'}", *map(context_line, contexts)])


def context_line(context: PathContext) -> str:
    start, end = context.start, context.end
    places = f"{start.span.start}-{start.span.end} {end.span.start}-{end.span.end}"
    return f"{start.token} {context.path} {end.token}  [{places}]"


def code2vec_text(unit: CodeUnit) -> str:
    return code2vec_line(unit, LIMITS) if unit.kind.is_function else f"# {unit.kind}"


FORMS = {"units": units_text, "passages": passages_text, "contexts": contexts_text, "code2vec": code2vec_text}


def check(path: Path, actual: str) -> None:
    if os.environ.get("UPDATE_GOLDEN") == "1":
        path.write_text(actual, encoding="utf-8")
    assert actual == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("case", sorted(path.name.removesuffix(".py.txt") for path in (HERE / "input").iterdir()))
def test_what_is_read_of_a_file_is_what_it_was(case, form):
    write: Callable[[CodeUnit], str] = FORMS[form]
    units = find_units(parse(decode_source((HERE / "input" / f"{case}.py.txt").read_bytes())))
    check(HERE / "output" / f"{case}.{form}.txt", "\n".join(map(write, units)) + "\n")
