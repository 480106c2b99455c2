"""New names that something has, or that the text would not stand."""

import pytest

from codekin_model.source.span import Span
from codekin_server.refactoring.sources import Sources
from codekin_server.refactoring.taken import taken


@pytest.mark.parametrize(
    "call", ["f(foo_it=1, bar=2)", "f(foo_it=1, **{'x': 1}, bar=2)", "f(foo_it=g(bar=1), bar=2)", "f(1, bar=2)"]
)
def test_a_keyword_that_the_function_collects_is_in_the_way(one_file, call):
    assert "mod.py:5" in one_file(f"def f($0foo_it, **kw):\n    pass\n\n\n{call}\n", "bar")


def test_the_same_keyword_of_a_call_inside_the_call_is_not_in_the_way(one_file):
    assert "f(bar=g(bar=1))" in one_file("def f($0foo_it):\n    pass\n\n\nf(foo_it=g(bar=1))\n", "bar")


def test_a_keyword_that_would_be_given_twice_is_told(one_file):
    text = "@wrap\ndef f($0foo_it):\n    pass\n\n\nf(foo_it=1, bar=2)\n"
    assert "'bar' would be given twice at mod.py:6" in one_file(text, "bar")


def test_a_text_that_would_no_longer_be_python_is_told(workspace):
    path = workspace.write("a.py", "def foo_it():\n    pass\n")
    sources = Sources.of(workspace.root, [path], {}, lambda _: False)
    assert list(taken(sources, {path: [Span(0, 3)]}, "bar")) == ["with 'bar' a.py:1 would no longer be Python"]


@pytest.mark.parametrize(
    "text",
    ["from b import bar\nfrom a import *\n", "from a import *\n\n\ndef bar():\n    pass\n", "from .a import *\nbar()"],
)
def test_a_name_beside_a_star_import_is_in_the_way(workspace, text):
    workspace.write("a.py", "def $0foo_it():\n    pass\n")
    workspace.write("c.py", text)
    assert "'bar' is already in use at c.py" in workspace.conflicts("bar")


def test_a_name_of_a_function_beside_a_star_import_is_not_in_the_way(workspace):
    workspace.write("a.py", "def $0foo_it():\n    pass\n")
    workspace.write("c.py", "from a import *\n\n\ndef g(bar):\n    return bar\n")
    assert list(workspace.renamed("bar")) == ["a.py"]


def test_a_name_that_comes_with_a_star_into_the_renamed_module_is_in_the_way(workspace):
    workspace.write("a.py", "from b import *\n\n\ndef $0foo_it():\n    pass\n")
    workspace.write("b.py", "def bar():\n    pass\n")
    assert "'bar' is already in use at b.py:1" in workspace.conflicts("bar")


def test_a_name_that_a_star_would_leave_out_is_told(workspace):
    workspace.write("a.py", "def $0foo_it():\n    pass\n")
    workspace.write("c.py", "from a import *\n\nfoo_it()\n")
    assert "would not be imported by the * in c.py" in workspace.conflicts("_bar")


@pytest.mark.parametrize("module", ["p/bar.py", "p/bar/__init__.py"])
def test_a_module_of_the_package_is_in_the_way(workspace, module):
    workspace.write("p/__init__.py", "from .x import foo_it\n")
    workspace.write("p/x.py", "def $0foo_it():\n    pass\n")
    workspace.write(module, "")
    assert f"'bar' is already a module of the package, {module}" in workspace.conflicts("bar")


def test_a_module_beside_another_is_not_in_the_way(workspace):
    workspace.write("p/__init__.py", "")
    workspace.write("p/x.py", "def $0foo_it():\n    pass\n")
    workspace.write("p/bar.py", "")
    assert list(workspace.renamed("bar")) == ["p/x.py"]


@pytest.mark.parametrize(("one", "two"), [("conftest.py", "sub/test_a.py"), ("sub/test_a.py", "conftest.py")])
def test_a_fixture_in_reach_of_the_renamed_one_is_in_the_way(workspace, one, two):
    workspace.write(one, "@pytest.fixture\ndef $0foo_it():\n    pass\n")
    workspace.write(two, "@pytest.fixture\ndef bar():\n    pass\n")
    assert f"'bar' is already in use at {two}:2" in workspace.conflicts("bar")


def test_a_fixture_out_of_reach_is_not_in_the_way(workspace):
    workspace.write("test_a.py", "@pytest.fixture\ndef $0foo_it():\n    pass\n")
    workspace.write("test_b.py", "@pytest.fixture\ndef bar():\n    pass\n")
    assert list(workspace.renamed("bar")) == ["test_a.py"]
