"""Examples in docstrings are code: they are renamed with what they call, and told where it cannot be known."""

import pytest

FUNCTION = 'def $0foo_it(x):\n    """Foo.\n\n{example}    """\n    return x\n'
METHOD = 'class Stack:\n    """A stack.\n\n{example}    """\n\n    def $0push(self, x):\n        pass\n'


def lines(*examples: str) -> str:
    return "".join(f"    {each}\n" for each in examples)


@pytest.mark.parametrize(
    "example",
    [
        (">>> OLD(1)", "1"),
        (">>> from mod import OLD", ">>> OLD(OLD(2))", "2"),
        (">>> import mod", ">>> mod.OLD(2)", "2"),
        (">>> import mod as m", ">>> m.OLD(2)"),
        (">>> def f(x):", "...     return OLD(", "...     x)", ">>> f(2)", "2"),
        (">>> for x in range(2):", "...     OLD(x)", "...", "0", "1"),
        (">>> é = 'é'; OLD(é)", "foo_it", "is not foo_it(x)"),
        ("foo_it(1)", ">>> [OLD(each) for each in y]  # foo_it", '>>> print("foo_it")'),
    ],
)
def test_examples_in_the_module_of_a_function_are_renamed(one_file, example):
    text = FUNCTION.format(example=lines(*example))
    after = text.replace("$0foo_it", "bar_it").replace("OLD", "bar_it")
    assert one_file(text.replace("OLD", "foo_it"), "bar_it") == after


@pytest.mark.parametrize(("start", "end"), [('"""', '"""'), ("'''", "'''"), ('r"""', '"""'), ("'", "'")])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    "above", ["", "class A:\n    ", "async def f():\n    ", "class A:\n    def f(self):\n        "]
)
def test_docstrings_of_all_kinds_are_looked_into(workspace, start, end, line_end, above):
    text = f"{above}{start}>>> OLD(1){end}\n\ndef $0foo_it(x): ...\n".replace("\n", line_end)
    workspace.write("mod.py", text.replace("OLD", "foo_it"))
    assert workspace.renamed("bar_it")["mod.py"] == text.replace("$0foo_it", "bar_it").replace("OLD", "bar_it")


@pytest.mark.parametrize(
    "docstring",
    [
        '"""Calls foo_it(1): foo_it."""',
        '"""\n>>> foo_it = 1\n>>> foo_it\n1\n"""',
        '"""\n>>> from other import foo_it\n>>> foo_it(1)\n"""',
        '"""\n>>>foo_it(1)\n"""',
        'x = """\n>>> foo_it(1)\n"""',
        'f"""\n>>> foo_it(1)\n"""',
        'Rb"""\n>>> foo_it(1)\n"""',
        '"""\n>>> x = 1\n1\n... foo_it(1)\n"""',
        '"""\n>>> x.foo_it(1)\n"""',
    ],
)
def test_what_is_no_use_in_an_example_is_left_alone(workspace, docstring):
    workspace.write("other.py", "def foo_it(x):\n    pass\n")
    workspace.write("mod.py", f"{docstring}\n\n\ndef $0foo_it(x): ...\n")
    assert workspace.renamed("bar_it")["mod.py"] == f"{docstring}\n\n\ndef bar_it(x): ...\n"


def test_examples_of_other_modules_are_renamed_where_they_have_the_function(workspace):
    workspace.write("pkg/__init__.py", "")
    workspace.write("pkg/mod.py", "def $0foo_it(x): ...\n")
    workspace.write("pkg/a.py", '"""\n>>> from pkg.mod import foo_it\n>>> foo_it(1)\n"""\n')
    workspace.write("pkg/b.py", '"""\n>>> foo_it(1)\n"""\n')
    workspace.write("pkg/c.py", '"""\n>>> foo_it(1)\n"""\nfrom .mod import foo_it\n')
    after = workspace.renamed("bar_it")
    assert after["pkg/a.py"] == '"""\n>>> from pkg.mod import bar_it\n>>> bar_it(1)\n"""\n'
    assert after["pkg/c.py"] == '"""\n>>> bar_it(1)\n"""\nfrom .mod import bar_it\n'
    assert "pkg/b.py" not in after


