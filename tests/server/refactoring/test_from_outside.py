"""A new name that the class's objects get from code outside of it."""

import pytest

from codekin_server.refactoring import from_outside

COUNT = "class A:\n    def $0count(self):\n        return 1\n"


@pytest.mark.parametrize("receiver", ["A()", "B()"])
def test_an_attribute_that_is_set_from_outside_is_in_the_way(workspace, receiver):
    workspace.write("a.py", COUNT + "\n\nclass B(A):\n    pass\n")
    workspace.write("b.py", f"from a import A, B\n\na = {receiver}\na.size = 3\n")
    assert workspace.conflicts("size") == "'size' is already an attribute of the class, at b.py:4"


def test_an_attribute_that_is_set_on_a_class_above_is_in_the_way(workspace):
    workspace.write("a.py", "class Base:\n    pass\n\n\n" + COUNT.replace("A:", "A(Base):"))
    workspace.write("b.py", "from a import Base\n\n\ndef f(base: Base):\n    base.size = 3\n")
    assert workspace.conflicts("size") == "'size' is already an attribute of the class, at b.py:5"


def test_an_attribute_that_is_set_on_an_object_of_nobody_knows_what_is_in_the_way(workspace):
    workspace.write("a.py", COUNT)
    workspace.write("b.py", "def f(x):\n    x.size = 3\n")
    assert workspace.conflicts("size") == (
        "'size' is set at b.py:2, and it is not known of which class: it may be an attribute of this one"
    )


@pytest.mark.parametrize(
    "other",
    [
        "class B:\n    pass\n\n\nb = B()\nb.size = 3\n",
        "import shop\n\nshop.size = 3\n",
        "def f(x):\n    return x.size\n",
    ],
)
def test_what_is_set_on_other_things_or_only_read_is_no_obstacle(workspace, other):
    workspace.write("a.py", COUNT)
    workspace.write("b.py", other)
    assert list(workspace.renamed("size")) == ["a.py"]


def test_more_places_than_can_be_asked_about_are_counted_only(workspace, monkeypatch):
    monkeypatch.setattr(from_outside, "PLACES_LIMIT", 1)
    workspace.write("a.py", COUNT)
    workspace.write("b.py", "def f(x, y):\n    x.size = 3\n    y.size = 3\n")
    assert "'size' is given to objects at 2 places, too many to tell" in workspace.conflicts("size")
