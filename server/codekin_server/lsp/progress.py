"""A progress bar in the editor, where it can show one.

In: how far a job has come, from any thread. Out: ``$/progress`` notifications, and whether the user cancelled. Must not
know what the job is.
"""

import asyncio
import uuid
from threading import Event

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from codekin_server.lsp.server import CodekinServer

_PATIENCE = 5.0
"""Seconds that a client may take to make a bar; a job goes on without one then."""


class Progress:
    """One bar, from 0 to 100. Created and ended on the event loop, reported to from any thread."""

    def __init__(self, server: CodekinServer, title: str) -> None:
        self._server = server
        self._title = title
        self._loop = asyncio.get_running_loop()
        self._token: str | None = None
        self._shown = -1
        self.cancelled = Event()

    async def begin(self) -> None:
        """Show the bar."""
        window = self._server.client_capabilities.window
        if window is None or not window.work_done_progress:
            return
        token = str(uuid.uuid4())
        self._server.progress_cancelled[token] = self.cancelled
        try:
            made = self._server.window_work_done_progress_create_async(types.WorkDoneProgressCreateParams(token))
            await asyncio.wait_for(made, _PATIENCE)
        except (JsonRpcException, TimeoutError):
            self._server.progress_cancelled.pop(token, None)
            return
        self._token = token
        self._send(types.WorkDoneProgressBegin(self._title, cancellable=True, percentage=0))

    def report(self, fraction: float, message: str) -> None:
        """Move the bar, never back."""
        percentage = min(100, int(100 * fraction))
        if percentage > self._shown:
            self._shown = percentage
            self._loop.call_soon_threadsafe(
                self._send, types.WorkDoneProgressReport(message=message, percentage=percentage)
            )

    def end(self, message: str) -> None:
        """Take the bar away."""
        self._send(types.WorkDoneProgressEnd(message=message))
        if self._token is not None:
            self._server.progress_cancelled.pop(self._token, None)
            self._token = None

    def _send(
        self, value: types.WorkDoneProgressBegin | types.WorkDoneProgressReport | types.WorkDoneProgressEnd
    ) -> None:
        if self._token is not None:
            self._server.progress(types.ProgressParams(self._token, value))
