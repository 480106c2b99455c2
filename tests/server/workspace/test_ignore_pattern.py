import pytest

from codekin_server.workspace.ignore_pattern import ignore_pattern, ignore_patterns


@pytest.mark.parametrize(
    ("pattern", "path", "is_folder"),
    [
        ("*.py", "a/b.py", False),
        ("/a.py", "a.py", False),
        ("out/", "x/out", True),
        ("a/*/c.py", "a/b/c.py", False),
        ("**/gen/*.py", "gen/x.py", False),
        ("**/gen/*.py", "a/b/gen/x.py", False),
        ("a/**/b", "a/b", False),
        ("a/**", "a/b/c", False),
        ("[ab].py", "b.py", False),
        ("[!ab].py", "c.py", False),
        ("[[:digit:]]*.py", "7up.py", False),
        ("[]]", "]", False),
        ("[a-c]x", "bx", False),
        (r"\#a", "#a", False),
        (r"\!a", "!a", False),
        ("a\\ ", "a ", False),
        ("a   ", "a", False),
        ("é", "é", False),
    ],
)
def test_matches(pattern, path, is_folder):
    assert ignore_pattern(pattern.encode()).matches(path.encode(), is_folder=is_folder)


@pytest.mark.parametrize(
    ("pattern", "path", "is_folder"),
    [
        ("/a.py", "b/a.py", False),
        ("out/", "out", False),
        ("out", "out/file.py", False),
        ("a/*/c.py", "a/b/d/c.py", False),
        ("a?b", "a/b", False),
        ("a[!x]b", "a/b", False),
        ("?", "é", False),
        ("[b-a]", "a", False),
        ("doc/*.py", "doc/a/b.py", False),
    ],
)
def test_does_not_match(pattern, path, is_folder):
    assert not ignore_pattern(pattern.encode()).matches(path.encode(), is_folder=is_folder)


@pytest.mark.parametrize("line", ["", "# note", "   ", "/", "!", "[a", "a\\", "[[:nonsense:]]", "[a\\", "[a-"])
def test_lines_that_mean_nothing(line):
    assert ignore_pattern(line.encode()) is None


def test_an_exclamation_mark_negates():
    assert ignore_pattern(b"!keep.py").negated


def test_a_file_may_have_windows_lines_and_a_byte_order_mark():
    patterns = ignore_patterns(b"\xef\xbb\xbfone\r\n\r\n# note\r\ntwo")

    assert [
        pattern.matches(name, is_folder=False) for pattern, name in zip(patterns, (b"one", b"two"), strict=True)
    ] == [
        True,
        True,
    ]
