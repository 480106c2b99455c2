import pytest

from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.units import find_units
from codekin_server.naming.convention import is_called_by_convention


def is_left_alone(code: str, name: str, path: str = "pkg/pages.py", bases: tuple[str, ...] = ()) -> bool:
    units = find_units(parse(text_of(code)))
    (unit,) = [each for each in units if each.name == name]
    return is_called_by_convention(unit, path, bases, units)


def a_class(*methods: str) -> str:
    return "class Here:\n" + "".join(f"    def {method}(self): return 1\n" for method in methods)


@pytest.mark.parametrize("name", ["visit_Name", "generic_visit", "leave_Name", "depart_title", "do_GET", "do_greet"])
def test_what_a_base_class_puts_together_is_left_alone_below_a_base(name):
    assert is_left_alone(a_class(name), name, bases=("Elsewhere",))
    assert not is_left_alone(a_class(name), name)
    assert not is_left_alone(a_class(name), name, bases=("object",))
    assert not is_left_alone(a_class(name), name, bases=("ABC", "Generic"))


@pytest.mark.parametrize("name", ["visit_page", "do_work", "get", "help_me", "setUp", "setup_module", "test_it"])
def test_the_same_words_say_nothing_at_the_level_of_a_module(name):
    assert not is_left_alone(f"def {name}(): return 1\n", name)


@pytest.mark.parametrize("name", ["help_greet", "complete_greet"])
def test_the_help_of_a_command_is_left_alone_beside_commands(name):
    assert is_left_alone(a_class(name, "do_greet"), name, bases=("Cmd",))
    assert not is_left_alone(a_class(name, "greet"), name, bases=("Model",))


def test_a_request_s_verb_is_left_alone_where_a_base_answers_requests():
    assert is_left_alone(a_class("get"), "get", bases=("ListView",))
    assert not is_left_alone(a_class("get"), "get", bases=("Cache",))
    assert not is_left_alone(a_class("get_rows"), "get_rows", bases=("ListView",))


@pytest.mark.parametrize("name", ["testing", "setup_module", "tearDownModule", "load_tests"])
def test_what_a_test_runner_calls_is_left_alone_in_a_test_module(name):
    code = f"def {name}(): return 1\n"
    assert is_left_alone(code, name, "tests/test_pages.py")
    assert not is_left_alone(code, name)


def test_a_helper_of_a_test_module_is_not_left_alone():
    assert not is_left_alone("def make_page(): return 1\n", "make_page", "tests/test_pages.py")


@pytest.mark.parametrize("name", ["testPages", "setUp", "tearDownClass", "setup_method"])
def test_what_a_test_runner_calls_is_left_alone_in_a_test_class(name):
    assert is_left_alone(a_class(name), name, "tests/test_pages.py")
    assert is_left_alone(a_class(name), name, bases=("SimpleTestCase",))
    assert not is_left_alone(a_class(name), name, bases=("Pages",))


def test_a_class_called_as_tests_are_is_one_in_any_file():
    assert is_left_alone("class TestPages:\n    def setUp(self): return 1\n", "setUp")


def test_a_test_is_offered_names_since_these_begin_as_its_own():
    assert not is_left_alone("def test_it(): return 1\n", "test_it", "tests/test_pages.py")


@pytest.mark.parametrize("code", ["def {}(): return 1\n", "class Plugin:\n    def {}(self): return 1\n"])
def test_a_hook_of_pytest_is_left_alone_in_a_module_and_in_a_class(code):
    assert is_left_alone(code.format("pytest_configure"), "pytest_configure")


@pytest.mark.parametrize("name", ["testing", "pytest_configure", "setup_module"])
def test_a_function_inside_of_another_is_called_by_nobody_else(name):
    code = f"def around():\n    def {name}(): return 1\n"
    assert not is_left_alone(code, name, "tests/test_pages.py")
