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
from codekin_server.lsp.boundary import logged
from codekin_server.lsp.documents import ByteEdits, Change, Document

T = TypeVar("T")


class Folder:
    """``root`` is as the client names it, links and all, so that answers lead back to the client's own files."""

    def __init__(self, uri: str, root: Path, requests: ThreadPoolExecutor) -> None:
        self.uri = uri
        self.root = root
        self.leaving = Event()
        self.refresh: asyncio.TimerHandle | None = None
        self.refresh_waits = False
        self._opened: Future[Assist] = Future()
        self._requests = requests
        self._events = ThreadPoolExecutor(1, f"events of {root.name}")
        self._background = ThreadPoolExecutor(1, f"index of {root.name}")
        self._lock = Lock()
        self._typed: dict[Path, tuple[Document, ByteEdits | None]] = {}

    async def open(self, open_assist: Callable[[], Assist]) -> None:
        """Open the analysis; what was asked meanwhile waits for this, and fails where this failed."""
        opening = self._background.submit(open_assist)
        opening.add_done_callback(lambda _: _hand_over(opening, self._opened))
        await asyncio.wrap_future(opening)

    async def ask(self, question: Callable[[Assist], T]) -> T:
        """The answer to a question, after all that happened before it."""
        assist = await self._after_events()
        return await asyncio.get_running_loop().run_in_executor(self._requests, question, assist)

    async def work(self, job: Callable[[Assist], T]) -> T:
        """A long job; one at a time, in the order they are given."""
        self._check_open()
        return await asyncio.get_running_loop().run_in_executor(self._background, lambda: job(self._opened.result()))

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
        """A file was written or deleted."""
        inside = self.inside(path)
        self.happened(lambda assist: assist.file_deleted(inside) if gone else assist.file_changed(inside))

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

    async def close(self) -> None:
        """Stop what is running and release the index."""
        self.leaving.set()
        self._events.shutdown(wait=False, cancel_futures=True)
        await asyncio.get_running_loop().run_in_executor(None, self._close)

    def _close(self) -> None:
        self._background.shutdown(cancel_futures=True)
        if self._opened.done() and self._opened.exception() is None:
            self._opened.result().close()
        elif not self._opened.done():
            self._opened.cancel()


def _hand_over(opening: "Future[Assist]", opened: "Future[Assist]") -> None:
    if opening.cancelled():
        opened.cancel()
    elif (problem := opening.exception()) is not None:
        opened.set_exception(problem)
    else:
        opened.set_result(opening.result())


def _joined(before: ByteEdits | None, edits: ByteEdits | None) -> ByteEdits | None:
    return None if before is None or edits is None else [*before, *edits]
