import pytest

from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.units import find_units
from codekin_server.naming.place import body_of, is_signature

CODE = """\
@cached
def total(
    prices,
    discount,
) -> float:
    rest = 1 - discount
    return sum(prices) * rest


def one(): return 1
"""


def function(name: str):
    tree = parse(text_of(CODE))
    return tree, next(unit.name_span for unit in find_units(tree) if unit.name == name)


@pytest.mark.parametrize(("line", "expected"), [(1, True), (2, True), (5, True), (6, False), (7, False)])
def test_a_signature_ends_where_the_body_begins(line, expected):
    assert is_signature(*function("total"), line) is expected


def test_a_function_on_one_line_is_all_signature():
    assert is_signature(*function("one"), 10)


def test_the_body_is_the_block():
    assert body_of(*function("one")).text == b"return 1"
