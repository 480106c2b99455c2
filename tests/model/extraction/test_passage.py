import pytest

from codekin_model.extraction.passage import passage, without_docstring
from codekin_model.extraction.tokens import METHOD_NAME
from codekin_model.source.unit_tree import unit_tree

METHOD = '''class HeaderReader:
    def read_all(self, limit=None):
        """Read all; see read_all."""
        return self.read_all(limit) or "read_all"
'''


def test_a_passage_is_the_words_of_the_qualified_name_and_the_source(unit):
    method = unit(METHOD)
    assert passage(method) == f"header reader read all\n{method.source}"


def test_a_masked_passage_does_not_hold_the_name(unit):
    text = passage(unit(METHOD), masked=True)
    assert text.startswith(f"header reader\ndef {METHOD_NAME}(self, limit=None):")
    assert "read_all" not in text


def test_a_masked_function_without_an_owner_is_its_source_alone(unit):
    assert passage(unit("def f(): pass\n"), masked=True) == f"def {METHOD_NAME}(): pass"


def test_a_class_is_never_masked(unit):
    assert "HeaderReader" in passage(unit("class HeaderReader:\n    x = 1\n"), masked=True)


@pytest.mark.parametrize("masked", [False, True])
def test_a_passage_is_bounded(unit, masked):
    assert len(passage(unit("def f():\n" + "    f(1)\n" * 2_000), masked=masked)) < 2_500


def test_the_cut_leaves_no_part_of_a_masked_name(unit):
    for padding in range(12):
        text = passage(unit(f"def recognisable():\n    {'x' * padding}\n" + "    recognisable()\n" * 200), masked=True)
        assert "recog" not in text


def test_a_docstring_can_be_left_out(unit):
    text = passage(unit(METHOD), docstring=False)
    assert text.endswith('def read_all(self, limit=None):\n    return self.read_all(limit) or "read_all"')


@pytest.mark.parametrize(
    ("code", "left"),
    [
        ('def f():\n    """Doc."""\n', "def f():\n"),
        ('def f(): "Doc."; return 1', "def f():; return 1"),
        ('def f():\r\n    "Doc."\r\n    return 1', "def f():\r\n    return 1"),
        ("def f():\n    return 1", "def f():\n    return 1"),
        ('def f():\n    f"no {doc}"', 'def f():\n    f"no {doc}"'),
        ('class C:\n    """Doc."""\n    x = 1', "class C:\n    x = 1"),
        ('"""Doc."""\nx = 1', "x = 1"),
    ],
)
def test_what_is_left_without_the_docstring(unit, code, left):
    assert without_docstring(unit_tree(unit(code))).rstrip() == left.rstrip()
