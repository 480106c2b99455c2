"""The server as a process of its own, for benchmarks that talk to it as an editor does.

In: a client of pytest-lsp and a folder for indexes. Out: the client, connected, and the server's status. It must not
know what is measured.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol, TypedDict

from lsprotocol import types
from pytest_lsp import LanguageClient

SERVER = ("-c", "from codekin_server.cli.app import main; main()", "serve", "--stdio")


class Status(TypedDict):
    """What benchmarks read of the answer to ``codekin.status``, which holds more."""

    units: int
    vectors_missing: int
    units_extracted: int
    units_embedded: int


class _Startable(Protocol):
    """A client that starts its server. pytest-lsp's leaves the arguments without types."""

    async def start_io(self, cmd: str, *args: str, env: Mapping[str, str]) -> None: ...


async def start_server(client: _Startable, cache: Path | str) -> None:
    """Start the server, its indexes below ``cache``, and connect the client with it."""
    await client.start_io(sys.executable, *SERVER, env={**os.environ, "CODEKIN_CACHE_DIR": str(cache)})


async def status_of(client: LanguageClient) -> Status:
    """Counts and counters of the server's one workspace."""
    answer = await client.workspace_execute_command_async(types.ExecuteCommandParams("codekin.status", []))
    if answer is None:
        raise RuntimeError("the server gave no status")
    return answer
