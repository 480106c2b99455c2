"""Places in answers, as an editor finds them.

In: the plain JSON of places, with paths relative to a folder and 1-based lines. Out: the same with ``uri`` and
``range``. Must not know what the places were found for.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from lsprotocol import types

from codekin_model.source.cell_path import file_of, is_cell
from codekin_model.source.text import text_of
from codekin_server.lsp.convert import Positions
from codekin_server.lsp.documents import Document
from codekin_server.lsp.folder import Folder
from codekin_server.lsp.notebooks import numbered
from codekin_server.lsp.server import CodekinServer
from codekin_server.lsp.uris import path_of, uri_of
from codekin_server.present_text import present_text


async def located(server: CodekinServer, folder: Folder, place: dict[str, Any]) -> dict[str, Any]:
    """``place`` with its document's URI and the range of its lines."""
    return (await located_all(server, folder, [place]))[0]


async def located_all(server: CodekinServer, folder: Folder, places: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each of ``places`` as :func:`located` gives it; found in a thread, since their files are read."""
    if not places:
        return []
    cells = numbered(server.notebooks.all(), server.documents)
    locator = _Locator(folder.root, server.documents.all(), server.encoding, cells)
    return await asyncio.get_running_loop().run_in_executor(server.requests, lambda: list(map(locator.locate, places)))


class _Locator:
    """Reads each file once. An open document's text counts before its file's."""

    def __init__(
        self,
        root: Path,
        documents: Iterable[Document],
        encoding: types.PositionEncodingKind | str,
        cells: Mapping[Path, int],
    ) -> None:
        self._root = root
        self._documents = {document.path: document for document in documents}
        self._encoding = encoding
        self._cells = cells
        self._known: dict[str, tuple[str, Positions | None]] = {}

    def locate(self, place: dict[str, Any]) -> dict[str, Any]:
        uri, positions = self._file(str(place["path"]))
        if positions is None:
            whole = types.Range(types.Position(place["start_line"] - 1, 0), types.Position(place["end_line"], 0))
        else:
            whole = positions.line_range(place["start_line"], place["end_line"])
        found = {**place, "uri": uri, "range": plain_range(whole), **self._cell(str(place["path"]))}
        if place.get("snippet"):
            found["snippet"] = self._counted(place["snippet"])
        return found

    def _cell(self, name: str) -> dict[str, Any]:
        """Of a place in a notebook: the notebook's path, and the number of the code cell that the lines count in."""
        if not is_cell(name):
            return {}
        stored = name.rpartition("-")[2]
        number = self._cells.get(self._root / name, int(stored) if stored.isdecimal() else None)
        return {"path": file_of(name), "cell": number}

    def _file(self, name: str) -> tuple[str, Positions | None]:
        if name not in self._known:
            path = self._root / name
            document = self._documents.get(path)
            text = document.text if document is not None else present_text(path)
            positions = None if text is None else Positions(text, self._encoding)
            uri = document.uri if document is not None else uri_of(Path(file_of(path.as_posix())))
            self._known[name] = uri, positions
        return self._known[name]

    def _counted(self, snippet: dict[str, Any]) -> dict[str, Any]:
        """A snippet whose matches are counted as the client counts characters."""
        line = str(snippet["text"])
        positions = Positions(text_of(line), self._encoding)
        matches = [
            [positions.position(len(line[:at].encode())).character for at in match] for match in snippet["matches"]
        ]
        return {**snippet, "matches": matches}


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
