"""``codekin serve``: one connection, over standard input and output or a socket.

In: a transport. Out: the process's exit code: 0 after ``shutdown``, else 1. Over TCP the first client is served and the
process ends with it, as it does over stdio. Must not know what any feature does.
"""

import asyncio
import logging
import os
import sys
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, NoReturn

from pygls.io_ import StdinAsyncReader, StdoutWriter, run_async

from codekin_server.answers import AssistError
from codekin_server.assist import Assist
from codekin_server.lsp.features import (
    code_action,
    code_lens,
    commands,
    completion,
    hover,
    lifecycle,
    notebooks,
    reconfiguring,
    synchronisation,
)
from codekin_server.lsp.server import CodekinServer

if TYPE_CHECKING:
    from pygls.io_ import AsyncReader, AsyncWriter, Writer

_SWITCH_INTERVAL = 0.0005
"""Seconds a computing thread may keep the event loop from running: Python's own is ten times that."""

_FEATURES = (lifecycle, reconfiguring, synchronisation, notebooks, code_action, code_lens, completion, hover, commands)

_log = logging.getLogger(__name__)


def build_server(open_assist: Callable[..., Assist] = Assist.open) -> CodekinServer:
    """A server with every feature."""
    server = CodekinServer(open_assist)
    for feature in _FEATURES:
        feature.register(server)
    return server


def serve_stdio() -> NoReturn:
    """Serve the editor that started this process."""
    _leave(asyncio.run(_serve_stdio()))


def serve_tcp(host: str, port: int) -> NoReturn:
    """Wait for one client, serve it, and end with it."""
    _leave(asyncio.run(_serve_tcp(host, port)))


async def _serve_stdio() -> int:
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # whatever a library prints must not get between the messages
    reader = StdinAsyncReader(stdin, ThreadPoolExecutor(1, "stdin"))
    return await _serve(reader, StdoutWriter(stdout))


async def _serve_tcp(host: str, port: int) -> int:
    connected: asyncio.Future[tuple[asyncio.StreamReader, asyncio.StreamWriter]]
    connected = asyncio.get_running_loop().create_future()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if connected.done():
            writer.close()
        else:
            connected.set_result((reader, writer))

    try:
        listener = await asyncio.start_server(accept, host, port)
    except OSError as problem:
        raise AssistError(f"cannot listen on {host}:{port} ({problem.strerror}): choose another port") from problem
    for socket in listener.sockets:
        _log.info("listening on %s:%s", *socket.getsockname()[:2])
    reader, writer = await connected
    listener.close()
    return await _serve(reader, writer)


async def _serve(reader: "AsyncReader", writer: "AsyncWriter | Writer") -> int:
    sys.setswitchinterval(_SWITCH_INTERVAL)
    server = build_server()
    logging.getLogger("codekin_server").addHandler(server.recent_errors)
    server.protocol.set_writer(writer)
    try:
        conversation = run_async(server.left, reader, server.protocol, _log, server.report_server_error)
        await _until_gone(conversation, server.client_process.until_ended())
    finally:
        await server.close()
    return 0 if server.shut_down else 1


async def _until_gone(conversation: Coroutine[Any, Any, None], client: Coroutine[Any, Any, None]) -> None:
    """Until the conversation has ended, or the client's process, which the connection may outlive."""
    talking, living = asyncio.ensure_future(conversation), asyncio.ensure_future(client)
    await asyncio.wait((talking, living), return_when=asyncio.FIRST_COMPLETED)
    if not talking.done():
        talking.cancel()
        await living
        _log.info("the client's process has ended")
        return
    living.cancel()
    try:
        await talking
    except (asyncio.IncompleteReadError, ConnectionError):
        _log.info("the client is gone")


def _leave(code: int) -> NoReturn:
    """End now: a thread may still be computing an answer that nobody will read."""
    logging.shutdown()
    sys.stderr.flush()
    if threading.active_count() > 1:
        os._exit(code)
    raise SystemExit(code)
