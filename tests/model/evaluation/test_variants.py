"""Copies of functions parse, differ, and compute what the original computes."""

import ast
import inspect
import json.decoder
import shlex
import textwrap
from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codekin_model.evaluation.variants import Rewriting, rewritten, variant_of
from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.units import find_units

COMPUTING = {
    "squares": "def squares(numbers, limit):\n    found = []\n    for n in numbers:\n        if n < limit:\n"
    "            found.append(n * n)\n    return found\n",
    "evens": "def evens(numbers, limit):\n    return [n + limit for n in numbers if n % 2 == 0 if n is not None]\n",
    "pairs": "def pairs(numbers, limit):\n    table = [(a, b) for a in numbers for b in range(a % 3)]\n"
    "    return table\n",
    "total": "def total(numbers, limit):\n    total = 0\n    count = len(numbers)\n    for n in numbers:\n"
    "        if n == limit:\n            continue\n        if n > limit:\n            total += n\n"
    "        else:\n            total -= 1\n    return total, count\n",
    "first": "def first(numbers, limit):\n    for at, n in enumerate(numbers):\n        if n > limit:\n"
    "            break\n    else:\n        return None\n    return at\n",
    "closure": "def closure(numbers, limit):\n    step = 2\n    start = limit\n    def add(n, by=step):\n"
    "        nonlocal start\n        start += by\n        return n + start\n"
    "    return [add(n) for n in numbers], start\n",
    "shadowed": "def shadowed(numbers, limit):\n    id_ = [id for id in numbers if id]\n    return id_, callable(id)\n",
    "caught": "def caught(numbers, limit):\n    done = []\n    try:\n        for n in numbers:\n"
    "            done.append(limit // n)\n    except ZeroDivisionError as problem:\n"
    "        return done, str(problem)\n    return done\n",
    "classed": "def classed(numbers, limit):\n    value = limit\n    class Box:\n        value = 3\n"
    "        def get(self):\n            return self.value, value\n    return Box().get(), Box.value\n",
    "matched": "def matched(numbers, limit):\n    match numbers:\n        case [one]:\n            return one\n"
    "        case [head, *rest]:\n            return head, rest\n        case other:\n            return other\n",
    "chosen": "def chosen(numbers, limit):\n    size = 'big' if limit > 3 else 'small'\n    if not numbers:\n"
    "        result = size\n    elif limit in numbers:\n        result = limit\n    else:\n        result = None\n"
    "    return result\n",
    "walrus": "def walrus(numbers, limit):\n    if (count := len(numbers)) > limit:\n        return count\n"
    "    low, high = 0, count\n    text = f'{low=} {high}'\n    return text\n",
    "recursive": "def recursive(numbers, limit):\n    if not numbers:\n        return limit\n"
    "    rest = numbers[1:]\n    return recursive(numbers=rest, limit=limit + numbers[0])\n",
    "locals_": "def locals_(numbers, limit):\n    count = len(numbers)\n    return sorted(locals())\n",
    "ending": "def ending(numbers, limit):\n    seen = numbers[:]\n    last = limit\n    if limit > 2:\n"
    "        numbers.append(last)\n        seen.append(last)\n",
    "generated": "def generated(numbers, limit):\n    for n in numbers:\n        if n < limit:\n            yield n\n"
    "            yield from [n] * 2\n",
}


COPIES = [
    (name, rewriting)
    for name, source in COMPUTING.items()
    for rewriting in Rewriting
    if rewritten(source, rewriting) is not None
]


@lru_cache
def compiled(source, name):
    space = {}
    exec(compile(source, name, "exec"), space)  # noqa: S102 - our own text
    return space[name]


def run(source, name, numbers, limit):
    """What a call gives, or raises, and what it leaves of its argument."""
    numbers = list(numbers)
    try:
        found = compiled(source, name)(numbers, limit)
        found = list(found) if inspect.isgenerator(found) else found
    except Exception as problem:
        found = type(problem)
    return found, numbers


@pytest.mark.parametrize(("name", "rewriting"), COPIES)
@settings(max_examples=25, deadline=None)
@given(numbers=st.lists(st.integers(-5, 9), max_size=6), limit=st.integers(-2, 8))
def test_a_copy_computes_what_the_original_computes(name, rewriting, numbers, limit):
    copy = rewritten_once(name, rewriting)
    assert run(copy, name, numbers, limit) == run(COMPUTING[name], name, numbers, limit)


