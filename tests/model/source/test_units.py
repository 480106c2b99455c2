from textwrap import indent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codekin_model.source.span import Span
from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.unit import CodeUnit, UnitKind
from codekin_model.source.units import find_units

METHOD = '''def area(self, scale=1):
    """Its area.

    In square metres.
    """
    if scale:

        return self.width * scale
    return """left
of it"""
'''


def places(found: tuple[CodeUnit, ...]) -> list[tuple[str, str, int, int]]:
    return [(unit.kind.value, unit.qualified_name, unit.start_line, unit.end_line) for unit in found]


def test_units_come_in_source_order_with_kinds_and_lines(units):
    found = units('''\
        """Head."""
        def outer():
            def inner(): pass
            class Local:
                def method(self): pass
        class Shape:
            @property
            def area(self): pass
            class Side: pass
        ''')
    assert places(found) == [
        ("module", "", 1, 1),
        ("function", "outer", 2, 5),
        ("nested function", "outer.inner", 3, 3),
        ("class", "outer.Local", 4, 5),
        ("method", "outer.Local.method", 5, 5),
        ("class", "Shape", 6, 9),
        ("method", "Shape.area", 7, 8),
        ("class", "Shape.Side", 9, 9),
    ]


def test_decorators_belong_to_their_unit(unit_named):
    unit = unit_named("x = 1\n@a\n@b(c)\nasync def f(): pass\n@d\nclass C: pass\n", "f")
    assert unit.source == "@a\n@b(c)\nasync def f(): pass"
    assert (unit.start_line, unit.end_line) == (2, 4)


def test_each_of_many_decorated_units_keeps_its_own_decorator(units):
    names = [f"f{number}" for number in range(50)]
    found = units("".join(f"@of_{name}\ndef {name}(): pass\n" for name in names))
    assert [unit.source for unit in found[1:]] == [f"@of_{name}\ndef {name}(): pass" for name in names]


def test_overloads_and_setters_are_units_of_one_name(units):
    found = units("""\
        @overload
        def f(a: int): ...
        @overload
        def f(a: str): ...
        class C:
            @property
            def size(self): return 1
            @size.setter
            def size(self, value): pass
        """)
    assert [unit.name for unit in found[1:]] == ["f", "f", "C", "size", "size"]
    assert len({unit.fingerprint for unit in found}) == len(found)


def test_conditional_definitions_are_units(units):
    found = units("""\
        try:
            import a
        except ImportError:
            def a(): pass
        if a:
            class C:
                if a:
                    def m(self): pass
                else:
                    def m(self): a()
        """)
    assert [(unit.kind.value, unit.qualified_name) for unit in found[1:]] == [
        ("function", "a"),
        ("class", "C"),
        ("method", "C.m"),
        ("method", "C.m"),
    ]


def test_lambdas_are_no_units(units):
    assert [unit.kind for unit in units("f = lambda: 1\n")] == [UnitKind.MODULE]


def test_an_empty_file_has_no_units(units):
    assert units("") == ()
    assert units("\n  \n") == ()


def test_a_file_of_definitions_alone_has_a_head_that_lists_them(units):
    head = units("def f(): pass\nclass C:\n    def m(self): pass\ndef __dir__(): pass\n")[0]
    assert head.source == "# defines f, C"


def test_the_head_ends_at_the_first_definition(units):
    head = units('"""Doc."""\n\nimport a\n\n\n@b\ndef f(): pass\n\nx = 1\n')[0]
    assert head.source == '"""Doc."""\nimport a\n# defines f'
    assert head.docstring == "Doc."
    assert (head.span, head.end_line) == (Span(0, 20), 3)


def test_a_class_is_its_outline(unit_named):
    unit = unit_named(
        '''\
        @dataclass
        class Shape(Base):
            """A shape."""

            sides: int = 4

            # Where it is.
            def area(self):
                return 1

            colour = "red"

            def __len__(self): return 2
        ''',
        "Shape",
    )
    assert unit.source.splitlines() == [
        "@dataclass",
        "class Shape(Base):",
        '    """A shape."""',
        "    sides: int = 4",
        "    # Where it is.",
        '    colour = "red"',
        "# defines area",
    ]
    assert unit.docstring == "A shape."


def test_a_method_stands_at_the_left_margin(unit_named):
    unit = unit_named("class C:\n" + indent(METHOD, "    "), "C.area")
    assert unit.source == METHOD.rstrip("\n")
    assert unit.docstring == "Its area.\n\nIn square metres."
    assert unit.indent == 4


def test_tabs_and_carriage_returns_are_kept(unit_named):
    unit = unit_named("class C:\r\n\tdef m(self):\r\n\t\tpass\r\n", "C.m")
    assert unit.source == "def m(self):\r\n\tpass"


