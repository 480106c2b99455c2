from collections.abc import Callable
from textwrap import dedent

import pytest

from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.unit import CodeUnit
from codekin_model.source.unit_tree import UnitTree, unit_tree
from codekin_model.source.units import find_units


@pytest.fixture
def unit() -> Callable[[str], CodeUnit]:
    """The last unit of a snippet, whose common indentation is taken off."""
    return lambda snippet: find_units(parse(text_of(dedent(snippet))))[-1]


@pytest.fixture
def tree(unit) -> Callable[[str], UnitTree]:
    """The syntax of the last unit of a snippet."""
    return lambda snippet: unit_tree(unit(snippet))
