"""Settings that change while codekin runs.

In: ``workspace/didChangeConfiguration``, and files that were written. Out: folders that keep to the new settings. Must
not know where settings come from.
"""

import asyncio
from pathlib import Path

from lsprotocol import types

from codekin_server.lsp.boundary import completed
from codekin_server.lsp.features.configuring import read_settings_of
from codekin_server.lsp.features.indexing import refresh_soon
from codekin_server.lsp.features.lifecycle import open_again
from codekin_server.lsp.folder import Folder
from codekin_server.lsp.server import CodekinServer
from codekin_server.settings.project import PROJECT_FILE


def register(server: CodekinServer) -> None:
    """Add this feature to ``server``."""
    server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)(changed)


async def changed(ls: CodekinServer, params: types.DidChangeConfigurationParams) -> None:
    """The person has changed settings: the notification holds them, or the client is asked."""
    ls.configuration.pushed(params.settings)
    await _read_and_apply(ls, list(ls.folders.values()))


def project_file_written(ls: CodekinServer, folder: Folder, path: Path) -> bool:
    """Read a folder's settings again if ``path`` is where they are; False where it is not."""
    if path != folder.root / PROJECT_FILE:
        return False
    ls.start(completed(_read_and_apply(ls, [folder]), f"reading the settings of {folder.root}"))
    return True


async def _read_and_apply(ls: CodekinServer, folders: list[Folder]) -> None:
    await asyncio.gather(*(read_settings_of(ls, each) for each in folders))
    for each in folders:
        if not each.leaving.is_set():
            _apply(ls, each)


def _apply(ls: CodekinServer, folder: Folder) -> None:
    """Let ``folder`` keep to its settings where they have changed; another model or cache is another analysis."""
    before, now = folder.settings, ls.settings_of(folder.root)
    if before is None or before == now:
        return
    folder.settings = now
    if (before.model, before.cache) != (now.model, now.cache):
        ls.start(completed(open_again(ls, folder), f"opening {folder.root} again"))
        return
    folder.happened(lambda assist: assist.configure(now))
    if before.index != now.index or before.names != now.names:
        refresh_soon(ls, folder)
