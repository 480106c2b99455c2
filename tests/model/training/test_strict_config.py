"""Whatever a user can get wrong in a table is refused with one line that names the key."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

import pytest
from msgspec import Meta

from codekin_model.training.strict_config import ConfigError, strictly


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True)
class Inner:
    depth: Annotated[int, Meta(ge=1)] = 3
    share: float = 0.5


@dataclass(frozen=True, slots=True)
class Outer:
    colours: tuple[Colour, ...]
    first: Colour = Colour.RED
    inner: Inner = field(default_factory=Inner)

    def __post_init__(self) -> None:
        if self.first not in self.colours:
            raise ValueError(f"first = {self.first.value!r} must be one of colours")


def refusal(table) -> str:
    with pytest.raises(ConfigError) as refused:
        strictly(table, Outer, "a.toml")
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_what_is_left_out_has_its_default():
    assert strictly({"colours": ["red"]}, Outer, "a.toml") == Outer((Colour.RED,), Colour.RED, Inner(3, 0.5))


def test_tables_are_nested_and_whole_numbers_are_numbers():
    table = {"colours": ["blue", "red"], "first": "blue", "inner": {"share": 1}}
    assert strictly(table, Outer, "a.toml") == Outer((Colour.BLUE, Colour.RED), Colour.BLUE, Inner(3, 1.0))


def test_an_unknown_key_is_named_with_those_allowed():
    assert refusal({"colours": ["red"], "shape": 1}) == (
        "a.toml: there is no key 'shape'; allowed are colours, first, inner"
    )


def test_an_unknown_key_of_a_table_is_named_with_its_place():
    assert refusal({"colours": ["red"], "inner": {"width": 1}}) == (
        "a.toml: there is no key 'inner.width'; allowed are depth, share"
    )


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ({"colours": ["red"], "inner": {"depth": "deep"}}, "inner.depth"),
        ({"colours": ["red"], "inner": {"depth": True}}, "inner.depth"),
        ({"colours": ["red"], "inner": {"depth": 1.5}}, "inner.depth"),
        ({"colours": ["red"], "inner": 4}, "inner"),
        ({"colours": "red"}, "colours"),
    ],
)
def test_a_value_of_another_type_is_refused(table, key):
    assert refusal(table).startswith(f"a.toml: {key}: Expected ")


def test_a_value_out_of_its_range_is_refused():
    assert refusal({"colours": ["red"], "inner": {"depth": 0}}) == "a.toml: inner.depth: Expected `int` >= 1"


@pytest.mark.parametrize(
    ("table", "key"), [({"colours": ["red"], "first": "green"}, "first"), ({"colours": ["green"]}, "colours")]
)
def test_a_choice_that_is_none_is_told_the_others(table, key):
    assert refusal(table) == f"a.toml: {key}: Invalid enum value 'green'; allowed are red, blue"


def test_a_key_that_must_be_there_is_named():
    assert "missing required field `colours`" in refusal({})


def test_values_that_do_not_go_together_are_refused():
    assert refusal({"colours": ["blue"]}) == "a.toml: first = 'red' must be one of colours"