@lru_cache
def rewritten_once(name, rewriting):
    return rewritten(COMPUTING[name], rewriting)


def test_most_functions_have_copies():
    assert len(COPIES) > 2 * len(COMPUTING)
    assert {rewriting for _, rewriting in COPIES} == set(Rewriting)


@pytest.mark.parametrize("module", [shlex, textwrap, json.decoder])
def test_copies_of_real_functions_compile_and_keep_their_name(module):
    units = find_units(parse(text_of(inspect.getsource(module))))
    sources = [(unit.name, unit.source) for unit in units if unit.kind.is_function]
    copies = [(name, rewritten(source, rewriting)) for name, source in sources for rewriting in Rewriting]
    made = [(name, copy) for name, copy in copies if copy is not None]
    assert len(made) > len(sources)
    for name, copy in made:
        compile(copy, module.__name__, "exec")
        assert ast.parse(copy).body[0].name == name


@settings(deadline=None)
@given(st.text(max_size=40))
def test_anything_may_be_given(text):
    assert rewritten(text, Rewriting.ALL) is None or ast.parse(text)


def test_renaming_leaves_no_local_name_and_no_other_changed():
    copy = rewritten(
        "def area(self, width, height=limit):\n    size = width * height\n    return self.cut(size)\n",
        Rewriting.RENAMED,
    )
    words = set(copy.replace("(", " ").replace(")", " ").replace("=", " ").replace(",", " ").replace(".", " ").split())
    assert words.isdisjoint({"width", "height", "size"})
    assert {"self", "limit", "cut", "area"} <= words


def test_reordering_swaps_what_is_independent():
    copy = rewritten("def f(a):\n    b = a.left\n    c = a.right\n    return b, c\n", Rewriting.REORDERED)
    assert copy == "def f(a):\n    c = a.right\n    b = a.left\n    return (b, c)"


@pytest.mark.parametrize(
    "body",
    [
        "b = a\n    c = b",
        "b = 1\n    b = 2",
        "b = a.pop()\n    c = a.pop()",
        "b = a[0]\n    a.clear()",
        "b = a\n    a += 1",
        "b = a\n    return b",
    ],
)
def test_reordering_leaves_what_depends(body):
    assert rewritten(f"def f(a):\n    {body}\n", Rewriting.REORDERED) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("if a:\n        b()\n    else:\n        c()", "if not a:\n        c()\n    else:\n        b()"),
        ("if a in b:\n        return 1\n    else:\n        return 2", "if a in b:\n        return 1\n    return 2"),
        ("if a is None:\n        b()\n        c()", "if a is not None:\n        return\n    b()\n    c()"),
        (
            "while a():\n        if not b:\n            c()",
            "while a():\n        if b:\n            continue\n        c()",
        ),
        ("return b if a < c else d", "return d if not a < c else b"),
        ("return [b(x) for x in a]", "items = []\n    for x in a:\n        items.append(b(x))\n    return items"),
        ("b = []\n    for x in a:\n        b.append(x + 1)\n    return b", "b = [x + 1 for x in a]\n    return b"),
    ],
)
def test_refactoring(before, after):
    assert rewritten(f"def f(a):\n    {before}\n", Rewriting.REFACTORED) == f"def f(a):\n    {after}"


@pytest.mark.parametrize(
    "body",
    [
        "b = []\n    for x in a:\n        b.append(x)\n    return b, x",
        "b = []\n    for x in a:\n        b.append(len(b))\n    return b",
        "b = []\n    for x in a:\n        b.append((yield x))\n    return b",
    ],
)
def test_a_loop_whose_variables_are_used_elsewhere_becomes_no_comprehension(body):
    assert "iterator" in rewritten(f"def f(a):\n    {body}\n", Rewriting.REFACTORED)


def test_a_copy_stands_where_the_original_stands(functions):
    copy = variant_of(functions[2], Rewriting.ALL)
    original = functions[2].unit
    assert (copy.package, copy.path, copy.unit.qualified_name) == ("a", "a.py", original.qualified_name)
    assert copy.unit.source != original.source
    assert copy.unit.docstring is None


def test_copies_are_the_same_each_time(functions):
    assert variant_of(functions[0], Rewriting.ALL) == variant_of(functions[0], Rewriting.ALL)
