import pytest

from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_server.refactoring.outline import Module, Outline, outline_of

HERE = Module(("pkg", "here"), ("pkg",))


def outline(code: str, module: Module | None = HERE) -> Outline:
    return outline_of(parse(text_of(code)), module)


def leads(code: str, name: str, module: Module | None = HERE) -> set[str]:
    return {".".join(each) for each in outline(code, module).leads_to(tuple(name.split(".")))}


@pytest.mark.parametrize(
    ("code", "name", "expected"),
    [
        ("import threading", "threading.Thread", {"threading.Thread"}),
        ("import http.server", "http.server.Handler", {"http.server.Handler"}),
        ("import http.server as web", "web.Handler", {"http.server.Handler"}),
        ("from http import server as web", "web.Handler", {"http.server.Handler"}),
        ("from http.server import Handler as Base", "Base", {"http.server.Handler"}),
        ("def late():\n    from http.server import Handler", "Handler", {"http.server.Handler"}),
        ("try:\n    from a import B\nexcept ImportError:\n    from c import B", "B", {"a.B", "c.B"}),
        ("import threading\nBase = threading.Thread", "Base", {"threading.Thread"}),
        ("from a import *", "B", {"a.B", "builtins.B"}),
        ("", "dict", {"builtins.dict"}),
        ("class Own: ...\nclass Base(Own): ...", "Base", {"pkg.here.Base"}),
        ("from . import base", "base.Base", {"pkg.base.Base"}),
        ("from .base import Base", "Base", {"pkg.base.Base"}),
        ("from .... import base", "base.Base", set()),
        ("First = Second\nSecond = First", "First", {"builtins.First"}),
    ],
)
def test_what_a_name_leads_to(code, name, expected):
    assert leads(code, name) == expected


@pytest.mark.parametrize("code", ["from .base import Base", "class Base: ..."])
def test_the_workspace_s_own_names_lead_nowhere_outside(code):
    assert leads(code, "Base", None) == set()


def test_relative_imports_of_a_package_start_in_it():
    assert leads("from .base import Base", "Base", Module(("pkg",), ("pkg",))) == {"pkg.base.Base"}


MEMBERS = """\
import sys

class Outer(Base[int], metaclass=Meta):
    daemon: bool
    get = post = None
    left, right = 1, 2

    def plain(self):
        hidden = 1

    @property
    def decorated(self): ...

    if sys.version_info >= (3, 12):
        def newer(self): ...
    else:
        def older(self): ...

    class Inner(Outer):
        def inside(self): ...
"""


def test_the_members_of_a_class_are_those_of_its_body_in_every_branch():
    found = outline(MEMBERS)
    of_body = {"daemon", "get", "post", "left", "right", "plain", "decorated", "newer", "older", "Inner"}
    assert found.members["Outer",] == of_body
    assert found.members["Outer", "Inner"] == {"inside"}
    assert found.bases["Outer",] == {("Base",)}


def test_a_class_that_is_defined_twice_has_the_members_of_both():
    assert outline("if x:\n    class A:\n        a = 1\nelse:\n    class A:\n        b = 1\n").members["A",] == {
        "a",
        "b",
    }


def test_above_a_class_is_what_its_bases_lead_to():
    assert list(outline("from a import B\nclass Here(B): ...\n").above(("Here",))) == [("a", "B")]
