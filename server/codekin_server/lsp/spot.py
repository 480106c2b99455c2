"""A place in one version of a Python document, and the folder to ask about it.

In: a URI and a position. Out: :class:`Spot`, or None where codekin has nothing to say. Must not know what is asked.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from lsprotocol import types

from codekin_model.source.cell_path import file_of
from codekin_model.source.text import SourceText
from codekin_server.assist import Assist
from codekin_server.lsp.boundary import BadArguments, Outdated
from codekin_server.lsp.convert import Positions
from codekin_server.lsp.documents import Document, is_python
from codekin_server.lsp.folder import Folder
from codekin_server.lsp.places import path_given
from codekin_server.lsp.server import CodekinServer
from codekin_server.lsp.uris import path_of, uri_of
from codekin_server.settings.schema import Settings

T = TypeVar("T")

OUTSIDE = "the document is in none of the open workspace folders"
"""What a command says where there is no place."""


@dataclass(frozen=True, slots=True)
class Spot:
    """``document`` is None for a file that no editor holds; ``line`` is 1-based, ``offset`` in bytes."""

    server: CodekinServer
    uri: str
    document: Document | None
    folder: Folder
    path: Path
    text: SourceText
    line: int
    offset: int

    @property
    def settings(self) -> Settings:
        """What holds for this file."""
        return self.server.settings_of(self.path)

    @property
    def version(self) -> int | None:
        """The open document's version."""
        return self.document.version if self.document is not None else None

    @property
    def positions(self) -> Positions:
        """The text as the client counts it."""
        return self.server.positions(self.text)

    async def ask(self, question: Callable[[Assist, Path], T]) -> T:
        """The answer about the file.

        Raises:
            Outdated: the document changed meanwhile.
        """
        inside = self.folder.inside(self.path)
        answer = await self.folder.ask(lambda assist: question(assist, inside))
        if self.server.documents.get(self.uri) != self.document:
            raise Outdated
        return answer


async def spot_at(ls: CodekinServer, uri: str, position: types.Position) -> Spot | None:
    """The place; None in a document of no folder, one that is not Python's, and one that cannot be read."""
    document, path = ls.documents.get(uri), path_of(uri)
    folder = ls.folder_of(path)
    if path is None or folder is None or (document is None and not is_python("", path)):
        return None
    text = document.text if document is not None else await ls.text_of(path)
    if text is None:
        return None
    positions = ls.positions(text)
    return Spot(ls, uri, document, folder, path, text, positions.source_line(position), positions.offset(position))


async def spot_given(ls: CodekinServer, given: str, position: types.Position) -> Spot | None:
    """The place that a command is about, its document named by a URI or a path; None in a document of no folder.

    Raises:
        BadArguments: the document is no Python text.

    """
    path = path_given(given)
    spot = await spot_at(ls, given if path is None or path_of(given) is not None else uri_of(path), position)
    if spot is None and ls.folder_of(path) is not None:
        raise BadArguments(await _why_unread(ls, path))
    return spot


async def _why_unread(ls: CodekinServer, path: Path | None) -> str:
    if path is None or ls.documents.is_lost(path):
        return f"a change to {path} could not be read: open it again"
    there = await asyncio.get_running_loop().run_in_executor(ls.requests, Path(file_of(path.as_posix())).exists)
    return f"{path} cannot be read as Python text" if there else f"{path} is gone"
