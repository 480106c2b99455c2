"""File URIs and paths.

In: a URI or a path. Out: the other. Must not touch the file system.
"""

from hashlib import blake2b
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from codekin_model.source.cell_path import cell_path, is_notebook

_CELL_SCHEME = "vscode-notebook-cell"
"""VS Code's; the authority of these names a remote machine, which is the one that the server runs on."""


def path_of(uri: str) -> Path | None:
    """The absolute path of a ``file:`` URI; None for any other, such as an unsaved document's.

    A cell of a notebook is its notebook's URI with a fragment.
    """
    try:
        parts = urlsplit(uri)
    except ValueError:  # such as file://[
        return None
    is_cell = bool(parts.fragment) and is_notebook(parts.path)
    if is_cell and parts.scheme in ("file", _CELL_SCHEME):
        notebook = Path(url2pathname(parts.path))
        name = blake2b(parts.fragment.encode(), digest_size=6).hexdigest()
        return Path(cell_path(notebook.as_posix(), name)) if notebook.is_absolute() else None
    if parts.scheme != "file":
        return None
    host = f"//{parts.netloc}" if parts.netloc not in ("", "localhost") else ""
    path = Path(url2pathname(host + parts.path))
    return path if path.is_absolute() else None


def uri_of(path: Path) -> str:
    """The URI of an absolute path."""
    return path.as_uri()
