from textwrap import indent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codekin_model.source.origin import origin
from codekin_model.source.span import Span
from codekin_model.source.text import SourceText, text_of
from codekin_model.source.tree import parse
from codekin_model.source.unit import CodeUnit
from codekin_model.source.units import find_units

FUNCTION = '''@cached(
  1)
def grüße(name, *, laut=False):
    """Grüße.

    Left of it:
of it
    """
    if laut:

        return f"""{name}
  é"""
    # ende
    return name
'''
BODY = f"""    x = 1

    # é
{indent(FUNCTION, "    ")}
    y: int = 'ü'
    def kurz(self): pass  # hier
    z = (1,
 2)
"""


def check_every_byte(text: SourceText, unit: CodeUnit, units: tuple[CodeUnit, ...]) -> None:
    """Each byte of a unit's text that was copied from the file is found again; those in between ascend."""
    source = unit.source.encode()
    places = origin(text, unit, units)
    copied = source if unit.kind.is_function else source[: (b"\n" + source).rfind(b"\n# defines ") % (len(source) + 1)]
    before = -1
    for at in range(len(copied.rstrip())):
        offset = places.offset(at)
        same = text.data[offset : offset + 1]
        assert same == source[at : at + 1] or (source[at : at + 1] == b"\n" and same == b"\r")
        assert before < offset < unit.span.end
        before = offset


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("prefix", ["", "    ", "\t", " \t "])
@pytest.mark.parametrize("header", ["", "class Größe(A):\n", "import a\n\nclass C:\n    class D:\n"])
def test_every_byte_of_every_unit_is_found_in_the_file(header, prefix, ending):
    body = indent(BODY, prefix if not header else prefix + "        ")
    text = text_of((("if 1:\n" if prefix and not header else "") + header + body).replace("\n", ending))
    units = find_units(parse(text))
    assert units
    for unit in units:
        check_every_byte(text, unit, units)


@given(
    st.lists(
        st.sampled_from([*BODY.splitlines(keepends=True), "class A:\n", "    def m():\n", "\t\tx\r\n"]), max_size=25
    )
)
@settings(max_examples=200)
def test_bytes_are_found_whatever_the_lines(lines):
    text = text_of("".join(lines))
    units = find_units(parse(text))
    for unit in units:
        check_every_byte(text, unit, units)


def test_a_span_over_lines_covers_what_was_taken_out_between_them():
    text = text_of("class C:\n    def m(self):\n        return 1\n")
    units = find_units(parse(text))
    span = origin(text, units[2], units).span(Span(0, len(units[2].source)))
    assert span == units[2].span


def test_an_empty_span_stays_empty():
    text = text_of("class C:\n    def m(self):\n        return 1\n")
    units = find_units(parse(text))
    assert origin(text, units[2], units).span(Span(4, 4)) == Span(17, 17)


def test_what_is_not_in_the_file_is_at_the_end_of_the_unit():
    text = text_of("class C:\n    x = 1\n    def m(self): pass\n")
    units = find_units(parse(text))
    outline = units[1]
    assert origin(text, outline, units).offset(len(outline.source) - 1) == outline.span.end
