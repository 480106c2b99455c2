"""Strings that carry a name: renamed where it is plain what they mean, told where it may be the same."""

import pytest

FUNCTION = "def $0foo_it():\n    pass\n\n\n"
CLASS = "class $0Foo:\n    pass\n\n\n"
METHOD = "class A:\n    def $0foo_it(self):\n        pass\n\n\n"


def renamed(text: str, old: str = "foo_it", new: str = "bar_it") -> str:
    return text.replace("$0", "").replace(old, new)


@pytest.mark.parametrize(
    "text",
    [
        FUNCTION + "__all__ = ['foo_it']\n",
        FUNCTION + "if True:\n    __all__ = ('foo_it',)\n",
        FUNCTION + "__all__ = []\n__all__ += ['foo_it']\n__all__.append('foo_it')\n__all__.extend(['foo_it'])\n",
        FUNCTION + "__all__: list[str] = ['foo_it']\n",
        "$0foo_it = 1\n__all__ = ['foo_it']\n",
        "class $0foo_it:\n    pass\n\n\n__all__ = ['foo_it']\n",
        "if x:\n    def $0foo_it():\n        pass\n\n__all__ = ['foo_it']\n",
    ],
)
def test_names_that_a_module_lists_are_renamed(one_file, text):
    assert one_file(text, "bar_it") == renamed(text)


def test_names_that_come_with_a_star_and_are_listed_are_renamed(workspace):
    workspace.write("a.py", FUNCTION)
    workspace.write("b.py", "from a import *\n\n__all__ = ['foo_it']\n")
    assert workspace.renamed("bar_it")["b.py"] == "from a import *\n\n__all__ = ['bar_it']\n"


def test_a_local_name_is_not_the_one_that_is_listed(one_file):
    text = "def f():\n    $0foo_it = 1\n\n\n__all__ = ['foo_it']\n"
    assert "['foo_it']" in one_file(text, "bar_it")


def test_slots_are_renamed_with_their_attribute(one_file):
    text = "class A:\n    __slots__ = ('foo_it',)\n\n    def __init__(self):\n        self.$0foo_it = 1\n"
    other = "\n\nclass B:\n    __slots__ = ('foo_it',)\n".replace("foo_it", "Foo_it")
    assert one_file(text + other, "bar_it") == renamed(text) + other


@pytest.mark.parametrize(
    "use",
    [
        'x: "Foo" = 1\n',
        'def f(x: "Foo", y: list["Foo"] = 1) -> "Foo | None":\n    pass\n',
        'x = cast("Foo", y)\n',
        'T = TypeVar("T", bound="Foo")\n',
        'T = TypeVar("T", "Foo", int)\n',
    ],
)
def test_forward_references_are_renamed(one_file, use):
    assert one_file(CLASS + use, "Bar") == renamed(CLASS + use, "Foo", "Bar")


@pytest.mark.parametrize(
    "use", ['x: Literal["Foo"]\n', 'x = "Foo"\n', 'print("Foo")\n', "# Foo\n", 'x: Annotated[int, "Foo"]\n']
)
def test_other_strings_are_left_alone(one_file, use):
    assert one_file(CLASS + use, "Bar") == renamed(CLASS, "Foo", "Bar") + use


def test_a_forward_reference_to_another_class_is_left_alone(workspace):
    workspace.write("a.py", CLASS)
    workspace.write("b.py", 'class Foo:\n    pass\n\n\nx: "Foo"\n')
    workspace.write("c.py", 'from a import Foo\n\nx: "Foo"\n')
    assert list(workspace.renamed("Bar")) == ["a.py", "c.py"]
    assert workspace.renamed("Bar")["c.py"] == 'from a import Bar\n\nx: "Bar"\n'


@pytest.mark.parametrize(
    "use",
    [
        'getattr(x, "foo_it")',
        'setattr(x, "foo_it", 1)',
        'hasattr(x, "foo_it")',
        'patch.object(x, "foo_it")',
        'monkeypatch.setattr(x, "foo_it", 1)',
        'attrgetter("y.foo_it")',
    ],
)
@pytest.mark.parametrize("text", [FUNCTION, METHOD])
def test_an_attribute_that_is_looked_up_by_a_string_is_told(one_file, text, use):
    assert f"'foo_it' at mod.py:{text.count(chr(10)) + 1} may be the same" in one_file(text + use + "\n", "bar_it")


def test_a_local_name_is_not_looked_up_by_a_string(one_file):
    text = "def f(x):\n    $0foo_it = 1\n    return getattr(x, 'foo_it')\n"
    assert "bar_it = 1" in one_file(text, "bar_it")


