"""Code that stands in no file: pasted, or a selection that is no whole function.

In: text. Out: a unit that can be compared with those of an index, or an :class:`AssistError` that says what is wrong
with it. Must not know of stores or of the model.
"""

import textwrap
from dataclasses import dataclass

from codekin_model.source.text import text_of
from codekin_model.source.tree import SyntaxTree, parse
from codekin_model.source.unit import CodeUnit, UnitKind
from codekin_model.source.units import find_units
from codekin_server.assist_error import AssistError
from codekin_server.present_file import PresentFile

_NAME = "pasted"
_LARGEST = 100_000


@dataclass(frozen=True, slots=True)
class PastedCode:
    """``named`` is False for statements, which were put into a function whose name says nothing."""

    file: PresentFile
    unit: CodeUnit
    named: bool
    note: str | None


def pasted_code(code: str) -> PastedCode:
    """The longest function or class in ``code``; statements without either as the body of one.

    Raises:
        AssistError: there is no code in it, too much, or it is broken.
    """
    if not code.strip():
        raise AssistError("there is no code to compare with; give a function or some statements")
    if len(code) > _LARGEST:
        raise AssistError(f"the code is longer than {_LARGEST:,} characters; give one function")
    tree = _parsed(code)
    units = [unit for unit in find_units(tree) if unit.kind is not UnitKind.MODULE]
    outermost = [unit for unit in units if "." not in unit.qualified_name]
    if not outermost:
        return _statements(tree)
    longest = max(outermost, key=lambda unit: len(unit.source))
    others = len(outermost) - 1
    note = f"compared by '{longest.name}', the longest of {others + 1} definitions in the code" if others else None
    return PastedCode(PresentFile("", tree, (longest,), None), longest, named=True, note=note)


def _parsed(code: str) -> SyntaxTree:
    """The code with its indentation taken off."""
    code = code.replace("\r\n", "\n").strip("\n").rstrip() + "\n"
    tree = parse(text_of(textwrap.dedent(code)))
    if not tree.diagnostics:
        return tree
    line = tree.text.line_at(tree.diagnostics[0].span.start) + 1
    raise AssistError(f"the code is broken at its line {line}; give a whole function or whole statements")


def _statements(tree: SyntaxTree) -> PastedCode:
    body = textwrap.indent(tree.text.data.decode("utf-8", "replace"), "    ")
    if all(line.lstrip().startswith("#") for line in body.splitlines() if line.strip()):
        raise AssistError("there is no code to compare with, only comments; give a function or some statements")
    wrapped = parse(text_of(f"def {_NAME}():\n{body}"))
    unit = next(unit for unit in find_units(wrapped) if unit.kind.is_function)
    return PastedCode(PresentFile("", wrapped, (unit,), None), unit, named=False, note=None)
