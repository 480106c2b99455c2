import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codekin_model.extraction.code2vec_format import code2vec_line
from codekin_model.extraction.paths import PathLimits
from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.units import find_units


def test_a_line_is_the_label_and_its_contexts(unit):
    line = code2vec_line(unit("def addOne(a): return 1\n"))
    label, *contexts = line.split(" ")
    assert label == "add|one"
    assert contexts[0] == "METHOD_NAME,(identifier)^(function_definition)_(parameters)_(identifier),a"


def test_contexts_are_as_many_as_the_limit(unit):
    line = code2vec_line(unit("def f(a, b, c): return a + b + c\n"), PathLimits(contexts=3))
    assert len(line.split(" ")) == 1 + 3


@pytest.mark.parametrize(("name", "label"), [("__init__", "init"), ("_", "_"), ("sha256", "sha"), ("größe", "größe")])
def test_every_name_has_a_label(unit, name, label):
    assert code2vec_line(unit(f"def {name}(a): return a\n")).split(" ")[0] == label


def test_a_function_without_contexts_is_its_label_alone(unit):
    assert code2vec_line(unit("def f(): ...\n")) == "f"


@given(st.text(max_size=80), st.sampled_from(["'{}'", "{}", "f'{{{}}}'", "# {}", "f(\n{})", "a {} b", "f'{{a:{}}}'"]))
def test_any_function_is_one_line_of_three_part_fields(content, form):
    code = f"def name(a):\n    return {form.format(content)}\n"
    for unit in find_units(parse(text_of(code))):
        if unit.kind.is_function:
            line = code2vec_line(unit)
            label, *contexts = line.split(" ")
            assert line.splitlines() == [line]
            assert label
            assert all(re.fullmatch(r"[^\s,]+,[^\s,]+,[^\s,]+", context) for context in contexts)
