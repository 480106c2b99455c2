"""Telling tests from the code they test.

In: a path and a qualified name. Out: whether it is test code. Must not know of stores or files.
"""

import re
from functools import lru_cache
from pathlib import PurePosixPath

_TEST_FOLDERS = frozenset({"test", "tests", "testing", "testsuite", "unittests"})
_TEST_FILE = re.compile(r"test_.*|.*_tests?|tests?|conftest")
_TEST_NAME = re.compile(r"(^|\.)(test_\w*|Test[A-Z_0-9]\w*|\w*TestCase)(\.|$)")


def is_test_code(path: str, qualified_name: str) -> bool:
    """Whether a unit tests other code, by the conventions of pytest and unittest.

    A helper inside a test folder counts; ``testing`` inside a package does too, as it is rarely what is looked for.
    """
    return _is_test_file(path) or bool(_TEST_NAME.search(qualified_name))


@lru_cache(maxsize=16)
def _is_test_file(path: str) -> bool:
    """Asked once for each unit of a file, one file after the other."""
    where = PurePosixPath(path)
    if any(part.lower() in _TEST_FOLDERS for part in where.parts[:-1]):
        return True
    return bool(_TEST_FILE.fullmatch(where.stem.lower()))
