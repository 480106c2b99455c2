import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codekin_server.workspace.ignore import is_ignored, is_skipped_folder, rules_of

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is what is compared with")

ATOMS = ["a", "b", "ab", "a.py", ".x", "c d", "*", "?", "[ab]", "[!a]", "a*", "*b", "*.py", r"\#a"]
NAMES = ["a", "b", "ab", "a.py", "b.txt", ".x", "c d"]

plain = st.builds(
    lambda start, parts, folder: start + "/".join(parts) + "/" * folder,
    st.sampled_from(["", "/", "**/"]),
    st.lists(st.sampled_from(ATOMS), min_size=1, max_size=3),
    st.booleans(),
)
patterns = plain | plain.map("!{}".format)
folders = st.lists(st.sampled_from([name for name in NAMES if "." not in name[1:]]), max_size=2).map("/".join)
files = st.builds(lambda folder, name: f"{folder}/{name}".lstrip("/"), folders, st.sampled_from(NAMES))


def git(folder: Path, *arguments: str, given: str = "") -> str:
    alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "XDG_CONFIG_HOME": os.devnull}
    command = ["git", "-c", "core.quotePath=false", *arguments]
    done = subprocess.run(
        command, cwd=folder, env=os.environ | alone, input=given.encode(), capture_output=True, check=False
    )
    assert done.returncode in {0, 1}, done.stderr
    return done.stdout.decode()


def ignored_by_git(root: Path, paths: list[str]) -> set[str]:
    answer = git(root, "check-ignore", "-z", "--stdin", given="\0".join(paths))
    return set(answer.split("\0")) - {""}


def ignored_by_us(root: Path, paths: list[str]) -> set[str]:
    return {path for path in paths if is_ignored(root, path)}


def fill(root: Path, paths, contents) -> list[str]:
    git(root, "init", "-q")
    for path in paths:
        file = root / path
        if not file.exists() and not any(parent.is_file() for parent in file.parents):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
    for folder, lines in contents.items():
        if (root / folder).is_dir():
            (root / folder / ".gitignore").write_bytes("\n".join(lines).encode())
    return [
        path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file() and ".git" not in path.parts
    ]


@needs_git
@settings(max_examples=60, deadline=None)
@given(
    st.lists(files, min_size=4, max_size=12),
    st.dictionaries(
        st.one_of(st.just(""), folders), st.lists(patterns, min_size=1, max_size=4), min_size=1, max_size=4
    ),
)
def test_what_is_ignored_is_what_git_ignores(paths, contents):
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        present = fill(root, paths, contents)

        assert ignored_by_us(root, present) == ignored_by_git(root, present)


@needs_git
@pytest.mark.parametrize(
    "lines",
    [
        ["/*", "!/src"],
        ["src/*", "!src/a.py"],
        ["*.py", "!src/*.py"],
        ["src/", "!src/a.py"],
        ["*", "!*/", "!a.py"],
        ["src/deep", "!src"],
    ],
)
def test_what_is_taken_back_is_what_git_takes_back(root, lines):
    present = fill(root, ["a.py", "b.py", "src/a.py", "src/b.py", "src/deep/a.py"], {"": lines})

    assert ignored_by_us(root, present) == ignored_by_git(root, present)


@needs_git
def test_a_workspace_inside_a_repository_follows_the_rules_above_it(root, write):
    git(root, "init", "-q")
    write(".gitignore", "*.gen.py\n/inner/private.py\n")
    write(".git/info/exclude", "secret.py\n")
    inner = write("inner/a.py").parent
    paths = ["a.py", "x.gen.py", "private.py", "deep/private.py", "deep/secret.py"]
    for path in paths:
        write(f"inner/{path}")

    assert ignored_by_us(inner, paths) == ignored_by_git(inner, paths) == {"x.gen.py", "private.py", "deep/secret.py"}


def test_rules_that_leave_out_the_root_itself_are_not_applied(root, write):
    write(".git/HEAD", "")
    write(".gitignore", "vendor/\n*.gen.py\n")
    inside = write("vendor/a.py").parent
    write("vendor/x.gen.py")

    assert ignored_by_us(inside, ["a.py", "x.gen.py"]) == set()


def test_without_a_repository_the_workspaces_own_rules_hold(root, write):
    write(".gitignore", "scratch*\n")

    assert is_ignored(root, "scratch.py")
    assert is_ignored(root, "scratchpad/deep/a.py")
    assert not is_ignored(root, "a.py")


def test_a_gitignore_that_is_a_folder_says_nothing(root, write):
    write(".gitignore/a.py")

    assert not rules_of(root).ignores("a.py", is_folder=False)


@pytest.mark.parametrize(
    "path",
    [
        *(
            "node_modules/p/a.py",
            "pkg/__pycache__/a.py",
            ".tox/py/a.py",
            "x.egg-info/a.py",
            "build/lib/a.py",
            "dist/a.py",
        ),
        *("env/site-packages/a.py", "venv/lib/a.py", "conda/lib/a.py"),
    ],
)
def test_folders_without_code_of_the_users_are_left_out(root, write, path):
    write("venv/pyvenv.cfg", "")
    write("conda/conda-meta/history", "")
    write(path)

    assert is_ignored(root, path)


def test_a_package_may_be_called_build(root, write):
    write("src/build/__init__.py")

    assert not is_ignored(root, "src/build/env.py")


def test_the_root_itself_is_never_left_out(root, write):
    inside = write("build/site-packages/a.py").parent
    write("build/site-packages/pyvenv.cfg", "")

    assert is_skipped_folder(inside)
    assert not is_ignored(inside, "a.py")
    assert is_ignored(root, "build/site-packages/a.py")


def test_a_malformed_line_is_skipped_and_the_others_hold(root, write):
    write(".gitignore", "a.py\n!\n[b-a].py\n/\\\nb.py\n")

    assert ignored_by_us(root, ["a.py", "b.py", "c.py"]) == {"a.py", "b.py"}
