"""A function that is overloaded has the same parameters in all its definitions."""

import pytest

OVERLOADS = """from typing import overload


@overload
def f(xx: int) -> int: ...
@overload
def f(xx: str, y: int = 0) -> str: ...
def f(xx, y=0):
    return xx


f(xx=1)
"""
METHOD = """import typing as t


class A:
    @t.overload
    def f(self, xx: int) -> int: ...

    @t.overload  # of two
    async def f(self, y: int, xx: str) -> str: ...

    def f(self, *xx):
        return g(lambda xx: xx)


def f(xx):
    pass
"""


@pytest.mark.parametrize("number", range(3))
def test_a_parameter_is_renamed_in_all_definitions(one_file, number):
    parts = OVERLOADS.split("f(xx")
    text = "f(xx".join(parts[: number + 1]) + "f($0xx" + "f(xx".join(parts[number + 1 :])
    assert one_file(text, "value") == OVERLOADS.replace("xx", "value")


def test_a_parameter_of_another_function_is_left_alone(one_file):
    text = METHOD.replace("self, xx: int", "self, $0xx: int")
    after = METHOD.replace("xx: int", "value: int").replace("y: int, xx", "y: int, value")
    assert one_file(text, "value") == after


def test_functions_of_one_name_without_a_mark_are_not_the_same(one_file):
    text = "if x:\n    def f($0xx): ...\nelse:\n    def f(xx): ...\n"
    assert one_file(text, "value") == text.replace("$0xx", "value")


@pytest.mark.parametrize("given", ["**xxx", "x, **xxx: int"])
def test_a_parameter_that_is_collected_where_it_is_used_is_told(one_file, given):
    text = f"@overload\ndef f($0xx: int): ...\n@overload\ndef f(): ...\ndef f({given}): ...\n"
    assert one_file(text, "value") == "'xx' at mod.py:2 is taken by the ** of the function that is overloaded"