def test_names_are_where_their_span_says():
    text = text_of("é = 1\nclass Größe:\n    async def fläche(self): pass\n")
    named = [unit for unit in find_units(parse(text)) if unit.name_span]
    assert [text.slice(unit.name_span) for unit in named if unit.name_span] == ["Größe", "fläche"]


def test_broken_code_still_has_its_sound_units(units):
    found = units("def f(:\n    pass\n\nclass (:\n\ndef g(a):\n    return a\n\ndef")
    assert "g" in [unit.name for unit in found]


def test_an_outline_is_bounded(units):
    head, function = units("TABLE = [\n" + "    1,\n" * 10_000 + "]\ndef f(): pass\n")
    assert len(head.source) < 20_000
    assert head.source.endswith("# defines f")
    assert function.name == "f"


@pytest.mark.parametrize("prefix", ["    ", "\t", "        "])
def test_indenting_a_function_does_not_change_its_fingerprint(unit_named, prefix):
    alone = unit_named(METHOD, "area")
    deeper = unit_named("if True:\n" + indent(METHOD, prefix), "area")
    assert deeper.fingerprint == alone.fingerprint


def test_what_stands_around_a_function_does_not_change_its_fingerprint(unit_named):
    alone = unit_named(METHOD, "area")
    among = unit_named(f"import os\n\n\ndef other():\n    return 1\n\n\n{METHOD}\n\nx = other()\n", "area")
    assert among.fingerprint == alone.fingerprint


@pytest.mark.parametrize(
    ("old", "new"),
    [("self.width", "self.height"), ("Its area.", "The area."), ("scale=1", "scale=2"), ("area(", "size(")],
)
def test_editing_a_function_changes_its_fingerprint(units, old, new):
    assert units(METHOD)[-1].fingerprint != units(METHOD.replace(old, new))[-1].fingerprint


def test_editing_a_method_leaves_its_class_alone(unit_named):
    code = "class C:\n    size = 1\n" + indent(METHOD, "    ") + "\n    other = 2\n"
    edited = code.replace("self.width * scale", "max(\n            self.width, 2)")
    assert unit_named(code, "C").fingerprint == unit_named(edited, "C").fingerprint
    assert unit_named(code, "C.area").fingerprint != unit_named(edited, "C.area").fingerprint


def test_equal_text_of_another_kind_or_owner_is_another_unit(units):
    inner = "    def f(self): pass\n"
    code = f"{inner.lstrip()}class A:\n{inner}class B:\n{inner}def o():\n{inner}"
    prints = [unit.fingerprint for unit in units(code) if unit.name == "f"]
    assert len(set(prints)) == len(prints) == 4


def check(content: str) -> None:
    """What holds for the units of any text."""
    text = text_of(content)
    previous = -1
    for unit in find_units(parse(text)):
        assert 0 <= unit.span.start <= unit.span.end <= len(text.data)
        assert 1 <= unit.start_line <= unit.end_line
        assert unit.source.encode()
        if unit.name_span is not None:
            assert text.slice(unit.name_span) == unit.name != ""
            assert previous < unit.span.start
            previous = unit.span.start


@given(st.text(max_size=300))
def test_any_text_has_units(content):
    check(content)


WORDS = "def f(a):|class C:|@d|async |return|pass|print a|exec b|except X, e:|try:|lambda: 1|match x:|case _:|`a`|é"
MARKS = [*"()[]{}'\"\\:,=\n\t", '"""', "    ", "\r\n", "f'{"]
fragments = st.sampled_from([*WORDS.split("|"), *MARKS])


@given(st.lists(fragments, max_size=60).map("".join))
@settings(max_examples=300)
def test_any_jumble_of_code_has_units(content):
    check(content)


@given(st.integers(0, len(METHOD)), st.integers(0, 40), st.text(max_size=5))
def test_any_mutation_of_code_has_units(start, length, replacement):
    code = "class C:\n" + indent(METHOD, "    ")
    check(code[:start] + replacement + code[start + length :])


@pytest.mark.parametrize(
    "code",
    [
        "x = " + "(" * 10_000 + "a" + ")" * 10_000,
        "x = " + "[" * 10_000,
        "def f():\n    return a" + ".b(c)" * 10_000,
        "def f():\n    " + "(" * 10_000 + "'a'" + ")" * 10_000,
        "def f():\n    return " + "lambda: " * 10_000 + "a",
        "".join(" " * depth + "def f():\n" for depth in range(300)) + " " * 300 + "pass",
        "".join(" " * depth + "class C:\n" for depth in range(300)) + " " * 300 + "pass",
        "@a\n" * 10_000 + "def f(): pass",
    ],
    ids=[
        "brackets",
        "open brackets",
        "calls",
        "docstring in brackets",
        "lambdas",
        "functions",
        "classes",
        "decorators",
    ],
)
def test_depth_is_no_error(code):
    check(code)
