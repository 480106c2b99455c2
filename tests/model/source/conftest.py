from collections.abc import Callable
from textwrap import dedent

import pytest

from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.unit import CodeUnit
from codekin_model.source.units import find_units


@pytest.fixture
def units() -> Callable[[str], tuple[CodeUnit, ...]]:
    """The units of a snippet, whose common indentation is taken off."""
    return lambda snippet: find_units(parse(text_of(dedent(snippet))))


@pytest.fixture
def unit_named(units) -> Callable[[str, str], CodeUnit]:
    """The one unit of a snippet with a qualified name."""

    def find(snippet: str, qualified_name: str) -> CodeUnit:
        (found,) = [unit for unit in units(snippet) if unit.qualified_name == qualified_name]
        return found

    return find
