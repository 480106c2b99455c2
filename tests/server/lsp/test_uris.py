from pathlib import Path

import pytest

from codekin_server.lsp.uris import path_of, uri_of


@pytest.mark.parametrize("path", ["/a/b.py", "/a b/ü#?;%.py", "/a/[1]/b&c=d.py"])
def test_a_path_comes_back_from_its_uri(path):
    assert path_of(uri_of(Path(path))) == Path(path)


@pytest.mark.parametrize(
    "uri", ["untitled:Untitled-1", "vscode-notebook-cell:/a.ipynb#W0", "", "file:", "http://x/a.py"]
)
def test_what_is_no_file_has_no_path(uri):
    assert path_of(uri) is None


def test_a_host_that_is_this_machine_is_no_part_of_the_path():
    assert path_of("file://localhost/a.py") == Path("/a.py")
