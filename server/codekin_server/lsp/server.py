"""The state of one connection: its client, its open documents, its folders.

In: what the features are told. Out: what they need to know of each other. Must not know how any request is answered.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from typing import Any, cast

from lsprotocol import types
from pygls.exceptions import FeatureRequestError
from pygls.lsp.server import LanguageServer

from codekin_model.source.text import SourceText
from codekin_server.assist import Assist
from codekin_server.haste import Haste
from codekin_server.lsp.client_process import ClientProcess
from codekin_server.lsp.configuration import Configuration
from codekin_server.lsp.convert import Positions
from codekin_server.lsp.documents import Documents
from codekin_server.lsp.folder import Folder
from codekin_server.lsp.notebooks import Notebooks
from codekin_server.lsp.options import Options
from codekin_server.lsp.protocol import CodekinProtocol
from codekin_server.lsp.recent_errors import RecentErrors
from codekin_server.lsp.state import NOTIFICATION, StateTeller
from codekin_server.present_text import present_text
from codekin_server.settings.schema import Settings
from codekin_server.version import installed_version

_log = logging.getLogger(__name__)

_REQUEST_THREADS = 6
"""Requests computed at once; the model answers one at a time anyway."""

_OURS = (
    types.TEXT_DOCUMENT_DID_OPEN,
    types.TEXT_DOCUMENT_DID_CHANGE,
    types.TEXT_DOCUMENT_DID_CLOSE,
    types.NOTEBOOK_DOCUMENT_DID_OPEN,
    types.NOTEBOOK_DOCUMENT_DID_CHANGE,
    types.NOTEBOOK_DOCUMENT_DID_CLOSE,
    types.WORKSPACE_EXECUTE_COMMAND,
    types.WINDOW_WORK_DONE_PROGRESS_CANCEL,
    types.EXIT,
)
"""What pygls would handle itself, in ways that do not fit: see the features of these names."""


_NOTEBOOKS = types.NotebookDocumentSyncOptions(
    [types.NotebookDocumentFilterWithNotebook("*", [types.NotebookCellLanguage("python")])], save=True
)


class CodekinServer(LanguageServer):
    """pygls' server with codekin's documents and folders in place of pygls' own."""

    def __init__(self, open_assist: Callable[..., Assist] = Assist.open) -> None:
        super().__init__(  # pyright: ignore[reportUnknownMemberType]
            "codekin", installed_version(), protocol_cls=CodekinProtocol, notebook_document_sync=_NOTEBOOKS
        )
        builtin = cast("dict[str, object]", self.protocol.fm.builtin_features)  # pyright: ignore[reportUnknownMemberType]
        for method in _OURS:
            del builtin[method]
        self.open_assist = open_assist
        self.client_process = ClientProcess()
        self.documents = Documents()
        self.notebooks = Notebooks()
        self.folders: dict[str, Folder] = {}
        self.options = Options()
        self.state = StateTeller(lambda state: self.protocol.notify(NOTIFICATION, state))
        self.recent_errors = RecentErrors()
        self.paused = False
        self.typed_search: Haste | None = None
        self.configuration = Configuration()
        self.greeting: types.InitializeParams | None = None
        self.temporary: list[TemporaryDirectory[str]] = []
        self.progress_cancelled: dict[str | int, Event] = {}
        self.requests = ThreadPoolExecutor(_REQUEST_THREADS, "requests")
        self.hinted: set[str] = set()
        self.never_opened: set[str] = set()
        self.files_watched = False
        self.shut_down = False
        self.left = Event()
        self._tasks: set[asyncio.Task[Any]] = set()

    @property
    def encoding(self) -> types.PositionEncodingKind | str:
        """How this client counts characters."""
        return self.workspace.position_encoding or types.PositionEncodingKind.Utf16

    def positions(self, text: SourceText) -> Positions:
        """``text`` as this client counts it."""
        return Positions(text, self.encoding)

    def folder_of(self, path: Path | None) -> Folder | None:
        """The innermost folder that holds ``path``, which is asked about it."""
        folders = [folder for folder, _ in self.holding(path)]
        return max(folders, key=lambda folder: len(folder.root.parts), default=None)

    def holding(self, path: Path | None) -> list[tuple[Folder, Path]]:
        """Every folder that holds ``path``: of folders inside each other each has to know what happens to it."""
        folders = self.folders.values()
        return [(each, path) for each in folders if path is not None and path.is_relative_to(each.root)]

    def settings_of(self, path: Path | None) -> Settings:
        """The settings of the folder that holds ``path``; those of no folder where there is none."""
        folder = self.folder_of(path)
        return self.configuration.of(folder.root if folder is not None else None)

    async def text_of(self, path: Path) -> SourceText | None:
        """The open document's text, else the file's; None where it cannot be read, or is lost."""
        document = self.documents.at(path)
        if document is not None or self.documents.is_lost(path):
            return document.text if document is not None else None
        return await asyncio.get_running_loop().run_in_executor(self.requests, present_text, path)

    def start(self, work: Coroutine[Any, Any, Any]) -> None:
        """Let work run beside the requests."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def show(self, message: str, kind: types.MessageType = types.MessageType.Warning) -> None:
        """Tell the user, and the log."""
        self.window_show_message(types.ShowMessageParams(kind, message))
        self.recent_errors.note(message)
        self.log(message, kind)

    def log(self, message: str, kind: types.MessageType = types.MessageType.Info) -> None:
        """Tell the client's log."""
        self.window_log_message(types.LogMessageParams(kind, message))

    def report_server_error(self, error: Exception, source: object) -> None:
        """What went wrong outside of any request: for the log, not for the user. Requests were answered with it."""
        if source is not FeatureRequestError:
            _log.error("%s: %s", source, error)

    async def close(self) -> None:
        """Stop everything; answers that are still being computed are dropped."""
        for task in self._tasks:
            task.cancel()
        folders, self.folders = list(self.folders.values()), {}
        await asyncio.gather(*(folder.close() for folder in folders))
        self.requests.shutdown(wait=False, cancel_futures=True)
        for folder in self.temporary:
            folder.cleanup()
