"""``codekin.status`` and ``codekin.reindex``: commands about the whole workspace.

In: nothing, or a folder. Out: JSON over all folders. Must not know how an index is made.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from codekin_server.answers import Answer, plain
from codekin_server.assist import Assist
from codekin_server.lsp.arguments import read_uri
from codekin_server.lsp.boundary import BadArguments
from codekin_server.lsp.features.indexing import index_folder
from codekin_server.lsp.features.searching import NO_FOLDER
from codekin_server.lsp.folder import Folder
from codekin_server.lsp.places import path_given
from codekin_server.lsp.server import CodekinServer


async def status(ls: CodekinServer, arguments: Sequence[Any] | None) -> dict[str, Any]:
    """Counts and counters; with several folders those of each, and their sums."""
    folders = _chosen(ls, "codekin.status", arguments)
    answers = await asyncio.gather(*(folder.ask(Assist.status) for folder in folders))
    return {**_together(folders, answers), "last_errors": ls.recent_errors.lines}


async def reindex(ls: CodekinServer, arguments: Sequence[Any] | None) -> dict[str, Any]:
    """Read every file again; answers when that is done."""
    folders = _chosen(ls, "codekin.reindex", arguments)
    answers = await asyncio.gather(*(index_folder(ls, folder, Assist.reindex) for folder in folders))
    return _together(folders, answers)


def _chosen(ls: CodekinServer, command: str, arguments: Sequence[Any] | None) -> list[Folder]:
    uri = read_uri(command, arguments)
    if uri is None:
        return list(ls.folders.values())
    wanted = ls.folder_of(path_given(uri))
    if wanted is None:
        raise BadArguments(f"{uri} is in none of the open workspace folders")
    return [wanted]


def _together(folders: Sequence[Folder], answers: Sequence[Answer]) -> dict[str, Any]:
    """One folder's answer as it is, else the sums of what can be summed; and each folder's own."""
    each = [{**plain(answer), "uri": folder.uri} for folder, answer in zip(folders, answers, strict=True)]
    if len(each) == 1:
        return {**each[0], "folders": each}
    sums: dict[str, Any] = {} if each else {"note": NO_FOLDER}
    for answer in each:
        for key, value in answer.items():
            if isinstance(value, int | float) and not isinstance(value, bool) and key != "writer":
                sums[key] = sums.get(key, 0) + value
    return {**sums, "folders": each}
