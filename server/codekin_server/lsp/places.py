"""Places in answers, as an editor finds them.

In: the plain JSON of places, with paths relative to a folder and 1-based lines. Out: the same with ``uri`` and
``range``. Must not know what the places were found for.
"""

from pathlib import Path
from typing import Any

from lsprotocol import types

from codekin_server.lsp.folder import Folder
from codekin_server.lsp.server import CodekinServer
from codekin_server.lsp.uris import path_of, uri_of


async def located(server: CodekinServer, folder: Folder, place: dict[str, Any]) -> dict[str, Any]:
    """``place`` with its document's URI and the range of its lines."""
    path = folder.root / str(place["path"])
    document, text = server.documents.at(path), await server.text_of(path)
    uri = document.uri if document is not None else uri_of(path)
    if text is None:
        whole = types.Range(types.Position(place["start_line"] - 1, 0), types.Position(place["end_line"], 0))
    else:
        whole = server.positions(text).line_range(place["start_line"], place["end_line"])
    return {**place, "uri": uri, "range": plain_range(whole)}


def plain_range(place: types.Range) -> dict[str, Any]:
    """A range as JSON."""
    return {
        "start": {"line": place.start.line, "character": place.start.character},
        "end": {"line": place.end.line, "character": place.end.character},
    }


def path_given(uri: str) -> Path | None:
    """The file that a command is about: a URI or, for convenience, an absolute path."""
    path = path_of(uri)
    if path is None and Path(uri).is_absolute():
        return Path(uri)
    return path
