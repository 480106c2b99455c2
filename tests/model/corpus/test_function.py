"""A corpus holds functions that people wrote by hand to be used."""

from collections import Counter

import pytest
from codekin_model.corpus.function import first_sentence, functions_of, left_out


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("pkg/tests/test_io.py", "test"),
        ("pkg/conftest.py", "test"),
        ("pkg/io_test.py", "test"),
        ("pkg/_vendor/six.py", "vendored"),
        ("plotly/graph_objs/bar.py", "generated"),
        ("pkg/latest.py", None),
        ("pkg/contest.py", None),
    ],
)
def test_files_are_left_out_by_what_they_are(path, reason):
    assert left_out(path) == reason


@pytest.mark.parametrize(
    ("docstring", "sentence"),
    [
        ("Read a file. Then close it.", "Read a file."),
        ("Read\n  a file\n\nMore.", "Read a file"),
        ("Version 1.2 of it", "Version 1.2 of it"),
        ("", None),
        (None, None),
    ],
)
def test_the_first_sentence_is_one_line(docstring, sentence):
    assert first_sentence(docstring) == sentence


def test_unreadable_and_left_out_files_are_counted(tmp_path):
    (tmp_path / "good.py").write_text("def f(): pass\nclass A:\n    def g(self): pass\n")
    (tmp_path / "bad.py").write_bytes(b"\0\1")
    (tmp_path / "test_good.py").write_text("def test_f(): pass\n")
    skipped: Counter[str] = Counter()
    names = [function.unit.qualified_name for function in functions_of("p", tmp_path, skipped)]
    assert names == ["f", "A.g"]
    assert skipped == {"unreadable files": 1, "test files": 1}
