import pytest
from hypothesis import given
from hypothesis import strategies as st

from codekin_model.source.ipython import as_python
from codekin_model.source.text import text_of
from codekin_model.source.tree import parse


def converted(cell: str) -> str:
    return as_python(text_of(cell)).data.decode()


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("%matplotlib inline\nx = 1\n", "#matplotlib inline\nx = 1\n"),
        ("!ls -la\n", "#ls -la\n"),
        ("?print\n", "#print\n"),
        ("print?\n", "print \n"),
        ("a.b??", "a.b  "),
        ("if x:\n    !ls -la\n", "if x:\n    0#s -la\n"),
        ("files = !ls *.py\n", "files = 0#s *.py\n"),
        ("t = %timeit -o f()\n", "t = 0#imeit -o f()\n"),
        ("%%time\nx = f()\n", "#%time\nx = f()\n"),
    ],
)
def test_what_is_ipythons_own_is_put_out(cell, expected):
    assert converted(cell) == expected
    assert not parse(text_of(expected)).root.has_error


def test_a_cell_of_another_language_is_blank():
    assert converted("%%bash\ncd /tmp && ls\n") == " " * 6 + "\n" + " " * 13 + "\n"


@pytest.mark.parametrize(
    "cell",
    ["x = 7 % 3\n", 's = """\n%like\n!this\n"""\n', "x = (a\n  % b)\n", "y = a != b\n", "# %magic?\n", "é = 'ü?'\n"],
)
def test_python_stays_as_it_is(cell):
    assert converted(cell) == cell


def test_strings_of_a_cell_with_magics_stay_as_they_are():
    cell = '%time\nsql = """\n%like\n!not\n"""\n'
    assert converted(cell) == '#time\nsql = """\n%like\n!not\n"""\n'


@given(st.text(alphabet="%!?= \n\tabé🐍\"'#(:", max_size=60))
def test_nothing_moves_whatever_the_text(cell):
    before, after = text_of(cell).data, as_python(text_of(cell)).data
    assert len(after) == len(before)
    assert [at for at, byte in enumerate(after) if byte == 10] == [at for at, byte in enumerate(before) if byte == 10]
    after.decode()