def test_what_is_patched_by_its_whole_path_is_renamed(workspace):
    workspace.write("p/__init__.py", "")
    workspace.write("p/a.py", FUNCTION)
    workspace.write("p/b.py", "def foo_it():\n    pass\n")
    test = "@mock.patch('p.a.foo_it')\n@mock.patch('p.b.foo_it')\n@mock.patch('other.foo_it')\ndef test_x(*_): ...\n"
    workspace.write("test_a.py", test)
    assert workspace.renamed("bar_it")["test_a.py"] == test.replace("p.a.foo_it", "p.a.bar_it")


@pytest.mark.parametrize(("text", "use"), [(FUNCTION, "mock.patch('a.foo_it')"), (METHOD, "patch('p.a.A.foo_it')")])
def test_what_is_patched_by_another_path_is_told(workspace, text, use):
    workspace.write("p/a.py", text)
    workspace.write("test_a.py", use + "\n")
    assert "'foo_it' at test_a.py:1 may be the same" in workspace.conflicts("bar_it")


def test_a_path_in_another_string_is_told(workspace):
    workspace.write("p/a.py", FUNCTION)
    workspace.write("b.py", "HANDLER = 'p.a.foo_it'\nOTHER = 'q.foo_it'\n")
    assert "'foo_it' at b.py:1 may be the same" in workspace.conflicts("bar_it")


@pytest.mark.parametrize(
    "use",
    [
        'globals()["foo_it"]()',
        'x = globals().get("foo_it", None)',
        'if "foo_it" not in globals(): pass',
        'vars()["foo_it"]',
        'sys.modules[__name__].__dict__["foo_it"]',
        'vars(sys.modules[__name__]).pop("foo_it")',
        'def g():\n    globals()["foo_it"] = 1',
    ],
)
def test_a_name_that_a_module_looks_up_among_its_own_is_renamed(one_file, use):
    assert one_file(FUNCTION + use + "\n", "bar_it") == renamed(FUNCTION + use + "\n")


@pytest.mark.parametrize("call", ["locals()", "vars()"])
def test_a_local_name_that_is_looked_up_by_a_string_is_renamed(one_file, call):
    text = f"def f($0foo_it):\n    return {call}['foo_it']\n\n\ndef g():\n    return {call}['Foo_it']\n"
    assert one_file(text, "bar_it") == renamed(text)


def test_a_name_among_those_of_the_object_itself_is_renamed(one_file):
    text = METHOD + "    def b(self):\n        return self.__dict__['foo_it'], vars(self)['foo_it']\n"
    assert one_file(text, "bar_it") == renamed(text)


@pytest.mark.parametrize("use", ["vars(x)['foo_it']", "x.__dict__['foo_it']", "x.__dict__.get('foo_it')"])
@pytest.mark.parametrize("text", [FUNCTION, METHOD])
def test_a_name_among_those_of_some_object_is_told(one_file, text, use):
    assert f"'foo_it' at mod.py:{text.count(chr(10)) + 1} may be the same" in one_file(text + use + "\n", "bar_it")


@pytest.mark.parametrize(
    "use",
    [
        'd["foo_it"]',
        'd.get("foo_it")',
        '"foo_it" in d',
        'globals() == "foo_it"',
        "class B:\n    def f(self):\n        return self.__dict__['foo_it']",
    ],
)
def test_a_key_of_some_other_thing_is_left_alone(one_file, use):
    assert one_file(FUNCTION + use + "\n", "bar_it") == renamed(FUNCTION) + use + "\n"


def test_a_module_looks_up_a_name_among_its_own_only(workspace):
    workspace.write("a.py", FUNCTION)
    workspace.write("b.py", "globals()['foo_it']\n")
    workspace.write("c.py", "from a import *\n\nglobals()['foo_it']\n")
    assert list(workspace.renamed("bar_it")) == ["a.py", "c.py"]


def test_a_path_to_a_method_in_another_string_is_told(workspace):
    workspace.write("p/a.py", METHOD)
    workspace.write("b.py", "HANDLER = 'p.a.A.foo_it'\nOTHER = 'p.a.B.foo_it'\n")
    assert "'foo_it' at b.py:1 may be the same" in workspace.conflicts("bar_it")


@pytest.mark.parametrize("value", ["user.foo_it", "user:foo_it"])
def test_a_module_of_a_package_is_not_reached_by_its_own_name_alone(workspace, value):
    workspace.write("app/__init__.py", "")
    workspace.write("app/user.py", FUNCTION)
    workspace.write("app/views.py", f"emit('{value}')\n")
    assert list(workspace.renamed("bar_it")) == ["app/user.py"]


def test_a_module_beside_a_script_is_reached_by_its_own_name(workspace):
    workspace.write("scripts/user.py", FUNCTION)
    workspace.write("scripts/main.py", "run('user:foo_it')\n")
    assert "'foo_it' at scripts/main.py:1 may be the same" in workspace.conflicts("bar_it")
