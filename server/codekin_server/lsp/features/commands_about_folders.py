"""``codekin.status`` and ``codekin.reindex``: commands about the whole workspace.

In: nothing, or a folder. Out: JSON over all folders. Must not know how an index is made.
"""

from collections.abc import Sequence
from typing import Any

from codekin_server.answers import plain
from codekin_server.assist import Assist
from codekin_server.lsp.arguments import read_uri
from codekin_server.lsp.boundary import BadArguments
from codekin_server.lsp.features.indexing import index_folder
from codekin_server.lsp.features.searching import NO_FOLDER
from codekin_server.lsp.folder import Folder
from codekin_server.lsp.places import path_given
from codekin_server.lsp.server import CodekinServer
from codekin_server.lsp.several import Several, ask_several


async def status(ls: CodekinServer, arguments: Sequence[Any] | None) -> dict[str, Any]:
    """Counts and counters; with several folders those of each, and their sums."""
    folders = _chosen(ls, "codekin.status", arguments)
    several = await ask_several(folders, lambda folder: folder.ask(Assist.status))
    return {**_together(folders, several), "last_errors": ls.recent_errors.lines}


async def reindex(ls: CodekinServer, arguments: Sequence[Any] | None) -> dict[str, Any]:
    """Read every file again; answers when that is done."""
    folders = _chosen(ls, "codekin.reindex", arguments)
    several = await ask_several(folders, lambda folder: index_folder(ls, folder, Assist.reindex))
    return _together(folders, several)


def _chosen(ls: CodekinServer, command: str, arguments: Sequence[Any] | None) -> list[Folder]:
    uri = read_uri(command, arguments)
    if uri is None:
        return list(ls.folders.values())
    wanted = ls.folder_of(path_given(uri))
    if wanted is None:
        raise BadArguments(f"{uri} is in none of the open workspace folders")
    return [wanted]


def _together(folders: Sequence[Folder], several: Several[Folder, Any]) -> dict[str, Any]:
    """What all say together, and each folder's own: its answer, or the ``error`` that is in place of one."""
    known: dict[Folder, dict[str, Any]] = {folder: plain(answer) for folder, answer in several.answers}
    known |= {folder: {"error": reason} for folder, reason in several.failures}
    together = _summed([{**known[folder], "uri": folder.uri} for folder, _ in several.answers])
    if several.reasons:
        notes = [together["note"]] if together.get("note") else []
        together["note"] = "; ".join([*notes, *several.reasons])
    return {**together, "folders": [{**known[folder], "uri": folder.uri} for folder in folders]}


def _summed(each: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """One folder's answer as it is, else the sums of what can be summed."""
    if len(each) == 1:
        return dict(each[0])
    sums: dict[str, Any] = {} if each else {"note": NO_FOLDER}
    for answer in each:
        for key, value in answer.items():
            if isinstance(value, int | float) and not isinstance(value, bool) and key != "writer":
                sums[key] = sums.get(key, 0) + value
    return sums
