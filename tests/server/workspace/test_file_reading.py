import os

import pytest

from codekin_server.workspace.discovery import FoundFile, find_file
from codekin_server.workspace.file_reading import is_unchanged, read_file


def read(root, path, largest=1 << 20):
    return read_file(root, find_file(root, path), largest)


def test_text_comes_with_its_record(root, write):
    write("a.py", "x = 1\n")

    reading = read(root, "a.py")

    assert reading.text.data == b"x = 1\n"
    assert (reading.record.path, reading.record.size, reading.record.problem) == ("a.py", 6, None)


def test_the_declared_encoding_is_honoured(root, write):
    write("a.py", "# coding: latin-1\nx = 'é'\n".encode("latin-1"))

    reading = read(root, "a.py")

    assert "é" in reading.text.data.decode()
    assert reading.record.encoding == "iso-8859-1"


@pytest.mark.parametrize("content", [b"\0\1\2", b"\xff\xfe\xfa", b"# coding: nonsense\n"])
def test_what_is_no_text_is_a_problem(root, write, content):
    write("a.py", content)

    reading = read(root, "a.py")

    assert reading.text is None
    assert reading.record.problem


def test_a_file_that_is_too_large_is_not_opened(root, write, monkeypatch):
    write("a.py", "x" * 11)
    found = find_file(root, "a.py")
    monkeypatch.setattr("pathlib.Path.open", None)

    assert "larger than 10 bytes" in read_file(root, found, largest=10).record.problem


def test_a_file_that_grew_is_not_read_to_its_end(root, write):
    write("a.py", "x" * 50)

    reading = read_file(root, FoundFile("a.py", 5, 0), largest=10)

    assert "larger" in reading.record.problem


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_without_permission_is_a_problem(root, write):
    write("a.py").chmod(0)

    assert "cannot be read" in read(root, "a.py").record.problem


def test_an_error_of_the_disk_is_a_problem(root, write, monkeypatch):
    write("a.py")
    found = find_file(root, "a.py")

    def fails(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", fails)

    assert read_file(root, found).record.problem == "cannot be read: Permission denied"


def test_a_file_that_is_gone_is_nothing(root):
    assert read_file(root, FoundFile("a.py", 5, 0)) is None


def test_same_size_and_time_means_unchanged(root, write):
    write("a.py")
    known = read(root, "a.py").record

    assert is_unchanged(find_file(root, "a.py"), known)
    os.utime(root / "a.py", ns=(1, 1))
    assert not is_unchanged(find_file(root, "a.py"), known)
    assert not is_unchanged(find_file(root, "a.py"), None)
