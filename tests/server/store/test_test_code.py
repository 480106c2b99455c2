"""What counts as test code."""

import pytest

from codekin_server.store.test_code import is_test_code


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("tests/helpers.py", "make"),
        ("pkg/Tests/x.py", "f"),
        ("pkg/test_io.py", "helper"),
        ("pkg/io_test.py", "helper"),
        ("conftest.py", "fixture"),
        ("pkg/io.py", "test_reading"),
        ("pkg/io.py", "TestReading.setup"),
        ("pkg/io.py", "ReadingTestCase"),
    ],
)
def test_tests_are_known(path, name):
    assert is_test_code(path, name)


@pytest.mark.parametrize(
    ("path", "name"),
    [("pkg/io.py", "read"), ("pkg/contest.py", "enter"), ("pkg/latest.py", "Latest"), ("attest/a.py", "testify")],
)
def test_other_code_is_not_taken_for_tests(path, name):
    assert not is_test_code(path, name)
