"""A member of a class and the classes above and below it, wherever the renaming is asked for."""

import pytest

OVERRIDDEN = """class A:
    def foo_it(self):
        return 1

    def twice(self):
        return 2 * self.foo_it()


class B(A):
    def foo_it(self):
        return super().foo_it() + 1


A().foo_it()
"""
VIEW = "class View:\n    def dispatch(self):\n        self.get_rows()\n\n    def get_rows(self):\n        pass\n"
BOOK = "from thirdp.views import View\n\n\nclass BookView(View):\n    def $0get_rows(self):\n        return [1]\n"


@pytest.mark.parametrize("place", ["def foo_it", "* self.foo_it", "A().foo_it", "super().foo_it"])
def test_a_method_of_a_family_is_refused_from_its_definition_and_from_every_use(workspace, place):
    workspace.write("m.py", OVERRIDDEN.replace(place, place.replace("foo_it", "$0foo_it"), 1))
    assert "'B.foo_it (m.py)' belongs to a class above or below" in workspace.conflicts("bar")


def test_an_attribute_that_the_class_sets_is_in_the_way_from_a_use_too(workspace):
    workspace.write(
        "m.py",
        "class A:\n    def __init__(self):\n        self.bar = 1\n\n    def foo_it(self):\n        pass\n\n"
        "    def go(self):\n        self.$0foo_it()\n",
    )
    assert workspace.conflicts("bar") == "'bar' is already an attribute of the class, at m.py:3"


@pytest.mark.parametrize(
    "member",
    [
        "bar = 1",
        "bar: int = 1",
        "bar = lambda self: 1",
        "def set(self):\n        self.bar = 1",
        "def set(self):\n        self.x, self.bar = 1, 2",
        "foo_it = lambda self: 1",
        "def set(self):\n        self.foo_it = 1",
    ],
)
def test_members_that_are_assigned_count_in_classes_below(workspace, member):
    workspace.write("a.py", "class A:\n    def $0foo_it(self):\n        pass\n")
    workspace.write("b.py", f"from a import A\n\n\nclass B(A):\n    {member}\n")
    assert "(b.py)' belongs to a class above or below" in workspace.conflicts("bar")


@pytest.mark.parametrize("member", ["bar = 1", "def set(self):\n        self.bar = 1", "foo_it = None"])
def test_members_that_are_assigned_count_in_classes_above(workspace, member):
    workspace.write("a.py", f"class A:\n    {member}\n")
    workspace.write("b.py", "from a import A\n\n\nclass B(A):\n    def $0foo_it(self):\n        pass\n")
    assert "(a.py)' belongs to a class above or below" in workspace.conflicts("bar")


def test_a_member_that_a_method_overrides_is_not_renamed_alone(workspace):
    workspace.write(
        "m.py", "class A:\n    $0foo_it = None\n\n\nclass B(A):\n    def foo_it(self):\n        pass\n\n\nA.foo_it\n"
    )
    assert "'B.foo_it (m.py)' belongs" in workspace.conflicts("bar")


def test_a_class_is_not_below_itself_when_its_base_has_the_same_name(workspace):
    workspace.write("base.py", "class View:\n    pass\n")
    workspace.write("m.py", "import base\n\n\nclass View(base.View):\n    def $0foo_it(self):\n        pass\n")
    assert workspace.renamed("bar")["m.py"].count("def bar") == 1


def test_a_base_in_the_environment_of_the_project_is_followed(workspace):
    workspace.write(".venv/pyvenv.cfg", "")
    workspace.write(".venv/lib/python3.12/site-packages/thirdp/views.py", VIEW)
    workspace.files.clear()
    workspace.write("m.py", BOOK)
    assert "'View.get_rows (" in workspace.conflicts("load_rows")


def test_a_base_that_cannot_be_followed_is_passed_over(workspace):
    workspace.write("m.py", BOOK)
    assert "def load_rows" in workspace.renamed("load_rows")["m.py"]


