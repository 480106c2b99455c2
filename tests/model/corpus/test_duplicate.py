"""Twins are found whatever their name, docstring, comments and layout."""

import pytest

pytest.importorskip("datasketch")

from codekin_model.corpus.duplicate import Twins, signs_of, syntax_digest
from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.units import find_units

BODY = "\n".join(f"    value_{at} = compute(left_{at}, right_{at} + {at})" for at in range(30))


def unit(source: str):
    return next(each for each in find_units(parse(text_of(source))) if each.kind.is_function)


def test_name_docstring_comments_and_layout_make_no_difference():
    one = unit("def f(a):\n    '''Doc.'''\n    return f(a) + 1  # why\n")
    two = unit("def g( a ):\n    return g( a )+1\n")
    assert syntax_digest(one) == syntax_digest(two)


def test_another_body_is_another_function():
    assert syntax_digest(unit("def f(a): return a + 1")) != syntax_digest(unit("def f(a): return a + 2"))


def test_the_second_of_two_equal_functions_is_a_twin():
    twins = Twins()
    assert twins.is_twin(signs_of(unit("def f(a): return a + 1"))) is None
    assert twins.is_twin(signs_of(unit("def g(a): return a + 1"))) == "exact"


def test_a_long_function_with_one_line_changed_is_a_near_twin():
    twins = Twins()
    assert twins.is_twin(signs_of(unit(f"def f():\n{BODY}\n    return 1\n"))) is None
    assert twins.is_twin(signs_of(unit(f"def f():\n{BODY}\n    return other\n"))) == "near"


def test_excluded_functions_count_as_seen():
    excluded = syntax_digest(unit("def f(a): return a + 1"))
    assert Twins([excluded]).is_twin(signs_of(unit("def g(a): return a + 1"))) == "exact"


def test_what_a_function_is_compared_by_depends_on_it_alone():
    one, other = signs_of(unit(f"def f():\n{BODY}\n")), signs_of(unit(f"def g():\n{BODY}\n"))
    assert one.digest == other.digest
    assert one.signature.tolist() == other.signature.tolist()


def test_short_functions_are_compared_exactly_only():
    assert signs_of(unit("def f(a): return a + 1")).signature is None
