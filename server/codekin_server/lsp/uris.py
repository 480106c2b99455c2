"""File URIs and paths.

In: a URI or a path. Out: the other. Must not touch the file system.
"""

from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname


def path_of(uri: str) -> Path | None:
    """The absolute path of a ``file:`` URI; None for any other, such as an unsaved document's."""
    parts = urlsplit(uri)
    if parts.scheme != "file":
        return None
    host = f"//{parts.netloc}" if parts.netloc not in ("", "localhost") else ""
    path = Path(url2pathname(host + parts.path))
    return path if path.is_absolute() else None


def uri_of(path: Path) -> str:
    """The URI of an absolute path."""
    return path.as_uri()
