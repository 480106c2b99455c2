import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codekin_model.source import unit_reuse
from codekin_model.source.difference import edit_between
from codekin_model.source.text import text_of
from codekin_model.source.tree import SyntaxTree, parse, reparse
from codekin_model.source.unit_reuse import find_units_again
from codekin_model.source.units import find_units

MODULE = '''"""What it is for."""
import os

def first(a, b):
    """Doc."""
    return a + b

class Shape(Base):
    """A shape."""
    sides = 4

    @property
    def area(self):
        def inner():
            return "é"
        return inner()

    async def draw(self):
        pass

if os.name == "nt":
    def windows():
        return 1

@decorated
def last():
    return [x for x in range(3)]
'''

PIECES = [
    "",
    "x",
    "\n",
    "    ",
    "\t",
    '"""',
    "'",
    "(",
    ")",
    ":",
    "#",
    "\\",
    "é",
    "def f(x):\n    return x\n",
    "\n\nclass A:\n    def g(self): pass\n",
    "\n@dec\n",
    "\nif x:\n    def h(): pass\n",
    "async ",
    "import os\n",
    "\r\n",
]

cuts = st.tuples(st.floats(0, 1), st.sampled_from([0, 0, 0, 1, 4, 30]), st.sampled_from(PIECES))


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([MODULE, MODULE * 3, "", "def f(): pass", "x = 1\n"]), st.lists(cuts, max_size=12))
def test_units_after_any_edits_are_those_of_a_full_parse(content, edits):
    tree = parse(text_of(content))
    units = find_units(tree)
    for place, width, piece in edits:
        at = int(place * len(content))
        content = content[:at] + piece + content[at + width :]
        text = text_of(content)
        after = reparse(tree, [edit_between(tree.text.data, text.data)], text)
        units = find_units_again(tree, units, after)
        tree = after

        assert units == find_units(after)


def edited(content, old, new):
    before, text = parse(text_of(content)), text_of(content.replace(old, new))
    assert before.text != text
    return before, reparse(before, [edit_between(before.text.data, text.data)], text)


@pytest.fixture
def looked_at(monkeypatch):
    """The source that each call of ``find_units`` saw."""
    seen = []

    def watching(tree: SyntaxTree):
        seen.append(tree.text.data[tree.root.start_byte : tree.root.end_byte].decode())
        return find_units(tree)

    monkeypatch.setattr(unit_reuse, "find_units", watching)
    return seen


def test_only_the_edited_statement_is_looked_at(looked_at):
    before, after = edited(MODULE, "range(3)", "range(4)")

    find_units_again(before, find_units(before), after)

    assert len(looked_at) == 1
    assert looked_at[0].startswith("@decorated\ndef last")


def test_units_below_an_edit_move(looked_at):
    before, after = edited(MODULE, "sides = 4", "sides = 4\n    corners = 4")

    units = find_units_again(before, find_units(before), after)

    assert units == find_units(after)
    assert units[-1].start_line == find_units(before)[-1].start_line + 1
    assert all(source.startswith("class Shape") for source in looked_at)


def test_a_renamed_definition_changes_the_head():
    before, after = edited(MODULE, "def last", "def final")

    units = find_units_again(before, find_units(before), after)

    assert "final" in units[0].source
    assert units == find_units(after)


def test_a_deleted_import_changes_the_head():
    before, after = edited(MODULE, "import os\n", "")

    assert find_units_again(before, find_units(before), after) == find_units(after)


def test_indentation_in_front_of_broken_code_counts():
    content = "def a(): pass\n$$$\n  def b():\n    pass\n"
    before, after = edited(content, "  def b", "    def b")

    assert find_units_again(before, find_units(before), after) == find_units(after)


def test_a_name_that_is_typed_leaves_the_other_definitions_alone(looked_at):
    before, after = edited(MODULE, "def last", "def lasting")

    units = find_units_again(before, find_units(before), after)

    assert units == find_units(after)
    assert len(looked_at) == 1
