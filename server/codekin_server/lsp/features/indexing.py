"""Indexing folders in the background, with a progress bar that can be cancelled.

In: a folder. Out: its index, up to date; messages where something is wrong with it. Must not know of documents.
"""

import asyncio
from collections.abc import Callable
from tempfile import TemporaryDirectory

from lsprotocol import types

from codekin_server.answers import IndexAnswer, IndexProgress, WorkerStatus
from codekin_server.assist import Assist
from codekin_server.lsp.boundary import completed
from codekin_server.lsp.folder import Folder
from codekin_server.lsp.opening import Opening
from codekin_server.lsp.progress import Progress
from codekin_server.lsp.server import CodekinServer

_READING_SHARE = 0.25
"""How much of the bar reading takes; embedding takes the rest."""

_QUIET = 0.3
"""Seconds without a change after which what was typed is embedded."""

Job = Callable[[Assist, Callable[[IndexProgress], None], Callable[[], bool]], IndexAnswer]


async def open_folder(server: CodekinServer, folder: Folder) -> None:
    """Open a folder and bring its index up to date."""
    loop = asyncio.get_running_loop()
    announcer = _WorkerAnnouncer(server)
    opening = Opening(
        server.open_assist,
        folder.root,
        server.options,
        lambda status: _on_loop(loop, announcer.announce, status),
        lambda why, where: _on_loop(loop, _announce_temporary, server, why, where),
    )
    problem = await completed(folder.open(opening), f"opening {folder.root}")
    if problem is not None:
        server.show(problem, types.MessageType.Error)
        return
    problem = await completed(index_folder(server, folder, Assist.index), f"indexing {folder.root}")
    if problem is not None and not folder.leaving.is_set():
        server.show(problem, types.MessageType.Error)


def refresh_soon(server: CodekinServer, folder: Folder) -> None:
    """Embed what has changed once its editor is quiet for a moment, without a progress bar."""
    if folder.refresh is not None:
        folder.refresh.cancel()
    loop = asyncio.get_running_loop()
    folder.refresh = loop.call_later(_QUIET, lambda: server.start(_refresh(server, folder)))


async def _refresh(server: CodekinServer, folder: Folder) -> None:
    folder.refresh = None
    if folder.leaving.is_set() or folder.refresh_waits:
        return
    folder.refresh_waits = True

    def index(assist: Assist) -> None:
        folder.refresh_waits = False
        assist.index(None, folder.leaving.is_set)

    problem = await completed(folder.after_events(index), "indexing")
    if problem is not None and not folder.leaving.is_set():
        server.log(problem, types.MessageType.Warning)


async def index_folder(server: CodekinServer, folder: Folder, job: Job) -> IndexAnswer:
    """Run ``Assist.index`` or ``Assist.reindex`` behind a progress bar."""
    progress = Progress(server, f"codekin: indexing {folder.root.name}")
    await progress.begin()
    summary = "stopped"

    def stopped() -> bool:
        return progress.cancelled.is_set() or folder.leaving.is_set()

    try:
        answer = await folder.work(lambda assist: job(assist, _reporter(progress), stopped))
        summary = _summary(answer)
        server.log(f"{folder.root}: {summary}")
    finally:
        progress.end(summary)
    return answer


def _reporter(progress: Progress) -> Callable[[IndexProgress], None]:
    def report(step: IndexProgress) -> None:
        done = step.done / step.total if step.total else 1.0
        share = done * _READING_SHARE if step.phase == "reading" else _READING_SHARE + done * (1 - _READING_SHARE)
        progress.report(share, f"{step.phase} {step.done}/{step.total}")

    return report


def _summary(answer: IndexAnswer) -> str:
    state = "cancelled, codekin.reindex goes on" if answer.cancelled else f"{answer.seconds:.1f} s"
    found = f"{answer.files} files, {answer.units} units, {answer.units_embedded} embedded ({state})"
    return f"{found}; {answer.note}" if answer.note else found


def _announce_temporary(server: CodekinServer, why: str, folder: "TemporaryDirectory[str]") -> None:
    server.temporary.append(folder)
    server.show(f"{why} Until then a temporary index is used, which is lost when the editor leaves.")


class _WorkerAnnouncer:
    """Tells the log of each change of the model's process, and the user once of each kind of trouble."""

    def __init__(self, server: CodekinServer) -> None:
        self._server = server
        self._told: set[str] = set()

    def announce(self, status: WorkerStatus) -> None:
        because = f": {status.last_error}" if status.last_error else ""
        if status.state not in ("restarting", "failed"):
            self._server.log(f"the model's process is {status.state}" + (f" (pid {status.pid})" if status.pid else ""))
        elif status.state == "restarting":
            self._tell("restarting", f"codekin's model process ended and is started again{because}")
        else:
            self._tell("failed", f"codekin's model does not start; search goes by words only{because}")

    def _tell(self, kind: str, message: str) -> None:
        if kind in self._told:
            self._server.log(message, types.MessageType.Warning)
        else:
            self._told.add(kind)
            self._server.show(message)


def _on_loop(loop: asyncio.AbstractEventLoop, call: Callable[..., None], *args: object) -> None:
    """Call from any thread; once the loop has ended there is no one to tell."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(call, *args)
