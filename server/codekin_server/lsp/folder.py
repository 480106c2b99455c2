"""One workspace folder: its analysis, the queue of what happened in it, and its own threads.

In: events and questions, from the event loop. Out: awaited answers, computed in threads. An answer has seen every event
that came before its question. Must not know of positions, requests or messages.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event, Lock
from typing import TypeVar

from codekin_server.answers import AssistError
from codekin_server.assist import Assist
from codekin_server.haste import Haste
from codekin_server.lsp.boundary import logged
from codekin_server.lsp.disk_look import DiskLook
from codekin_server.lsp.documents import ByteEdits, Change, Document
from codekin_server.lsp.notebooks import CellText
from codekin_server.settings.schema import Settings

T = TypeVar("T")

_MANY = 32
"""Files written at once from which on the whole folder is looked over instead."""


class Folder:
    """``root`` is as the client names it, links and all, so that answers lead back to the client's own files."""

    def __init__(self, uri: str, root: Path, requests: ThreadPoolExecutor) -> None:
        self.uri = uri
        self.root = root
        self.leaving = Event()
        self.settings: Settings | None = None
        self.refresh: asyncio.TimerHandle | None = None
        self.refresh_waits = False
        self.disk = DiskLook()
        self._opened: Future[Assist] = Future()
        self._successor: Folder | None = None
        self._requests = requests
        self._events = ThreadPoolExecutor(1, f"events of {root.name}")
        self._background = ThreadPoolExecutor(1, f"index of {root.name}")
        self._lock = Lock()
        self._typed: dict[Path, tuple[Document, ByteEdits | None]] = {}
        self._written: dict[Path, bool] = {}
        self._scan_waits = False
        self._notebooks: dict[Path, list[CellText]] = {}

    async def open(self, open_assist: Callable[[], Assist]) -> None:
        """Open the analysis; what was asked meanwhile waits for this, and fails where this failed."""
        opening = self._background.submit(open_assist)
        opening.add_done_callback(lambda _: _hand_over(opening, self._opened))
        await asyncio.wrap_future(opening)

    @property
    def is_open(self) -> bool:
        """Whether the analysis is there already, and not about to be closed."""
        return not self.leaving.is_set() and self._opened.done() and self._opened.exception() is None

    @property
    def is_broken(self) -> bool:
        """Whether the analysis could not be opened."""
        return self._opened.done() and (self._opened.cancelled() or self._opened.exception() is not None)

    async def ask(self, question: Callable[[Assist], T]) -> T:
        """The answer to a question, after all that happened before it; if the folder is opened again, the new one's."""
        try:
            return await self._ask(question)
        except (asyncio.CancelledError, AssistError):  # what a folder that closes says is no answer
            if self._successor is None or _withdrawn():
                raise
        return await self._successor.ask(question)

    async def _ask(self, question: Callable[[Assist], T]) -> T:
        assist, haste = await self._after_events(), Haste()
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._requests, lambda: haste.watching(question, assist)
            )
        except asyncio.CancelledError:  # the client withdrew its request: the model is not asked in vain
            haste.hurry()
            raise

    async def work(self, job: Callable[[Assist], T]) -> T:
        """A long job; one at a time, in the order they are given.

        One that is given before the analysis is open waits for it here: its thread is the one that opens it.
        """
        self._check_open()
        assist = await asyncio.shield(asyncio.wrap_future(self._opened))  # who withdraws a job closes nothing
        self._check_open()
        return await asyncio.get_running_loop().run_in_executor(self._background, job, assist)

    async def after_events(self, job: Callable[[Assist], T]) -> T:
        """A long job that has seen all that happened before it."""
        await self._after_events()
        return await self.work(job)

    async def _after_events(self) -> Assist:
        self._check_open()
        return await asyncio.get_running_loop().run_in_executor(self._events, self._opened.result)

    def _check_open(self) -> None:
        if self.leaving.is_set():
            raise AssistError(f"{self.root} is no longer a folder of the workspace")

    def happened(self, event: Callable[[Assist], None]) -> None:
        """Tell the analysis of an event, in order."""
        if self.leaving.is_set():
            return
        self._events.submit(lambda: event(self._opened.result())).add_done_callback(logged)

    def opened(self, path: Path, document: Document) -> None:
        """An editor holds this file now."""
        text = document.text.data.decode()
        self.happened(lambda assist: assist.document_opened(self.inside(path), text, document.version))

    def closed(self, path: Path) -> None:
        """No editor holds this file any more."""
        self.happened(lambda assist: assist.document_closed(self.inside(path)))

    def on_disk(self, path: Path, *, gone: bool) -> None:
        """A file was written or deleted; of many at once, as when a branch is switched, all are looked at in one go."""
        with self._lock:
            waits = bool(self._written)
            self._written[self.inside(path)] = gone
        if not waits:
            self.happened(self._read_written)

    def _read_written(self, assist: Assist) -> None:
        with self._lock:
            written, self._written = self._written, {}
        if len(written) > _MANY:
            self._look_over(assist)
            return
        for inside, gone in written.items():
            if gone:
                assist.file_deleted(inside)
            else:
                assist.file_changed(inside)

    def look_over(self) -> None:
        """Something happened that is no single file's: to a folder, or to what is left out."""
        self.happened(self._look_over)

    def _look_over(self, assist: Assist) -> None:
        """Scan aside of the events: questions need not wait for thousands of files to be read."""
        self.disk.want()
        with self._lock:
            waits, self._scan_waits = self._scan_waits, True
        if not waits:
            self._requests.submit(self._scan, assist).add_done_callback(logged)

    def _scan(self, assist: Assist) -> None:
        with self._lock:
            self._scan_waits = False
        assist.rescan(self.leaving.is_set)

    def notebook(self, path: Path, cells: list[CellText]) -> None:
        """The code cells of a notebook as they are now; of changes that come fast only the last is looked at."""
        with self._lock:
            waits = path in self._notebooks
            self._notebooks[path] = cells
        if not waits:
            self.happened(lambda assist: self._read_notebook(assist, path))

    def notebook_closed(self, path: Path) -> None:
        """No editor holds this notebook any more."""
        self.happened(lambda assist: assist.notebook_closed(self.inside(path)))

    def _read_notebook(self, assist: Assist, path: Path) -> None:
        with self._lock:
            cells = self._notebooks.pop(path)
        assist.notebook_opened(self.inside(path), cells)

    def inside(self, path: Path) -> Path:
        """``path`` relative to the root."""
        return path.relative_to(self.root)

    def typed(self, path: Path, change: Change) -> None:
        """Tell of a change to an open document; changes that come faster than they can be read are read as one."""
        with self._lock:
            waiting = self._typed.get(path)
            self._typed[path] = change.document, _joined(waiting[1] if waiting else [], change.edits)
        if waiting is None:
            self.happened(lambda assist: self._read_typed(assist, path))

    def _read_typed(self, assist: Assist, path: Path) -> None:
        with self._lock:
            document, edits = self._typed.pop(path)
        text = document.text.data.decode() if edits is None else edits
        assist.document_changed(self.inside(path), document.version, text)

    async def close(self, successor: "Folder | None" = None) -> None:
        """Stop what is running and release the index; ``successor`` answers what is asked from now on."""
        self._successor = successor
        self.leaving.set()
        self._events.shutdown(wait=False, cancel_futures=True)
        await asyncio.get_running_loop().run_in_executor(None, self._close)

    def _close(self) -> None:
        self._background.shutdown(cancel_futures=True)
        never_opened = self._opened.cancel()
        if not never_opened and self._opened.exception() is None:
            self._opened.result().close()


def _withdrawn() -> bool:
    """Whether it is the client that no longer waits for an answer."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _hand_over(opening: "Future[Assist]", opened: "Future[Assist]") -> None:
    if opening.cancelled():
        opened.cancel()
    elif (problem := opening.exception()) is not None:
        opened.set_exception(problem)
    else:
        opened.set_result(opening.result())


def _joined(before: ByteEdits | None, edits: ByteEdits | None) -> ByteEdits | None:
    return None if before is None or edits is None else [*before, *edits]