@pytest.mark.parametrize(
    "example",
    [">>> import pkg as p\n>>> p.OLD(1)", ">>> from pkg import OLD\n>>> OLD(1)", ">>> import pkg\n>>> pkg.OLD"],
)
def test_examples_that_take_a_function_from_a_package_that_has_it_with_a_star_are_renamed(workspace, example):
    workspace.write("pkg/__init__.py", "from pkg.sub import *\n")
    workspace.write("pkg/sub/__init__.py", "from pkg.sub.mod import *\n")
    text = f'def $0foo_it(x):\n    """\n{example}\n    """\n'
    workspace.write("pkg/sub/mod.py", text.replace("OLD", "foo_it"))
    after = text.replace("$0foo_it", "bar_it").replace("OLD", "bar_it")
    assert workspace.renamed("bar_it")["pkg/sub/mod.py"] == after


@pytest.mark.parametrize(
    "example",
    [
        (">>> s = Stack()", ">>> s.OLD(1)", ">>> [].push(2)"),
        (">>> Stack().OLD(1)",),
        (">>> from mod import Stack as S", ">>> S.OLD(S(), 1)"),
        (">>> class Sub(Stack):", "...     def go(self):", "...         self.OLD(1)", "...         self.x = self.OLD"),
    ],
)
def test_methods_are_renamed_in_examples(one_file, example):
    text = METHOD.format(example=lines(*example))
    after = text.replace("$0push", "put").replace("OLD", "put")
    assert one_file(text.replace("OLD", "push"), "put") == after


SUBCLASS = "class Sub({base}):\n...     def {name}(self, x):\n...         self.{name}(x)\n>>> Sub().{name}(1)"


@pytest.mark.parametrize("base", ["Stack", "mod.Stack", "Lifo", "list, Stack"])
def test_what_a_class_of_an_example_overrides_is_renamed(workspace, base):
    text = '"""\n>>> import mod\n>>> ' + SUBCLASS + '\n"""\n' + METHOD.format(example="") + "\nclass Lifo(Stack): ...\n"
    workspace.write("mod.py", text.replace("{base}", base).replace("{name}", "push"))
    after = text.replace("{base}", base).replace("{name}", "put").replace("$0push", "put")
    assert workspace.renamed("put")["mod.py"] == after


def test_a_class_of_an_example_that_is_made_from_another_one_of_it_is_renamed_too(one_file):
    below = lines(">>> class A(Stack):", "...     push = 1", ">>> class B(A):", "...     push = 2")
    text = METHOD.format(example=below)
    assert one_file(text, "put") == text.replace("$0", "").replace("push", "put")


def test_a_class_of_an_example_that_is_made_from_another_keeps_its_methods(one_file):
    text = METHOD.format(example=lines(">>> class Sub(list):", "...     push = 1"))
    assert one_file(text, "put") == text.replace("$0push", "put")


def test_a_class_of_an_example_whose_base_cannot_be_followed_is_told(one_file):
    text = METHOD.format(example=lines(">>> from no import Stack", ">>> class Sub(Stack):", "...     push = 1"))
    assert one_file(text, "put") == "'push' at mod.py:6 may be the same, but cannot be followed"


def test_an_example_of_which_it_cannot_be_told_is_told_with_its_line(one_file):
    assert "'push' at mod.py:5" in one_file(METHOD.format(example=lines(">>> 1", ">>> x.push(1)")), "put")


def test_what_an_example_takes_from_elsewhere_is_left_alone(one_file):
    text = METHOD.format(example=lines(">>> import redis", ">>> redis.push(1)"))
    assert one_file(text, "put") == text.replace("$0push", "put")


def test_parameters_are_renamed_in_examples(one_file):
    text = 'def f($0old):\n    """\n    >>> f(old=1)\n    """\n    return old\n'
    assert one_file(text, "new") == text.replace("$0", "").replace("old", "new")


def test_a_name_that_an_example_has_already_is_told(one_file):
    text = FUNCTION.format(example=lines(">>> bar_it = 2", ">>> foo_it(bar_it)"))
    assert one_file(text, "bar_it") == "'bar_it' is already in use at mod.py:4"
