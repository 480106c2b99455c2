"""Uses of a member behind a dot that jedi loses: edited where they are ours, and refused where nobody knows."""

import subprocess
import sys

import pytest

from codekin_server.refactoring import attributes

UNKNOWN = "may be the same, but it is not known of which class it is"
HUB = "class Hub:\n    def $0call_repeatedly(self):\n        return 1\n"


def run_main(workspace, renamed: dict[str, str]) -> str:
    """What ``main.py`` prints after the renaming."""
    for name, text in renamed.items():
        (workspace.root / name).write_text(text)
    done = subprocess.run(
        [sys.executable, "main.py"], cwd=workspace.root, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout


@pytest.mark.parametrize("decorator", ["", "@property\n    "])
def test_an_attribute_of_nobody_knows_what_is_told_of_methods_and_properties_too(workspace, decorator):
    uses = "\n    def f(self):\n        return self.put + 1\n"
    workspace.write("a.py", f"class Box:\n    {decorator}def $0put(self):\n        return 1\n" + uses)
    workspace.write("b.py", "def f(x):\n    return x.put\n")
    assert workspace.conflicts("insert") == f"'put' at b.py:2 {UNKNOWN}"


def test_an_attribute_of_nobody_knows_what_is_told_of_a_field(workspace):
    workspace.write("a.py", "class Box:\n    def __init__(self):\n        self.$0size = 1\n")
    workspace.write("b.py", "def f(x):\n    return x.size\n")
    assert workspace.conflicts("width") == f"'size' at b.py:2 {UNKNOWN}"


def test_a_key_to_sort_by_is_told(workspace):
    text = "class Item:\n    @property\n    def $0priority(self):\n        return 1\n\n\n"
    workspace.write("a.py", text + "items = [Item()]\nitems.sort(key=lambda item: item.priority)\n")
    assert workspace.conflicts("rank") == f"'priority' at a.py:8 {UNKNOWN}"


def test_a_cast_to_a_class_in_quotes_is_told(workspace):
    text = "from typing import cast\n\n\nclass A:\n    def $0wide(self):\n        return 3\n\n\ndef go(x):\n"
    workspace.write("a.py", text + '    return cast("A", x).wide()\n')
    assert workspace.conflicts("broad") == f"'wide' at a.py:10 {UNKNOWN}"


def test_the_other_places_of_which_nobody_knows_are_counted(workspace):
    workspace.write("a.py", "class Box:\n    def $0put(self):\n        return 1\n")
    workspace.write("b.py", "def f(x, y):\n    x.put()\n    y.put()\n    return x.put\n")
    assert workspace.conflicts("insert") == f"'put' at b.py:2 {UNKNOWN}, nor at 2 other places"


@pytest.mark.parametrize("method", ["__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"])
def test_the_other_in_a_comparison_of_the_class_is_of_the_class(workspace, method):
    text = "class A:\n    def __init__(self, v):\n        self.{0} = v\n\n"
    text += f"    def {method}(self, other):\n        return self.{{0}} + other.{{0}}\n\n\n"
    workspace.write("main.py", text.format("$0val") + f"print(A(1).{method}(A(2)))\n")
    assert run_main(workspace, workspace.renamed("amount")) == "3\n"


def test_the_other_in_a_comparison_of_another_class_is_told(workspace):
    other = "\n\nclass B:\n    def __eq__(self, other):\n        return other.val == 1\n"
    workspace.write("a.py", "class A:\n    def $0val(self):\n        return 1\n" + other)
    assert workspace.conflicts("amount") == f"'val' at a.py:8 {UNKNOWN}"


def test_a_name_of_two_words_that_nothing_else_has_is_renamed_wherever_it_is_used(workspace):
    workspace.write("hub.py", HUB)
    workspace.write("use.py", "def start(loop):\n    return loop.call_repeatedly()\n")
    workspace.write("main.py", "from hub import Hub\nfrom use import start\n\nprint(start(Hub()))\n")
    renamed = workspace.renamed("call_often")
    assert list(renamed) == ["hub.py", "use.py"]
    assert run_main(workspace, renamed) == "1\n"


@pytest.mark.parametrize(
    "other",
    [
        "def call_repeatedly():\n    pass\n",
        "class B:\n    def call_repeatedly(self):\n        pass\n",
        "class B:\n    call_repeatedly = None\n",
        "class B:\n    def f(self):\n        self.call_repeatedly = 1\n",
        "class B:\n    pass\n\n\nb = B()\nb.call_repeatedly = 1\n",
        "from types import SimpleNamespace\n\nspace = SimpleNamespace(call_repeatedly=1)\n",
        "options = ['--call-repeatedly']\ncall_repeatedly = 1\n",
    ],
)
def test_a_name_of_two_words_that_others_have_is_told(workspace, other):
    workspace.write("hub.py", HUB)
    workspace.write("use.py", "def start(loop):\n    loop.call_repeatedly()\n")
    workspace.write("x.py", other)
    assert UNKNOWN in workspace.conflicts("call_often")


def test_a_name_of_two_words_that_python_itself_has_is_told(workspace):
    workspace.write("hub.py", HUB.replace("call_repeatedly", "call_later"))
    workspace.write("use.py", "def start(loop):\n    loop.call_later()\n")
    assert workspace.conflicts("call_often") == f"'call_later' at use.py:2 {UNKNOWN}"


def test_more_places_than_can_be_asked_about_are_counted_only(workspace, monkeypatch):
    monkeypatch.setattr(attributes, "PLACES_LIMIT", 2)
    monkeypatch.setattr(attributes, "receivers", None)
    workspace.write("a.py", "class Box:\n    def $0put(self):\n        return 1\n")
    workspace.write("b.py", "def f(x):\n    x.put()\n    x.put()\n    x.put()\n")
    conflict = "'put' at b.py:2 is one of 3 attributes of that name, too many to tell which of them mean this one"
    assert workspace.conflicts("insert") == conflict


@pytest.mark.parametrize(
    "use",
    [
        "import redis\n\nredis.client.put()\n",
        "from redis.client import connection as c\n\nc.put\n",
        "''.put()\n",
        "class Page:\n    def put(self):\n        return self.put\n\n\nPage().put()\n",
        "import threading\n\nthreading.put()\n",
    ],
)
def test_what_is_surely_of_another_class_or_module_is_left_alone(workspace, use):
    workspace.write("a.py", "class Box:\n    def $0put(self):\n        return 1\n")
    workspace.write("b.py", use)
    assert list(workspace.renamed("insert")) == ["a.py"]


def test_what_a_mixin_takes_from_a_class_beside_it_is_told(workspace):
    mixin = "class Mixin:\n    def go(self):\n        return self.helper()\n\n\n"
    both = "class A:\n    def $0helper(self):\n        return 1\n\n\nclass C(Mixin, A):\n    pass\n"
    workspace.write("a.py", mixin + both)
    assert workspace.conflicts("aid") == f"'helper' at a.py:3 {UNKNOWN}"


def test_what_a_base_takes_from_the_class_below_it_is_renamed_where_nothing_else_has_it(workspace):
    base = "class Base:\n    def run(self):\n        return self.run_it_all()\n\n\n"
    sub = "class Sub(Base):\n    def $0run_it_all(self):\n        return 1\n\n\nprint(Sub().run())\n"
    workspace.write("main.py", base + sub)
    assert run_main(workspace, workspace.renamed("go_on")) == "1\n"


def test_members_of_two_classes_that_one_use_may_mean_are_renamed_together(workspace):
    classes = (
        "class A:\n    def $0shut(self):\n        return 1\n\n\nclass B:\n    def shut(self):\n        return 2\n\n\n"
    )
    workspace.write("main.py", classes + "def make(k):\n    return A() if k else B()\n\n\nprint(make(0).shut())\n")
    assert run_main(workspace, workspace.renamed("lock")) == "2\n"


def test_what_is_set_on_a_class_above_is_told(workspace):
    workspace.write("a.py", "class Base:\n    pass\n\n\nclass Sub(Base):\n    def $0size(self):\n        return 1\n")
    workspace.write("b.py", "from a import Base\n\n\ndef f(base: Base):\n    base.size = 3\n")
    assert workspace.conflicts("width") == f"'size' at b.py:5 {UNKNOWN}"


def test_private_names_of_other_classes_are_left_alone(workspace):
    workspace.write("a.py", "class A:\n    def $0__go(self):\n        return self.__go()\n")
    workspace.write("b.py", "class B:\n    def f(self, other):\n        return other.__go()\n")
    assert list(workspace.renamed("__run")) == ["a.py"]
