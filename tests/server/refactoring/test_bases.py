import pytest

from codekin_model.source.span import Span
from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_server.refactoring.bases import bases_at, says_override, written_bases_at


def at(code: str, name: str):
    start = code.index(name)
    return parse(text_of(code)), Span(start, start + len(name))


@pytest.mark.parametrize(
    ("bases", "expected"),
    [
        ("", ()),
        ("(Base)", ("Base",)),
        ("(package.Base, List[int])", ("Base", "List")),
        ("(Base, metaclass=Meta)", ("Base",)),
        ("(make())", ()),
    ],
)
def test_bases_of_the_class_around_a_method_and_of_the_class_itself(bases, expected):
    code = f"class Here{bases}:\n    def run(self):\n        pass\n"
    assert bases_at(*at(code, "run")) == expected
    assert bases_at(*at(code, "Here")) == expected


def test_a_base_goes_by_the_name_it_was_imported_from():
    code = "try:\n    from a import Base as B\nexcept ImportError:\n    B = object\n\nclass Here(B):\n    x = 1\n"
    assert bases_at(*at(code, "Here")) == ("Base",)


def test_a_base_can_be_had_as_it_is_written():
    code = "from a import Base as B\n\nclass Here(B, c.d.Other[int], make().Made, make()):\n    x = 1\n"
    assert written_bases_at(*at(code, "Here")) == (("B",), ("c", "d", "Other"), ("", "Made"))


@pytest.mark.parametrize("code", ["def run():\n    pass\n", "class A(B):\n    def f(self):\n        def run(): pass\n"])
def test_a_function_of_no_class_has_none(code):
    assert bases_at(*at(code, "run")) == ()


@pytest.mark.parametrize(
    ("decorator", "expected"), [("@override", True), ("@typing.override", True), ("@cached", False), ("", False)]
)
def test_a_decorator_that_says_override(decorator, expected):
    assert says_override(*at(f"class A:\n    {decorator}\n    def run(self): pass\n", "run")) is expected
