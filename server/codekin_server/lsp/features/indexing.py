"""Indexing folders in the background, with a progress bar that can be cancelled.

In: a folder. Out: its index, up to date; messages where something is wrong with it. Must not know of documents.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from tempfile import TemporaryDirectory

from lsprotocol import types

from codekin_server.answers import IndexAnswer, IndexProgress, RefreshAnswer, WorkerStatus
from codekin_server.assist import Assist
from codekin_server.lsp.boundary import completed
from codekin_server.lsp.features.code_lens import refresh_lenses
from codekin_server.lsp.features.configuring import read_settings_of
from codekin_server.lsp.features.hints import refresh_hints
from codekin_server.lsp.folder import Folder
from codekin_server.lsp.opening import Opening
from codekin_server.lsp.progress import Progress
from codekin_server.lsp.server import CodekinServer
from codekin_server.lsp.state import FolderState

_SHARES = {"reading": (0.0, 0.2), "sketching": (0.2, 0.3)}
"""From where to where on the bar each phase goes; embedding takes the rest."""

_WORTH_TELLING = 16
"""Files or units from which on a run is told as one."""

_WAITING = {"user": "paused", "battery": "paused", "model": "failed"}
_LOOK_AGAIN = {"writer": 5.0, "battery": 30.0}
"""Seconds after which a run that waits for another process, or for the mains, is tried again."""

_QUIET = 0.3
"""Seconds without a change after which what was typed is embedded."""

Job = Callable[[Assist, Callable[[IndexProgress], None], Callable[[], bool]], IndexAnswer]


async def open_folder(server: CodekinServer, folder: Folder) -> None:
    """Open a folder and bring its index up to date."""
    loop = asyncio.get_running_loop()
    await read_settings_of(server, folder)
    folder.settings = server.settings_of(folder.root)
    server.state.tell(folder.uri, FolderState())
    announcer = _WorkerAnnouncer(server)
    opening = Opening(
        server.open_assist,
        folder.root,
        folder.settings,
        lambda status: _on_loop(loop, announcer.announce, status),
        lambda why, where: _on_loop(loop, _announce_temporary, server, why, where),
    )
    problem = await completed(folder.open(opening), f"opening {folder.root}")
    if problem is not None:
        server.show(problem, types.MessageType.Error)
        server.state.tell(folder.uri, FolderState("failed", message=problem))
        return
    await _begin(server, folder)
    problem = await completed(index_folder(server, folder, Assist.index), f"indexing {folder.root}")
    if problem is not None and not folder.leaving.is_set():
        server.show(problem, types.MessageType.Error)
        server.state.tell(folder.uri, replace(server.state.of(folder.uri), state="failed", message=problem))


async def _begin(server: CodekinServer, folder: Folder) -> None:
    """Pass on that everything is paused, and say what an index from before is good for."""
    if server.paused:
        folder.happened(_pause)
    if server.state.wanted:
        status = await folder.ask(Assist.status)
        server.state.tell(folder.uri, FolderState("indexing", tier=status.tier, model=status.model))


def _pause(assist: Assist) -> None:
    assist.background.paused = True


def refresh_soon(server: CodekinServer, folder: Folder, *, told: bool = False) -> None:
    """Embed what has changed once its editor is quiet for a moment, without a progress bar.

    ``told``: ``folder`` was told of each file and document that has changed. Where the client tells of files, too, the
    disk is looked at only now and then.
    """
    if not (told and server.files_watched):
        folder.disk.want()
    if folder.refresh is not None:
        folder.refresh.cancel()
    loop = asyncio.get_running_loop()
    folder.refresh = loop.call_later(_QUIET, lambda: server.start(_refresh(server, folder)))


async def _refresh(server: CodekinServer, folder: Folder) -> None:
    folder.refresh = None
    if folder.leaving.is_set() or folder.refresh_waits:
        return
    folder.refresh_waits = True
    tell = _teller(server, folder, reading=False)

    def index(assist: Assist) -> RefreshAnswer:
        folder.refresh_waits = False
        return assist.indexing.refresh(tell, folder.leaving.is_set, look=folder.disk.is_due())

    async def refreshed() -> None:
        _tell_end(server, folder, await folder.after_events(index))

    problem = await completed(refreshed(), "indexing")
    refresh_lenses(server)
    refresh_hints(server, folder)
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
        report = _reporter(server, folder, progress)
        answer = await folder.work(lambda assist: job(assist, report, stopped))
        _tell_end(server, folder, answer)
        summary = _summary(answer)
        server.log(f"{folder.root}: {summary}")
    finally:
        progress.end(summary)
    refresh_lenses(server)
    refresh_hints(server, folder)
    return answer


def _tell_end(server: CodekinServer, folder: Folder, answer: IndexAnswer | RefreshAnswer) -> None:
    """Say what state a run has left the folder in, and look again later where it waits for somebody else."""
    state = _WAITING.get(answer.waiting or "", "ready")
    server.state.tell(folder.uri, FolderState(state, tier=answer.tier, model=answer.model, message=answer.note or ""))
    delay = _LOOK_AGAIN.get(answer.waiting or "")
    if delay is not None and not folder.leaving.is_set():
        asyncio.get_running_loop().call_later(delay, refresh_soon, server, folder)


def _teller(server: CodekinServer, folder: Folder, *, reading: bool) -> Callable[[IndexProgress], None]:
    """Tells the state of a run from any thread; what is done in a moment, as most ``reading`` is, changes no state."""
    loop = asyncio.get_running_loop()

    def show(step: IndexProgress) -> None:
        known = server.state.of(folder.uri)
        now = replace(known, state="indexing", done=step.done, total=step.total, message=step.phase)
        server.state.tell(folder.uri, now)

    def report(step: IndexProgress) -> None:
        if server.state.wanted and step.total >= _WORTH_TELLING and (reading or step.phase != "reading"):
            _on_loop(loop, show, step)

    return report


def _reporter(server: CodekinServer, folder: Folder, progress: Progress) -> Callable[[IndexProgress], None]:
    tell = _teller(server, folder, reading=True)

    def report(step: IndexProgress) -> None:
        tell(step)
        done = step.done / step.total if step.total else 1.0
        start, end = _SHARES.get(step.phase, (0.3, 1.0))
        progress.report(start + done * (end - start), f"{step.phase} {step.done}/{step.total}")

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
