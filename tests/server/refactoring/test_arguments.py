"""Keyword arguments that belong to what is renamed, and those of which it cannot be told."""

import pytest

FIELDS = "{0}\n\n{1}\n    $0foo_it: int = 0\n    y: int = 1\n\n\n"
DATACLASS = FIELDS.format("from dataclasses import dataclass, replace", "@dataclass\nclass P:")
NAMED = FIELDS.format("from typing import NamedTuple", "class P(NamedTuple):")


@pytest.mark.parametrize(
    "text",
    [
        DATACLASS + "p = P(foo_it=1)\n",
        NAMED + "p = P(foo_it=1)\n",
        NAMED + "p = P(1)._replace(foo_it=2)\n",
    ],
)
def test_the_keywords_of_fields_are_renamed_with_them(one_file, text):
    assert one_file(text, "bar_it") == text.replace("$0", "").replace("foo_it", "bar_it")


def test_the_keywords_of_fields_are_renamed_in_other_files(workspace):
    workspace.write("a.py", NAMED)
    workspace.write("b.py", "from a import P\n\n\ndef f(p: P):\n    return p._replace(foo_it=2), P(foo_it=1)\n")
    assert workspace.renamed("bar_it")["b.py"].count("bar_it=") == 2


def test_a_keyword_of_another_class_is_left_alone(one_file):
    text = DATACLASS + "class Q:\n    def __init__(self, foo_it):\n        pass\n\n\nQ(foo_it=1)\n"
    assert "Q(foo_it=1)" in one_file(text, "bar_it")


@pytest.mark.parametrize("copy", ["replace(p, foo_it=3)", "dataclasses.replace(p, foo_it=3)", "x._replace(foo_it=3)"])
def test_a_copy_of_nobody_knows_what_is_told(one_file, copy):
    assert "'foo_it' at mod.py:10 may be the same" in one_file(DATACLASS + "def f(p, x):\n    " + copy, "bar_it")


@pytest.mark.parametrize(
    ("imported", "copy"),
    [
        ("from dataclasses import replace as changed", "changed(p, foo_it=3)"),
        ("from attr import evolve as changed", "changed(p, foo_it=3)"),
        ("import dataclasses as dc", "dc.replace(p, foo_it=3)"),
    ],
)
def test_a_copy_by_a_function_of_another_name_is_told(one_file, imported, copy):
    text = DATACLASS + f"{imported}\ndef f(p):\n    {copy}"
    assert "'foo_it' at mod.py:11 may be the same" in one_file(text, "bar_it")


@pytest.mark.parametrize("call", ["changed(p, foo_it=3)", "dc.replace(p, foo_it=3)", "dc.changed(p, foo_it=3)"])
def test_a_call_of_something_else_is_no_copy(one_file, call):
    text = DATACLASS + f"from x import change as changed\nimport x as dc\n{call}\n"
    assert call in one_file(text, "bar_it")


def test_a_class_whose_bases_make_its_constructor_is_told_or_renamed(workspace):
    workspace.write(
        "a.py", "@dataclass\nclass P:\n    $0foo_it: int\n\n\nclass Q(P):\n    z: int = 1\n\n\nQ(foo_it=1)\n"
    )
    renaming = workspace.rename("bar_it")
    assert renaming.conflicts or "Q(bar_it=1)" in workspace.renamed("bar_it")["a.py"]


def test_a_keyword_of_a_class_whose_bases_are_not_known_is_told(one_file):
    text = "class P(Base):\n    $0foo_it = 1\n\n\nP(foo_it=1)\n"
    assert "'foo_it' at mod.py:5 may be that of P" in one_file(text, "bar_it")


def test_a_constructor_that_a_subclass_inherits_is_told_or_renamed(workspace):
    text = "class P:\n    def __init__(self, $0foo_it):\n        pass\n\n\nclass Q(P):\n    pass\n\n\nQ(foo_it=1)\n"
    workspace.write("a.py", text)
    renaming = workspace.rename("bar_it")
    assert renaming.conflicts or "Q(bar_it=1)" in workspace.renamed("bar_it")["a.py"]


@pytest.mark.parametrize("call", ["partial(f, foo_it=1)", "pool.submit(mod.f, foo_it=1)", "Thread(target=f, foo_it=1)"])
def test_a_keyword_beside_the_function_is_told(one_file, call):
    assert "'foo_it' at mod.py:5 may be for" in one_file(f"def f($0foo_it):\n    pass\n\n\n{call}\n", "bar_it")


FAMILY = "class A:\n    def run(self, {0}):\n        pass\n\n\nclass B(A):\n    def run(self, {1}):\n        pass\n"


@pytest.mark.parametrize("names", [("$0foo_it", "foo_it"), ("foo_it", "$0foo_it")])
def test_a_parameter_of_a_method_of_a_family_is_not_renamed_alone(one_file, names):
    told = one_file(FAMILY.format(*names), "bar_it")
    assert "run (mod.py)" in told


def test_a_local_variable_of_a_method_of_a_family_is_renamed(one_file):
    text = "class A:\n    def run(self):\n        pass\n\n\nclass B(A):\n    def run(self):\n        $0foo_it = 1\n"
    assert "bar_it = 1" in one_file(text, "bar_it")


OWN = "    def __init__(self, foo_it): ...\n"
INHERITED = (
    '"""\n>>> A(OLD=1), B(OLD=1), C(foo_it=1), D(foo_it=1), E(foo_it=1)\n"""\n'
    f"class A:\n{OWN.replace('foo_it', '$0foo_it')}class B(A): ...\nclass C(A):\n{OWN}class D(C): ...\n"
    f"class M:\n{OWN}class E(M, A): ...\n"
)


def test_an_example_calls_the_constructor_that_a_subclass_inherits(one_file):
    after = INHERITED.replace("$0foo_it", "bar_it").replace("OLD", "bar_it")
    assert one_file(INHERITED.replace("OLD", "foo_it"), "bar_it") == after


@pytest.mark.parametrize("number", range(2))
def test_both_halves_of_a_constructor_take_the_same_keyword(one_file, number):
    parts = ["class A:\n    def __new__(cls, ", "foo_it): ...\n    def __init__(self, ", "foo_it): ...\nA(foo_it=1)\n"]
    text = "".join(parts[: number + 1]) + "$0" + "".join(parts[number + 1 :])
    assert one_file(text, "bar_it") == text.replace("$0", "").replace("foo_it", "bar_it")


def test_another_method_is_no_half_of_a_constructor(one_file):
    text = "class A:\n    def make(cls, foo_it): ...\n    def __init__(self, $0foo_it): ...\n"
    assert one_file(text, "bar_it") == text.replace("$0foo_it", "bar_it")


@pytest.mark.parametrize("made", ["self.__class__", "type(self)"])
def test_an_object_that_makes_another_of_its_class_gives_the_keyword(one_file, made):
    other = f"class B:\n    def copy(self):\n        return {made}(foo_it=1)\n"
    text = other.replace("B:", "A:\n    def __init__(self, $0foo_it): ...")
    after = text.replace("$0", "").replace("foo_it", "bar_it") + other
    assert one_file(text + other, "bar_it") == after
