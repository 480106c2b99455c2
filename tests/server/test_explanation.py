"""Contexts of a function, found again in its file."""

from hypothesis import given
from hypothesis import strategies as st

from codekin_model.extracted import extract
from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.units import find_units
from codekin_server.explanation import weighted_contexts

CODE = '''\
import os

class Größe:
    def lies(self, pfad):
        """Doc.

        Mehr.
        """
        with open(pfad) as ströme:

            return ströme.read(
  1, other=größe)

    @property
    def name(self): return self.wert
'''


def weighted(code: str, name: str):
    text = text_of(code)
    unit = next(unit for unit in find_units(parse(text)) if unit.name == name)
    contexts = extract(unit).contexts
    return text, contexts, weighted_contexts(unit, text, contexts, [float(at) for at in range(len(contexts))])


def test_the_strongest_comes_first():
    _, contexts, found = weighted(CODE, "lies")
    assert [each.weight for each in found] == sorted(map(float, range(len(contexts))), reverse=True)


def test_spans_are_those_of_the_file_at_any_indentation():
    for name in ("lies", "name"):
        text, _, found = weighted(CODE, name)
        shown = {each.start: text.slice(each.start_span) for each in found}
        assert shown
        for token, piece in shown.items():
            assert token in ("<STR>", piece.lower().replace("_", "|"))


@given(st.lists(st.sampled_from(["", "  ", "    ", "      "]), min_size=1, max_size=8))
def test_spans_hold_for_any_mix_of_continuation_lines(indents):
    body = "\n".join(f"{indent}word{at}," for at, indent in enumerate(indents))
    code = f"class C:\n    def target(self):\n        return (\n{body}\n)\n"
    text, _, found = weighted(code, "target")
    for each in found:
        assert text.slice(each.end_span).rstrip("0123456789") == each.end or each.end == "self"
