"""A corpus holds functions that people wrote by hand to be used."""

from collections import Counter

import pytest

from codekin_model.corpus.function import (
    CorpusFunction,
    functions_of,
    has_query,
    is_named_well,
    left_out,
)
from codekin_model.source.text import text_of
from codekin_model.source.tree import parse
from codekin_model.source.units import find_units


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("pkg/tests/test_io.py", "test"),
        ("pkg/conftest.py", "test"),
        ("pkg/io_test.py", "test"),
        ("pkg/_vendor/six.py", "vendored"),
        ("plotly/graph_objs/bar.py", "generated"),
        (".venv/lib/python3.11/site-packages/six.py", "installed"),
        ("env/lib/site-packages/six.py", "installed"),
        (".hidden.py", None),
        ("pkg/latest.py", None),
        ("pkg/contest.py", None),
    ],
)
def test_files_are_left_out_by_what_they_are(path, reason):
    assert left_out(path) == reason


def test_unreadable_broken_and_left_out_files_are_counted_and_named(tmp_path):
    (tmp_path / "good.py").write_text("def f(): pass\nclass A:\n    def g(self): pass\n")
    (tmp_path / "bad.py").write_bytes(b"\0\1")
    (tmp_path / "broken.py").write_text("def h(:\n  x\n")
    (tmp_path / "test_good.py").write_text("def test_f(): pass\n")
    skipped: Counter[str] = Counter()
    marked: list[tuple[str, str]] = []
    names = [function.unit.qualified_name for function in functions_of("p", tmp_path, skipped, marked)]
    assert names == ["f", "A.g"]
    assert skipped == {"unreadable files": 1, "broken files": 1, "test files": 1}
    assert marked == [("unreadable", "p/bad.py"), ("broken", "p/broken.py"), ("test", "p/test_good.py")]


def function(source: str) -> CorpusFunction:
    return CorpusFunction("p", "a.py", find_units(parse(text_of(source)))[-1])


@pytest.mark.parametrize(
    ("docstring", "counts"),
    [("Read a file.", True), ("Read it.", False), ("Read it. Then close it again.", False), ("", False)],
)
def test_a_sentence_of_three_words_can_be_searched_with(docstring, counts):
    assert has_query(function(f'def f():\n    """{docstring}"""\n    return 1\n')) is counts


@pytest.mark.parametrize(
    ("source", "counts"),
    [
        ("def read(a):\n    b = a\n    return b\n", True),
        ("def _read(a):\n    b = a\n    return b\n", True),
        ("def read(a):\n    return a\n", False),
        ("def __iter__(self):\n    b = self\n    return b\n", False),
        ("def _(a):\n    b = a\n    return b\n", False),
    ],
)
def test_three_lines_under_a_real_name_count_for_names(source, counts):
    assert is_named_well(function(source)) is counts
