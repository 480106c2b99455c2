import os
import sys

import pytest

from codekin_server.workspace.discovery import belongs, discover, find_file

needs_links = pytest.mark.skipif(sys.platform == "win32", reason="links and pipes are made by other means there")


def paths(root):
    return [found.path for found in discover(root)]


def test_python_files_are_found_in_a_fixed_order(root, write):
    for path in ["z.py", "a/c.py", "a/b.pyw", "a/b.txt", "readme.md", "stub.pyi"]:
        write(path)

    assert paths(root) == ["z.py", "a/b.pyw", "a/c.py"]


def test_size_and_time_are_those_of_the_file(root, write):
    file = write("a.py", "x = 1\n")

    found = next(discover(root))

    assert (found.size, found.mtime_ns) == (6, file.stat().st_mtime_ns)


def test_ignored_files_and_folders_are_passed_over(root, write):
    write(".gitignore", "generated/\n*_pb2.py\n")
    for path in ["generated/a.py", "pkg/x_pb2.py", "pkg/a.py", "venv/pyvenv.cfg", "venv/a.py", "node_modules/a.py"]:
        write(path)

    assert paths(root) == ["pkg/a.py"]


def test_a_nested_gitignore_holds_below_itself_only(root, write):
    write("one/.gitignore", "local.py\n")
    write("one/local.py")
    write("two/local.py")

    assert paths(root) == ["two/local.py"]


@needs_links
def test_a_link_that_leads_up_is_no_loop(root, write):
    write("pkg/a.py")
    (root / "pkg" / "self").symlink_to(root / "pkg")
    (root / "pkg" / "up").symlink_to(root.parent)

    assert paths(root) == ["pkg/a.py"]


@needs_links
def test_a_folder_behind_a_link_is_walked_once_and_under_its_own_name(root, write, tmp_path):
    write("real/a.py")
    (root / "alias").symlink_to(root / "real")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "b.py").touch()
    (tmp_path / "outside" / "back").symlink_to(tmp_path / "outside")
    (root / "linked").symlink_to(tmp_path / "outside")

    assert paths(root) == ["real/a.py", "linked/b.py"]


@needs_links
def test_a_linked_file_counts_only_where_it_leads_outside(root, write, tmp_path):
    write("a.py")
    (tmp_path / "shared.py").touch()
    (root / "copy.py").symlink_to(root / "a.py")
    (root / "shared.py").symlink_to(tmp_path / "shared.py")
    (root / "broken.py").symlink_to(root / "nowhere.py")
    (root / "circle.py").symlink_to(root / "circle.py")

    assert paths(root) == ["a.py", "shared.py"]


@needs_links
def test_pipes_are_no_files(root, write):
    write("a.py")
    os.mkfifo(root / "pipe.py")

    assert paths(root) == ["a.py"]
    assert find_file(root, "pipe.py") is None


@needs_links
def test_names_that_are_not_unicode_are_passed_over(root, write):
    write("a.py")
    try:
        (root / os.fsdecode(b"\xff.py")).touch()
        (root / os.fsdecode(b"\xff")).mkdir()
    except OSError:
        pytest.skip("the file system refuses such names")

    assert paths(root) == ["a.py"]


def test_a_folder_that_vanishes_during_the_walk_is_passed_over(root, write):
    doomed = write("b/c.py")
    write("a/a.py")
    walk = discover(root)

    assert next(walk).path == "a/a.py"
    doomed.unlink()
    doomed.parent.rmdir()
    assert list(walk) == []


def test_a_folder_that_is_not_there_holds_nothing(root):
    assert paths(root / "missing") == []


@pytest.mark.parametrize("path", ["/etc/a.py", "../a.py", "a.txt", "untitled:one", "build/x.py"])
def test_other_files_do_not_belong(root, write, path):
    assert not belongs(root, path)
    assert belongs(root, "pkg/a.py")
