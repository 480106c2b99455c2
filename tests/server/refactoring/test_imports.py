"""Which imports of a file may lead to the modules that define a name."""

from pathlib import Path

import pytest

from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_server.refactoring.imports import imports_it_perhaps, imports_it_surely, may_be_module, star_imports_of

HERE = Path("/w/p/q/here.py")
HOMES = frozenset({Path("/w/p/a.py"), Path("/w/p/q/__init__.py")})


def lines(nodes) -> list[int]:
    return [node.start_point[0] + 1 for node in nodes]


@pytest.mark.parametrize(
    "module", ["a", "p.a", "w.p.a", "q", "p.q", "..a", ".", "..q", "...p.a", ". . a"], ids=lambda module: module
)
def test_a_module_may_be_one_of_several(module):
    assert lines(imports_it_perhaps(parse(text_of(f"from {module} import x\n")), HERE, "x", HOMES)) == [1]


@pytest.mark.parametrize("module", ["b", "x.a", "v.w.p.a", "p", "a.q", ".a", "..", "...a", "..p.a"])
def test_a_module_is_none_of_several(module):
    assert lines(imports_it_perhaps(parse(text_of(f"from {module} import x\n")), HERE, "x", HOMES)) == []


def test_only_an_import_from_here_is_sure():
    text = "from a import x\nfrom ..a import x\nfrom . import x as y\n"
    assert lines(imports_it_surely(parse(text_of(text)), HERE, "x", HOMES)) == [2, 3]


def test_imports_are_found_wherever_they_stand_and_in_their_order():
    text = "import p.a\n\ndef f():\n    if 1:\n        from a import x\n    return p.a.x\n\n"
    text += "class A:\n    from ..a import x\n"
    assert lines(imports_it_perhaps(parse(text_of(text)), HERE, "x", HOMES)) == [5, 9, 6]


def test_the_word_import_elsewhere_is_no_import():
    text = '"""from a import *"""\n# from a import *\nimportant = "from a import *"\nfrom __future__ import x\n'
    assert lines(star_imports_of(parse(text_of(text)), HERE, HOMES)) == []


def test_imports_behind_broken_code_are_found():
    text = "def f(:\n    pass\n\nfrom a import *\n"
    assert lines(star_imports_of(parse(text_of(text)), HERE, HOMES)) == [4]


@pytest.mark.parametrize(
    ("dotted", "expected"), [("a", True), ("p.a", True), ("b.a", False), ("p", False), ("", False)]
)
def test_a_dotted_name_may_be_a_module(dotted, expected):
    assert may_be_module(dotted, Path("/w/p/a.py")) is expected
