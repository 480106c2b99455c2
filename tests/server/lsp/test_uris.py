from pathlib import Path

import pytest

from codekin_server.lsp.uris import path_of, uri_of


@pytest.mark.parametrize("path", ["/a/b.py", "/a b/ü#?;%.py", "/a/[1]/b&c=d.py"])
def test_a_path_comes_back_from_its_uri(path):
    assert path_of(uri_of(Path(path))) == Path(path)


@pytest.mark.parametrize(
    "uri",
    [
        "untitled:Untitled-1",
        "untitled:n.ipynb#W0",
        "vscode-notebook-cell:n.ipynb#W0",
        "",
        "file:",
        "http://x/a.py",
        "file://[",
    ],
)
def test_what_is_no_file_has_no_path(uri):
    assert path_of(uri) is None


def test_a_host_that_is_this_machine_is_no_part_of_the_path():
    assert path_of("file://localhost/a.py") == Path("/a.py")


def test_the_cells_of_a_notebook_are_told_apart():
    first, second = (path_of(f"vscode-notebook-cell:/a/n.ipynb#W{at}sZmlsZQ%3D%3D") for at in range(2))
    assert first.parent == second.parent == Path("/a/n.ipynb")
    assert first != second


def test_a_cell_on_a_remote_machine_is_on_this_one():
    remote = path_of("vscode-notebook-cell://ssh-remote%2Bhost/a/n.ipynb#W0")
    assert remote == path_of("file:///a/n.ipynb#W0")
