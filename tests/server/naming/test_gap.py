"""Functions whose name is being typed; ``|`` is the cursor."""

import pytest

from codekin_model.source.text import text_of
from codekin_server.naming.gap import gap_at


def gap(marked: str):
    offset = len(marked[: marked.index("|")].encode())
    return gap_at(text_of(marked.replace("|", "", 1)), offset)


@pytest.mark.parametrize(
    "code",
    [
        "def |(lines):\n    return sum(lines)\n",
        "async def |(lines):\n    return await lines\n",
        "def |:\n    return 1\n",
        "def |\n    return 1\n",
        "def |  # not yet\n    return 1\n",
        "def |\r\n    return 1\r\n",
        "def |(lines): return sum(lines)\n",
        "x = 1\n\n\ndef |(a,\n       b):\n    return a + b\n",
        "é = 'é'\n\n\ndef |(a):\n    return a\n",
    ],
)
def test_a_body_without_a_name(code):
    found = gap(code)
    assert (found.span.start, found.span.end) == (found.unit.name_span.start, found.unit.name_span.start)
    assert "return" in found.unit.source


@pytest.mark.parametrize(
    "code",
    [
        "def |():\n    pass\n",
        "def |():\n    ...\n",
        "def |():\n    # later\n    pass\n",
        "def |():\n",
        "def |\n\n\ndef other():\n    return 1\n",
        "class |:\n    x = 1\n",
        "x = |(1)\n",
        "def f(|):\n    return 1\n",
        "def f(x):\n    return | x\n",
        "# def |\n    return 1\n",
    ],
)
def test_nothing_to_name(code):
    assert gap(code) is None


def test_what_is_typed_of_a_name_would_be_replaced_with_the_rest_of_it():
    found = gap("def par|se(line):\n    return line.split()\n")
    assert (found.span.start, found.span.end, found.unit.name) == (4, 9, "parse")


def test_a_method_belongs_to_its_class():
    found = gap("class Cart:\n    def |(self, price):\n        self.prices.append(price)\n")
    assert found.unit.qualified_name.startswith("Cart.")