@pytest.mark.parametrize(
    ("imports", "base"),
    [
        ("", "object"),
        ("from abc import ABC", "ABC"),
        ("from typing import Generic, TypeVar\nT = TypeVar('T')", "Generic[T]"),
        ("from typing import Protocol", "Protocol"),
        ("from typing import NamedTuple", "NamedTuple"),
        ("from typing import TypedDict", "TypedDict"),
        ("from enum import Enum", "Enum"),
        ("import threading", "threading.Thread"),
        ("class Other:\n    pass\n\n\nAlias = Other", "Alias"),
    ],
)
def test_bases_that_do_not_have_the_name_let_it_be_renamed(workspace, imports, base):
    workspace.write("m.py", f"{imports}\n\n\nclass A({base}):\n    def $0get_rows(self):\n        pass\n")
    assert "def load_rows" in workspace.renamed("load_rows")["m.py"]


BASE = "class Base:\n    def $0hook(self):\n        return 1\n\n    def run(self):\n        return self.hook()\n\n\n"
HOOK = "    def hook(self):\n        return 2\n"


@pytest.mark.parametrize(
    "below",
    [
        "B = Base\n\n\nclass Sub(B):\n",
        "class Mixin:\n    pass\n\n\nclass Sub(\n    Mixin,  # (first)\n    Base,\n):\n",
        "def with_metaclass(m, *bases):\n    return m('t', bases, {})\n\n\nclass Sub(with_metaclass(type, Base)):\n",
        "class Sub(Base, metaclass=type):\n",
        "class Sub(Base if 1 else object):\n",
        "if 1:\n\n    class Sub(Base):\n    ",
    ],
)
def test_an_override_counts_however_the_base_is_written(workspace, below):
    hook = HOOK if not below.endswith("    ") else "    def hook(self):\n            return 2\n"
    workspace.write("m.py", BASE + below + hook)
    assert "'Sub.hook (m.py)' belongs to a class above or below" in workspace.conflicts("zzz")


@pytest.mark.parametrize("name", ["Sub", "Base"])
def test_an_override_counts_where_the_base_has_another_name(workspace, name):
    workspace.write("base.py", BASE)
    workspace.write("m.py", f"from base import Base as B\n\n\nclass {name}(B):\n{HOOK}")
    assert f"'{name}.hook (m.py)' belongs to a class above or below" in workspace.conflicts("zzz")


def test_an_override_counts_where_a_name_given_elsewhere_is_imported(workspace):
    workspace.write("base.py", BASE)
    workspace.write("between.py", "from base import Base as Root\n")
    workspace.write("m.py", f"from between import Root\n\n\nclass Sub(Root):\n{HOOK}")
    assert "'Sub.hook (m.py)' belongs to a class above or below" in workspace.conflicts("zzz")


def test_an_override_counts_below_a_class_of_the_same_name(workspace):
    workspace.write("base.py", BASE)
    workspace.write("mid.py", "import base\n\n\nclass Base(base.Base):\n    pass\n")
    workspace.write("m.py", f"import mid\n\n\nclass Sub(mid.Base):\n{HOOK}")
    assert "'Sub.hook (m.py)' belongs to a class above or below" in workspace.conflicts("zzz")


@pytest.mark.parametrize("imports", ["from other import Base", "from elsewhere import Base"])
def test_a_class_below_another_class_of_that_name_is_no_relative(workspace, imports):
    workspace.write("base.py", BASE)
    workspace.write("other.py", "class Base:\n    pass\n")
    workspace.write("m.py", f"{imports}\n\n\nclass Sub(Base):\n{HOOK}")
    assert list(workspace.renamed("zzz")) == ["base.py"]


@pytest.mark.parametrize("base", ["MutableSet", "MutableSet[int]", "abc.MutableSet", "Below"])
@pytest.mark.parametrize(("old", "new"), [("add", "put"), ("put", "add"), ("put", "isdisjoint")])
def test_what_a_class_of_the_standard_library_s_containers_has_is_refused(one_file, base, old, new):
    imports = (
        "from collections import abc\nfrom collections.abc import MutableSet\n\n\nclass Below(MutableSet): ...\n\n\n"
    )
    text = f"{imports}class Own({base}):\n    def $0{old}(self, x): ...\n"
    assert "belongs to a class above or below" in one_file(text, new)


def test_what_no_container_of_the_standard_library_has_is_renamed(one_file):
    text = "from collections.abc import MutableSet\nclass Own(MutableSet):\n    def $0put(self, x): ...\n"
    assert one_file(text, "lay") == text.replace("$0put", "lay")
